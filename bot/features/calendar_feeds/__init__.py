"""Meetings in the calendar application that people already use: a private link to a feed, or a file."""

from bot.features.calendar_feeds import handlers
from bot.features.calendar_feeds.feature import feature

__all__ = ["feature", "handlers"]
