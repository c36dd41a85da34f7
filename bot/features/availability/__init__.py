"""When the bot may reach a person: snooze, quiet hours, time zone, being away."""

from bot.features.availability import away, handlers, overview
from bot.features.availability.feature import feature

__all__ = ["away", "feature", "handlers", "overview"]
