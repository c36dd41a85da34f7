"""Reminders of a meeting: when they are sent, to whom, and each person's own preferences."""
