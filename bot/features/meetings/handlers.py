"""Everything that meetings answer to, gathered from the modules beside this one."""

from bot.features.meetings import cadence, cancelling, changing, coming, laddering, moving, planning, reminding
from bot.features.meetings.feature import meetings

__all__ = ["cadence", "cancelling", "changing", "coming", "laddering", "meetings", "moving", "planning", "reminding"]
