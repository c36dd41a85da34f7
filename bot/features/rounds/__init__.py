"""Answering: one question is open, you answer in your own time, and what everybody said is woven together."""
