"""What the bot does by itself that is worth naming to people, by the kind of timer that wakes it."""

from collections.abc import Mapping

from bot.i18n import gettext as _


def chores() -> Mapping[str, str]:
    return {
        "meetings.remind": _("a reminder of a meeting"),
        "feedback.ask": _("the after-meeting card"),
        "prompts.due": _("a reflection prompt"),
        "agenda.call": _("a call for topics"),
        "agenda.vote": _("the vote on topics"),
        "agenda.publish": _("the agenda"),
        "checkins.due": _("a check-in"),
        "rounds.nudge": _("a gentle nudge"),
        "rounds.close": _("a round closes"),
    }
