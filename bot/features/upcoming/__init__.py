"""For facilitators: what the bot posts in the next seven days, and leaving any of it out."""

from bot.features.upcoming import handlers
from bot.features.upcoming.feature import feature

__all__ = ["feature", "handlers"]
