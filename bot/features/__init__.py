"""Every feature the bot has. Adding one is adding a line here."""

from bot.core.feature import Feature
from bot.features.account_linking.handlers import linking
from bot.features.admin import admin
from bot.features.agenda import agenda
from bot.features.availability.handlers import pace
from bot.features.calendar_feeds.handlers import calendar
from bot.features.checkins.handlers import checkins
from bot.features.export.handlers import export
from bot.features.feedback import feedback
from bot.features.home.handlers import home
from bot.features.library import resources
from bot.features.meeting_notes.handlers import notes
from bot.features.meetings import meetings
from bot.features.meetings.types import kinds
from bot.features.members.handlers import members
from bot.features.personal_data.handlers import mydata
from bot.features.prompts.handlers import prompts
from bot.features.reflections.handlers import reflections
from bot.features.rounds.handlers import rounds
from bot.features.setup.handlers import setup
from bot.features.status.handlers import status
from bot.features.upcoming.handlers import upcoming

ALL: tuple[Feature, ...] = (
    home,
    members,
    meetings,
    calendar,
    kinds,
    agenda,
    notes,
    rounds,
    reflections,
    checkins,
    prompts,
    resources,
    feedback,
    upcoming,
    pace,
    linking,
    mydata,
    setup,
    admin,
    status,
    export,
)
