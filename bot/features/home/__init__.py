"""Where to begin: what is open for you now, when you next meet, and which commands there are."""

from bot.features.home import handlers
from bot.features.home.feature import feature

__all__ = ["feature", "handlers"]
