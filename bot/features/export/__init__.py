"""Export: a community's records as a file, sent privately to the admin who asks."""

from bot.features.export import handlers
from bot.features.export.feature import feature

__all__ = ["feature", "handlers"]
