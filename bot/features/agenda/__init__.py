"""What we talk about when we meet: anyone suggests a topic, shares a win or names a challenge."""

from bot.features.agenda.curation import handlers as curation
from bot.features.agenda.feature import feature
from bot.features.agenda.publishing import handlers as publishing
from bot.features.agenda.topics import handlers as topics
from bot.features.agenda.voting import handlers as voting

__all__ = ["curation", "feature", "publishing", "topics", "voting"]
