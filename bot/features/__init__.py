"""Every feature of the bot, in the order in which help lists their commands. Adding one is adding a line here."""

from importlib import import_module

from bot.core.feature import Feature

# Each is a package in this folder whose face is `feature`.
NAMES = (
    "home",
    "members",
    "meetings",
    "calendar_feeds",
    "meetings.types",
    "agenda",
    "meeting_notes",
    "rounds",
    "reflections",
    "cycles",
    "checkins",
    "prompts",
    "library",
    "programs",
    "feedback",
    "reports",
    "upcoming",
    "schedule",
    "availability",
    "account_linking",
    "personal_data",
    "page_links",
    "setup",
    "admin",
    "status",
    "export",
)

ALL: tuple[Feature, ...] = tuple(import_module(f"{__name__}.{name}").feature for name in NAMES)
