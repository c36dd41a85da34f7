"""Messages of the playground about its clock."""

from datetime import datetime

from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui.markup import moment


def moved(to: datetime, sent: int) -> str:
    if not sent:
        return _("It is now {when}. Nothing was due on the way.").format(when=moment(to))
    return ngettext(
        "It is now {when}. {n} message arrived on the way.", "It is now {when}. {n} messages arrived on the way.", sent
    ).format(when=moment(to), n=sent)


def nothing_next(to: datetime) -> str:
    return _("Nothing more is due in the year to come, so the clock stays at {when}.").format(when=moment(to))
