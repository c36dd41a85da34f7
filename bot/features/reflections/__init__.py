"""Reflections: notes outside of any round, private unless the writer shares them."""

from bot.features.reflections import handlers, writings
from bot.features.reflections.feature import feature

__all__ = ["feature", "handlers", "writings"]
