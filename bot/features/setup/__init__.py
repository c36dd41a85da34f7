"""Starting a community: three short forms, a look at the first month, and go."""

from bot.features.setup import handlers
from bot.features.setup.feature import feature

__all__ = ["feature", "handlers"]
