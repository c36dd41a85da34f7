"""Notes of a meeting: written by facilitators, readable by everyone once they are shared."""

from bot.features.meeting_notes import handlers, writings
from bot.features.meeting_notes.feature import feature

__all__ = ["feature", "handlers", "writings"]
