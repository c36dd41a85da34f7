"""The library: members share resources with a note on why they helped, and find them by words or topic."""

from bot.features.library import writings
from bot.features.library.curation import handlers as curation
from bot.features.library.feature import feature
from bot.features.library.search import handlers as search
from bot.features.library.sharing import handlers as sharing

__all__ = ["curation", "feature", "search", "sharing", "writings"]
