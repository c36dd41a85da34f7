"""Everything that is asked and answered after a meeting, gathered from the modules beside this one."""

from bot.features.feedback import asking, keeping, reading, replying
from bot.features.feedback.feature import feedback

__all__ = ["asking", "feedback", "keeping", "reading", "replying"]
