"""The audit log as a message, and the words for each stored detail."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.features.admin.closure_views import stretches
from bot.features.admin.views import role_word
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Message, Note, Text
from bot.ui.markup import as_many, esc, mention, moment
from bot.ui.markup import channel as channel_token
from storage.operations.audit_log import Audit
from storage.people import people
from storage.people.people import Person


def audit(rows: Sequence[tuple[Audit, Person | None, str, str]]) -> Message:
    """List actions. Each of `rows`, newest first, is (entry, who, label in English or "", detail in words or "").

    An action without a label is shown by its name in the log.
    """
    lines = []
    for row, person, label, detail in rows:
        who = mention(people.key(person), person.name) if person else _("somebody")
        line = _("- {when}: {who} {deed}").format(
            when=moment(row.at), who=who, deed=_(label) if label else esc(row.action)
        )
        lines.append(f"{line} ({detail})" if detail else line)
    note = Note(_("The newest first. It never holds what people answered."))
    return Message(
        (Text("\n".join(as_many(lines, 2_700)) or _("Nothing has been done yet.")), note), title=_("What was done")
    )


def meeting(at: datetime) -> str:
    return _("the one on {when}").format(when=moment(at))


def moved(was: datetime, at: datetime) -> str:
    return _("from {was} to {at}").format(was=moment(was), at=moment(at))


def asked(at: datetime) -> str:
    return _("asked on {when}").format(when=moment(at))


def shared_on(at: datetime) -> str:
    return _("shared on {when}").format(when=moment(at))


def channel(id: str, platform: str, *, here: bool) -> str:
    return channel_token(id, id) if here else f"{esc(id)}, {esc(platform.title())}"


def person_role(who: Person, role: str) -> str:
    return _("{person}: {role}").format(person=mention(people.key(who), who.name), role=role_word(role))


def group_role(group: str, platform: str, role: str) -> str:
    return _("platform role {group} of {platform}: {role}").format(
        group=f"`{group.replace('`', '')}`", platform=esc(platform.title()), role=role_word(role)
    )


def days(closed: Sequence[date]) -> str:
    listed = stretches(closed)
    return "; ".join(listed if len(listed) <= 5 else [*listed[:5], "…"])


def months(n: int) -> str:
    return ngettext("one month", "{n} months", n).format(n=n)
