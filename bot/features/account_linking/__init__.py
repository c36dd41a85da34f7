"""One person, several platforms: say once that two accounts are both you."""

from bot.features.account_linking import handlers
from bot.features.account_linking.feature import feature

__all__ = ["feature", "handlers"]
