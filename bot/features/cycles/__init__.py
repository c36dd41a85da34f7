"""Improvement cycles (PDSA): plan a small change and predict, do it, study the result, act."""

from bot.features.cycles import handlers, writings
from bot.features.cycles.feature import feature

__all__ = ["feature", "handlers", "writings"]
