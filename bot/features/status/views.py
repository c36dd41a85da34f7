"""Messages about the status of a community, and about incidents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.delivery.failure_notices import reason
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.operations.health import Health, facts
from bot.ui import Action, Button, Facts, Message, Note, Part, Quote, Text, card
from bot.ui.markup import command, cut, esc, moment
from storage.operations.incidents import Incident

# Undelivered messages listed one by one.
STUCK = 5


@dataclass(frozen=True)
class CommunityStatus:
    """What an admin sees of a community and the process.

    `failing` are references of incidents of timers that keep failing; `undelivered` are (when made, problem, whether to
    one person); `coming` are the next timers as (label in English, when).
    """

    name: str
    paused: bool
    work: Health
    failing: Sequence[str]
    undelivered: Sequence[tuple[datetime, str, bool]]
    coming: Sequence[tuple[str, datetime]]
    members: int
    channels: int

    @property
    def ok(self) -> bool:
        return self.work.ok and bool(self.channels)


def status(health: CommunityStatus) -> Message:
    parts: list[Part] = [Text(_summary(health))]
    actions: list[Action] = []
    if health.failing:
        parts.append(
            Text(
                _("Something fails again and again; {line} says what.").format(
                    line=command(f"status {health.failing[0]}", "admin")
                )
            )
        )
    if health.undelivered:
        lines = [
            _("- {when}, {whom}: {why}").format(
                when=moment(at), whom=_("to one person") if private else _("to a channel"), why=reason(why)
            )
            for at, why, private in health.undelivered[:STUCK]
        ]
        parts.append(Text(_("**Could not be delivered**") + "\n\n" + "\n".join(lines)))
        actions = [
            Button(_("Retry"), "status.retry", style="primary"),
            Button(_("Drop"), "status.drop", style="danger"),
        ]
    if health.coming:
        lines = [f"- {moment(at)}: {_(label)}" for label, at in health.coming]
        parts.append(Text(_("**Next**") + "\n\n" + "\n".join(lines)))
    parts.append(
        Facts(
            (
                (_("Members"), str(health.members)),
                (_("Channels"), str(health.channels)),
                *((name, esc(value)) for name, value in facts(health.work)),
            )
        )
    )
    return Message(tuple(parts), title=cut(health.name, 100), actions=tuple(actions))


def _summary(health: CommunityStatus) -> str:
    if health.paused:
        return _("Paused: nothing is asked or reminded until {resume}.").format(
            resume=command("cadence resume", "admin")
        )
    if not health.channels:
        return _("This community lives in no channel, so nothing can be posted. Type {bind} in one.").format(
            bind=command("channel bind", "admin")
        )
    if health.work.overdue:
        return ngettext(
            "One thing is overdue. If that stays so for minutes, the clock has stopped: start the bot again.",
            "{n} things are overdue. If that stays so for minutes, the clock has stopped: start the bot again.",
            health.work.overdue,
        ).format(n=health.work.overdue)
    return _("All is well.") if health.ok else _("The bot runs, and needs a look at this:")


def retried(n: int) -> Message:
    if n == 0:
        return card(_("There is nothing to try again."), replace=True)
    return card(
        ngettext("Trying one message again.", "Trying {n} messages again.", n).format(n=n)
        + " "
        + _("{status} shows whether it worked.").format(status=command("status", "admin")),
        replace=True,
    )


def dropped(n: int) -> Message:
    if n == 0:
        return card(_("There was nothing to drop."), replace=True)
    return card(
        ngettext("Dropped one message; it will not be sent.", "Dropped {n} messages; they will not be sent.", n).format(
            n=n
        ),
        replace=True,
    )


def no_such_incident(typed: str) -> str:
    return _(
        "I know no reference “{typed}”. They have four letters and digits, and are forgotten after some weeks."
    ).format(typed=esc(cut(typed, 20)))


def incident(row: Incident) -> Message:
    return Message(
        (
            Facts(((_("When"), moment(row.at)), (_("Doing"), f"`{row.event_name.replace('`', '')}`"))),
            Quote(cut(row.error, 1_000)),
            Note(_("Nothing was saved by it. Whoever looks after the bot finds the rest in its log, by this number.")),
        ),
        title=_("Reference {reference}").format(reference=row.reference),
    )


def message_count(_ctx: object, noted: str) -> str:
    """Describe the number of messages in an audit log entry."""
    n = int(noted)
    return ngettext("one message", "{n} messages", n).format(n=n)
