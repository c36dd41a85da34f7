"""Status for admins: the bot's health, undelivered messages, and incidents by their reference."""

from bot.features.status import handlers
from bot.features.status.feature import feature

__all__ = ["feature", "handlers"]
