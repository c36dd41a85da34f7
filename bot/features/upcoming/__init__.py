"""The week ahead, for facilitators: what the bot will post in the next seven days, and skipping any of it."""

from bot.features.upcoming import handlers
from bot.features.upcoming.feature import feature

__all__ = ["feature", "handlers"]
