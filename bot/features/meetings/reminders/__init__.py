"""Reminders of a meeting: when they go out, to whom, and each person's own preferences."""
