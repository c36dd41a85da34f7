"""Meeting types: choosing one, its preparations and tasks, and holding it jointly."""

from bot.features.meetings.joint import handlers as joint
from bot.features.meetings.types import handlers
from bot.features.meetings.types.feature import feature

__all__ = ["feature", "handlers", "joint"]
