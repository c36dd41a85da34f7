"""What was decided when we met, and what came of it: written by facilitators, read by everyone once it is shared."""

from bot.features.meeting_notes import handlers
from bot.features.meeting_notes.feature import feature

__all__ = ["feature", "handlers"]
