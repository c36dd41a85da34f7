"""Setup: an admin starts a community in three short forms, sees its first month, and presses Start."""

from bot.features.setup import handlers
from bot.features.setup.feature import feature

__all__ = ["feature", "handlers"]
