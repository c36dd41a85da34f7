"""Answering: one question is open, you answer in your own time, and what everybody said is woven together."""

from bot.features.rounds import handlers
from bot.features.rounds.feature import feature

__all__ = ["feature", "handlers"]
