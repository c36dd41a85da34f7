"""When the bot may reach a person: snooze, quiet hours, time zone."""

from bot.features.availability import handlers
from bot.features.availability.feature import feature

__all__ = ["feature", "handlers"]
