"""Check-ins: a short question between meetings, so that nobody arrives cold."""

from bot.features.checkins import handlers
from bot.features.checkins.feature import feature

__all__ = ["feature", "handlers"]
