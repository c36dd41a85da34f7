"""What is kept about you: see it, take it with you, have it deleted."""

from bot.features.personal_data import handlers
from bot.features.personal_data.feature import feature

__all__ = ["feature", "handlers"]
