"""How the bot is doing, and what happened when something broke."""

from bot.features.status import handlers
from bot.features.status.feature import feature

__all__ = ["feature", "handlers"]
