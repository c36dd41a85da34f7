"""Taking a community's records along, as a file."""

from bot.features.export import handlers
from bot.features.export.feature import feature

__all__ = ["feature", "handlers"]
