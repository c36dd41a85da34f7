"""Rounds: a question is open to a community, members answer in their own time, and a summary closes it."""

from bot.features.rounds import anonymous, answering, asking, free_text, handlers, later, writings
from bot.features.rounds.feature import feature

__all__ = ["anonymous", "answering", "asking", "feature", "free_text", "handlers", "later", "writings"]
