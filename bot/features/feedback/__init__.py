"""After a meeting: how it was, what I mean to do, and what I take home."""

from bot.features.feedback import commitments, follow_ups, results, survey, takeaways
from bot.features.feedback.feature import feature

__all__ = ["commitments", "feature", "follow_ups", "results", "survey", "takeaways"]
