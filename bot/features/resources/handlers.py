"""Everything that resources answer to, gathered from the modules beside this one."""

from bot.features.resources import finding, saving, tending
from bot.features.resources.feature import resources

__all__ = ["finding", "resources", "saving", "tending"]
