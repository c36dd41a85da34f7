"""What type of meeting it is: how it is prepared, and who takes what on."""

from bot.features.meetings.joint import handlers as joint
from bot.features.meetings.types import handlers
from bot.features.meetings.types.feature import feature

__all__ = ["feature", "handlers", "joint"]
