"""Everything that meetings answer to, gathered from the modules beside this one."""

from bot.features.meetings import cadence, changing, coming, planning, reminding
from bot.features.meetings.feature import meetings

__all__ = ["cadence", "changing", "coming", "meetings", "planning", "reminding"]
