"""Everything about kinds of meeting, gathered from the modules beside this one."""

from bot.features.kinds import preparing, together
from bot.features.kinds.feature import kinds

__all__ = ["kinds", "preparing", "together"]
