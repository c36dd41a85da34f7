"""What the bot promises about how often it asks, in the words of every card that says so."""

from dataclasses import dataclass

from bot.i18n import gettext as _
from bot.i18n import ngettext

# How many private questions reach a person in a week, over all their communities.
FROM_ALL = 2


@dataclass(frozen=True)
class Promise:
    """A community's limits: as many requests in so many weeks, and how many a week reach one member privately.

    `has_more`: an admin has scheduled something that comes beside what the limit allows.
    """

    requests: int = 1
    weeks: int = 1
    private: int = FROM_ALL
    has_more: bool = False


def here(promise: Promise) -> str:
    """Say how often the community is asked."""
    if promise.weeks > 1:
        said = _("I plan at most 1 question every {n} weeks here.").format(n=promise.weeks)
    else:
        said = ngettext(
            "I plan at most {n} question a week here.", "I plan at most {n} questions a week here.", promise.requests
        ).format(n=promise.requests)
    more = _("An admin has scheduled some on top.")
    return f"{said} {more}" if promise.has_more else said


def privately(promise: Promise) -> str:
    """Say how often a member is asked in private."""
    if promise.private >= FROM_ALL:
        return _("At most {n} private questions a week reach you, from all your communities together.").format(
            n=FROM_ALL
        )
    return ngettext(
        "At most {n} private question a week comes from here, and {all} from all your communities together.",
        "At most {n} private questions a week come from here, and {all} from all your communities together.",
        promise.private,
    ).format(n=promise.private, all=FROM_ALL)
