"""Reflections: a thought of your own, kept for you alone unless you choose to share it."""
