"""Generates the committed files that are made from code: reference pages and the message catalogue."""
