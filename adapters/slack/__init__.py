"""Slack: parses what people do there into events, and renders what the bot says as Block Kit."""
