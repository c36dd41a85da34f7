"""Links to pages: everyone sees their own that work, and ends any of them."""

from bot.features.page_links import handlers
from bot.features.page_links.feature import feature

__all__ = ["feature", "handlers"]
