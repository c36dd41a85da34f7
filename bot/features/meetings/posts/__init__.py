"""The posts about a meeting: its card and reminders, and rewriting them when it changes."""
