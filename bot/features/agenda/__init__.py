"""The agenda of each meeting: members suggest topics and vote on them, facilitators sort and publish."""

from bot.features.agenda import writings
from bot.features.agenda.curation import handlers as curation
from bot.features.agenda.feature import feature
from bot.features.agenda.publishing import handlers as publishing
from bot.features.agenda.topics import handlers as topics
from bot.features.agenda.voting import handlers as voting

__all__ = ["curation", "feature", "publishing", "topics", "voting", "writings"]
