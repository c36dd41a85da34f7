"""Each kind of data with a retention time of its own, in words: for admins and for the privacy page."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from bot.i18n import gettext as _
from bot.i18n import ngettext
from storage.privacy.retention import TIMES, RetentionKind


def times() -> Iterator[tuple[str, str]]:
    """Yield (what, how long) in words, in the order of TIMES."""
    what = things()
    for kind, time in TIMES.items():
        yield what[kind], how_long(time)


def things() -> Mapping[RetentionKind, str]:
    return {
        RetentionKind.WORDS: _("The bot’s own copy of what a message said, once it was delivered"),
        RetentionKind.UNDELIVERED: _("Messages that could not be delivered, or were held back"),
        RetentionKind.DELIVERED: _(
            "Where a delivered message is, to correct it there. If it shows someone, until their data is deleted"
        ),
        RetentionKind.DRAFTS: _("Half-finished forms"),
        RetentionKind.MESSAGES: _("Which direct message became which answer, so that you can edit it"),
        RetentionKind.CODES: _("Codes that link two accounts, after they have stopped working"),
        RetentionKind.LINKS: _("What came from which of two linked accounts, so that linking can be undone"),
        RetentionKind.PAGES: _("Links to pages"),
        RetentionKind.PROCESSED: _("The ids by which a repeated delivery is recognized, and the answers to forms"),
        RetentionKind.INCIDENTS: _("What broke, by its reference"),
        RetentionKind.AUDIT: _("What facilitators and admins did"),
    }


def how_long(time: timedelta) -> str:
    if time.days >= 365 and time.days % 365 == 0:
        return ngettext("one year", "{n} years", time.days // 365).format(n=time.days // 365)
    return ngettext("one day", "{n} days", time.days).format(n=time.days)
