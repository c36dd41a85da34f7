"""Check-ins: a short question to the community between meetings, opened by timer or by a facilitator."""

from bot.features.checkins import builder, handlers, saved
from bot.features.checkins.feature import feature

__all__ = ["builder", "feature", "handlers", "saved"]
