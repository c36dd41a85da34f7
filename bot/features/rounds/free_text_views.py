"""What the bot says of free text that may be an answer, and of one whose message was edited or deleted."""

from collections.abc import Sequence
from datetime import datetime

from bot.features.rounds.rules import late_until, may_answer
from bot.features.rounds.views import SHOWN, audience_name, button, suggested_audience
from bot.i18n import gettext as _
from bot.ui import MAX_BUTTONS, Button, Message, Note, Quote, Text, card
from bot.ui.markup import cut, esc, moment
from storage.learning.rounds import Response, Round


def is_this_your_answer(
    round: Round,
    body: str,
    mine: Response | None,
    draft: str,
    *,
    edited_at: datetime | None = None,
    is_seen: bool = False,
) -> Message:
    """Ask whether what somebody wrote is their answer. `draft` is the id of what they wrote.

    `body` is "" where it stands right above. `edited_at` is when they edited it since they were asked. `is_seen`: it
    stands in the card's thread, where others read it before they have answered.
    """
    replaces = _("It replaces the answer you gave before.") if mine and not mine.skipped else ""
    who = _("Who can see it: {who}.").format(who=audience_name(suggested_audience(round, mine), round))
    note = _("To change that, use **Change it** afterwards.")
    return Message(
        (
            Text(f"**{esc(cut(round.question, 300))}**"),
            Text(_("Is this your answer?")),
            *([Quote(cut(body, SHOWN))] if body else []),
            *([Text(_seen_already())] if is_seen and round.answer_first and not round.closed_at else []),
            Note(" ".join(filter(None, (_edited(edited_at), who, note, replaces)))),
        ),
        actions=(
            Button(_("Keep it"), "rounds.keep_free_text", draft, "primary"),
            Button(_("No"), "rounds.drop_free_text", draft),
        ),
    )


def _seen_already() -> str:
    return _(
        "People answer this one before they see others’ answers, and your reply in the thread can be seen already. "
        "You can delete it there: what I keep stays hidden as the card says."
    )


def _edited(at: datetime | None) -> str:
    return _("Changed {when}.").format(when=moment(at, "time")) if at else ""


def which_question(waiting: Sequence[Round], draft: str) -> Message:
    """Ask which of several open questions somebody has answered. `draft` is the id of what they wrote."""
    buttons = [
        Button(cut(round.question, 70), "rounds.free_text_for", f"{draft}.{round.id}")
        for round in waiting[: MAX_BUTTONS - 1]
    ]
    return Message(
        (Text(_("Which question does this answer?")),),
        actions=(*buttons, Button(_("None of them"), "rounds.drop_free_text", draft)),
    )


def free_text_not_kept() -> Message:
    return card(_("OK, I didn’t save it. To answer, use the button on the card."), replace=True)


def free_text_gone() -> str:
    return _("I no longer have what you wrote. To answer, use the button on the card.")


def answer_edited(round: Round, answer: Response, edited_at: datetime, now: datetime) -> Message:
    """Confirm, below the message that is the answer, that an edit of it was taken in."""
    takes_answers = may_answer(round.closed_at, now)
    more = _("To change it, edit your message.") if takes_answers else ""
    who = _("Who can see it: {who}.").format(who=audience_name(answer.audience, round))
    change = (button(_("Change it"), "rounds.answer", round),) if takes_answers else ()
    return Message(
        (
            Text(_("Thank you, your answer is kept.")),
            Note(" ".join(filter(None, (_edited(edited_at), who, more)))),
        ),
        actions=(*change, button(_("Withdraw it"), "rounds.withdraw", round)),
        holds_until=late_until(round.closed_at) if round.closed_at else round.closes_at,
    )


def answer_stays(round: Round) -> Message:
    """Ask what becomes of an answer whose message was deleted."""
    return Message(
        (
            Text(f"**{esc(cut(round.question, 300))}**"),
            Text(_("You deleted your message. I still keep your answer.")),
        ),
        actions=(
            button(_("Withdraw it"), "rounds.withdraw", round),
            button(_("Keep it"), "rounds.keep_answer", round),
        ),
    )
