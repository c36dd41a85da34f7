"""Everything that the agenda answers to, gathered from the modules beside this one."""

from bot.features.agenda import publishing, sorting, suggesting, voting
from bot.features.agenda.feature import agenda

__all__ = ["agenda", "publishing", "sorting", "suggesting", "voting"]
