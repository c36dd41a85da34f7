"""After a meeting: feedback, commitments, takeaways, and how facilitators respond to feedback."""

from bot.features.feedback import commitments, follow_ups, results, survey, takeaways, writings
from bot.features.feedback.feature import feature

__all__ = ["commitments", "feature", "follow_ups", "results", "survey", "takeaways", "writings"]
