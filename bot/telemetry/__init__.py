"""Logs, metrics and traces: what the people who run the bot can see of it."""
