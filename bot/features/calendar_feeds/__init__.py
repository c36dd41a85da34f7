"""Meetings in the calendar people already use."""

from bot.features.calendar_feeds import handlers
from bot.features.calendar_feeds.feature import feature

__all__ = ["feature", "handlers"]
