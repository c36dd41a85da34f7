"""Every feature the bot has. Adding one is adding a line here."""

from bot.core.feature import Feature
from bot.features.admin.handlers import admin
from bot.features.agenda.handlers import agenda
from bot.features.calendar.handlers import calendar
from bot.features.checkins.handlers import checkins
from bot.features.export.handlers import export
from bot.features.feedback.handlers import feedback
from bot.features.home.handlers import home
from bot.features.kinds.handlers import kinds
from bot.features.linking.handlers import linking
from bot.features.meetings.handlers import meetings
from bot.features.members.handlers import members
from bot.features.mydata.handlers import mydata
from bot.features.notes.handlers import notes
from bot.features.pace.handlers import pace
from bot.features.prompts.handlers import prompts
from bot.features.reflections.handlers import reflections
from bot.features.resources.handlers import resources
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
