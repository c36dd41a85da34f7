"""Dates worked out without the bot, kept beside the phrases that should give them."""
