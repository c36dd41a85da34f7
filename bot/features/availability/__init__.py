"""Being left in peace: pause what the bot asks, say your hours, say your time zone."""

from bot.features.availability import handlers
from bot.features.availability.feature import feature

__all__ = ["feature", "handlers"]
