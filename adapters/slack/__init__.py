"""Slack: what people do there becomes events, and what the bot says becomes Block Kit."""
