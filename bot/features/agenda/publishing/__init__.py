"""Posting the agenda before a meeting."""
