"""Messages and forms about check-ins, and the standing questions."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.round_controls import controls, left_out
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import ChoiceField, Form, Message, Note, Text, TextField, card
from bot.ui.markup import command, cut, esc, moment
from storage.learning.checkins import NOBODY_CAN_TELL, UNTIL_ANSWERED, UNTIL_CLOSE
from storage.learning.rounds import Round

# Of a choice, since that can't be empty: answers at the close, and how many at once.
AT_CLOSE = "usual"


def standing_questions() -> tuple[str, ...]:
    """Return the questions that take turns before meetings when facilitators ask none of their own."""
    return (
        _("What is one thing from your work since we last met that you would like to bring with you?"),
        _("What are you carrying into our next meeting: something that went well, or something that is stuck?"),
        _("If you could have ten minutes of this group’s thinking next time, what would you spend them on?"),
        _("What have you tried since last time, however small, and what did you notice?"),
        _("Which moment of the last two weeks would you like to tell somebody about who does the same work?"),
    )


def answer_first_field(value: str = "") -> ChoiceField:
    """Ask when members see what others answered. Facilitators read along in any case."""
    choices = (
        (AT_CLOSE, _("When it closes; how many answered, at once")),
        (UNTIL_CLOSE, _("When it closes, and no count before that")),
        (UNTIL_ANSWERED, _("Once they’ve answered themselves")),
    )
    return ChoiceField("first", _("When do members see other answers?"), choices, initial=value or AT_CLOSE)


def answer_first_of(chosen: str) -> str:
    return chosen if chosen in (UNTIL_CLOSE, UNTIL_ANSWERED) else ""


def only_with_names() -> str:
    return _(
        "While it’s open, people could tell who wrote the newest answer. Choose this only where answers have names."
    )


def open_form(question: str = "") -> Form:
    return Form(
        "checkins.open",
        _("Open a check-in"),
        (
            TextField(
                "question",
                _("What would you like to ask?"),
                long=True,
                max_length=500,
                initial=question or standing_questions()[0],
                hint=_("One question; everyone here sees it."),
            ),
            ChoiceField(
                "days",
                _("How long is it open?"),
                (
                    ("1", _("One working day")),
                    ("2", _("Two working days")),
                    ("3", _("Three working days")),
                    ("5", _("Five working days")),
                ),
                initial="3",
            ),
            answer_first_field(),
        ),
        submit=_("Open it"),
    )


def opened(round: Round, instead_of: Sequence[tuple[str, datetime]]) -> Message:
    """Confirm a check-in. `instead_of` is what the bot leaves out because of it, by title and moment."""
    return Message(
        (
            Text(
                _("The check-in is on its way to the channel: “{question}”").format(
                    question=esc(cut(round.question, 300))
                )
            ),
            Note(
                _(
                    "It closes {when}. One gentle reminder goes privately to those who allow it and have not answered."
                ).format(when=moment(round.closes_at))
            ),
            *left_out(instead_of),
        ),
        actions=controls(round.id or 0),
    )


def open_already(round: Round) -> Message:
    return Message(
        (
            Text(
                _("A check-in is open already: “{question}” It closes {when}. Close it first, or let it run.").format(
                    question=esc(cut(round.question, 300)), when=moment(round.closes_at)
                )
            ),
        ),
        actions=controls(round.id or 0),
    )


def close_now(round: Round) -> Message:
    return Message(
        (
            Text(
                _("This check-in is open until {when}: “{question}”").format(
                    question=esc(cut(round.question, 300)), when=moment(round.closes_at)
                )
            ),
            Note(_after_closing(round)),
        ),
        actions=controls(round.id or 0)[2:],
    )


def _after_closing(round: Round) -> str:
    if round.level == NOBODY_CAN_TELL:
        return _("If you close it now, no more answers can come.")
    return _("If you close it now, I’ll sum up the answers so far. Late answers are still welcome.")


def none_yet() -> str:
    return _("There has been no check-in here yet. {open} opens one.").format(
        open=command("checkin open", "facilitator")
    )


def none_open() -> str:
    return _("No check-in is open. {open} opens one.").format(open=command("checkin open", "facilitator"))


def overview(rounds: Sequence[tuple[Round, int]]) -> Message:
    """Show check-ins with their number of answers, newest first and at least one."""
    round, answer_count = rounds[0]
    state = (
        _("open until {when}").format(when=moment(round.closes_at))
        if round.closed_at is None
        else _("closed {when}").format(when=moment(round.closed_at, "day"))
    )
    lines = [_("**{question}** – {state}").format(question=esc(cut(round.question, 300)), state=state)]
    if round.closed_at is None and round.level == NOBODY_CAN_TELL:
        lines.append(_("It’s anonymous, so how many have answered is on its card, in steps of five."))
    else:
        lines.append(ngettext("{n} heard from.", "{n} heard from.", answer_count).format(n=answer_count))
    earlier = [f"- {esc(cut(r.question, 80))} ({n})" for r, n in rounds[1:]]
    if earlier:
        lines.append(_("Earlier check-ins, and how many were heard from:") + "\n" + "\n".join(earlier))
    actions = controls(round.id or 0) if round.closed_at is None else controls(round.id or 0)[:2]
    return Message((*map(Text, lines), Note(_("Only you see this."))), title=_("Check-ins"), actions=actions)


def too_long(size: int, most: int) -> str:
    return _("This is {size} characters and a question may have {most}. Please shorten it.").format(
        size=size, most=most
    )


def empty() -> str:
    return _("Please write a question, such as “What is one thing you tried since we met?”")


def preview(question: str) -> Message:
    return card(f"**{esc(question)}**", title=_("Check-in"))
