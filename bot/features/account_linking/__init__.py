"""Account linking: a person joins their accounts on two platforms, and is one person from then on."""

from bot.features.account_linking import handlers
from bot.features.account_linking.feature import feature

__all__ = ["feature", "handlers"]
