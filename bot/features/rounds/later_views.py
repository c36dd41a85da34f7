"""What the bot says when somebody puts questions off."""

from collections.abc import Sequence
from datetime import date, datetime

from babel.dates import format_date

from bot.features.rounds.views import kind_name
from bot.i18n import gettext as _
from bot.i18n import locale, ngettext
from bot.ui import Button, Message, Note, Text, card
from bot.ui.markup import command, cut, esc, moment
from storage.learning.rounds import Round


def nothing_open(*, replace: bool = False) -> Message:
    return card(_("No question is open for you."), replace=replace)


def when(choices: Sequence[str]) -> Message:
    labels = {"soon": _("In 2 hours"), "morning": _("Tomorrow morning"), "close": _("Before it closes")}
    if not choices:
        return card(too_late())
    return Message(
        (
            Text(_("When should I ask you again?")),
            Note(_("I’ll remind you once, and wait for your quiet hours to end.")),
        ),
        actions=tuple(Button(labels[choice], "rounds.remind", choice) for choice in choices),
    )


def too_late() -> str:
    return _("It closes before then. To answer now, use {answer}.").format(answer=command("answer"))


def planned(at: datetime, count: int, too_soon: int) -> Message:
    """Confirm when `count` questions are asked again. `too_soon` is how many others close before that."""
    said = ngettext(
        "OK, I’ll ask you again {when}.", "OK, I’ll ask you again about {n} questions, from {when} on.", count
    ).format(when=moment(at), n=count)
    note = (
        ngettext("{n} other question closes before then.", "{n} other questions close before then.", too_soon).format(
            n=too_soon
        )
        if too_soon
        else ""
    )
    return card(f"{said} {note}".strip(), replace=True)


def as_asked(round: Round, community: str) -> Message:
    """The reminder that somebody asked for."""
    return Message(
        (
            Text(
                _("You asked me to remind you. {community} asks until {when}:").format(
                    community=esc(cut(community, 80)), when=moment(round.closes_at)
                )
            ),
            Text(f"**{esc(round.question)}**"),
            Note(_("You can also write your answer here.")),
        ),
        title=kind_name(round),
        actions=(
            Button(_("Answer"), "rounds.answer", str(round.id), "primary"),
            Button(_("Let this one pass"), "rounds.skip", str(round.id)),
        ),
        holds_until=round.closes_at,
    )


def not_this_week(passed: int, monday: date, *, has_any: bool) -> Message:
    if not has_any:
        return nothing_open()
    day = format_date(monday, "EEEE", locale=locale())
    skipped = (
        ngettext("I skipped the open question.", "I skipped the {n} open questions.", passed).format(n=passed)
        if passed
        else ""
    )
    rest = _("I won’t ask you anything more before {day}. No one is told.").format(day=day)
    return card(f"{skipped} {rest}".strip(), actions=(Button(_("Ask me this week"), "rounds.this_week_after_all"),))


def this_week_after_all() -> Message:
    return card(
        _("OK, questions can reach you again. To see what’s open, use {home}.").format(home=command("home")),
        replace=True,
    )


def muted(round: Round, community: str) -> Message:
    said = _("Muted: “{question}” in {community}. I won’t ask or remind you about it in private. All else goes on.")
    return Message(
        (
            Text(said.format(question=esc(cut(round.question, 200)), community=esc(cut(community, 80)))),
            Note(
                _("No one is told. To see everything that’s muted, use {pace}.").format(pace=command("settings pace"))
            ),
        ),
        actions=(Button(_("Undo"), "rounds.unmute", str(round.id)),),
        replace=True,
    )


def unmuted(round: Round) -> Message:
    return card(_("OK, “{question}” can reach you again.").format(question=esc(cut(round.question, 200))), replace=True)
