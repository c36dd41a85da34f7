"""The home card (open questions and the next meeting) and help (the commands a person may use)."""

from bot.features.home import handlers
from bot.features.home.feature import feature

__all__ = ["feature", "handlers"]
