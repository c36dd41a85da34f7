"""Belonging: join by your own word, say what you like to be asked, leave by your own word."""

from bot.features.members import handlers
from bot.features.members.feature import feature

__all__ = ["feature", "handlers"]
