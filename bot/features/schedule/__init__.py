"""The schedule: what the bot sends and asks here, and when, as lines that admins set in plain words."""

from bot.features.schedule import handlers, mutes, opening
from bot.features.schedule.feature import feature

__all__ = ["feature", "handlers", "mutes", "opening"]
