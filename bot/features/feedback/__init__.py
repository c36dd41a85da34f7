"""After a meeting: how it was, what I mean to do, and what I take home."""

from bot.features.feedback import follow_ups, results, survey, takeaways
from bot.features.feedback.feature import feedback

__all__ = ["feedback", "follow_ups", "results", "survey", "takeaways"]
