"""Programs: communities that conveners run together, joined by both sides' yes."""

from bot.features.programs import conveners, handlers
from bot.features.programs.feature import feature

__all__ = ["conveners", "feature", "handlers"]
