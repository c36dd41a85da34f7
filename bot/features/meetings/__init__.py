"""Meetings: the cadence they come from, RSVPs, reminders, changes, attendance, joint meetings and meeting types."""

# Help lists commands in the order they are declared, so the ones that members use most are imported first.
from bot.features.meetings.rsvp import handlers as rsvp

# isort: split
from bot.features.meetings import handlers, writings
from bot.features.meetings.attendance import catch_up, roster
from bot.features.meetings.attendance import handlers as attendance
from bot.features.meetings.cadence import handlers as cadence
from bot.features.meetings.cadence import time_zone
from bot.features.meetings.changes import cancel, edit, move, service
from bot.features.meetings.feature import feature
from bot.features.meetings.reminders import handlers as reminders
from bot.features.meetings.reminders import preferences
from bot.features.meetings.rsvp import standing_reply
from bot.features.meetings.scheduling import handlers as scheduling
from bot.features.meetings.scheduling import tentative

__all__ = [
    "attendance",
    "cadence",
    "cancel",
    "catch_up",
    "edit",
    "feature",
    "handlers",
    "move",
    "preferences",
    "reminders",
    "roster",
    "rsvp",
    "scheduling",
    "service",
    "standing_reply",
    "tentative",
    "time_zone",
    "writings",
]
