"""The card of a round, the form for an answer, and messages about answering."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.round_controls import takes
from bot.features.rounds.rules import drafts_until, late_until
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import (
    Button,
    Message,
    Note,
    Part,
    Text,
    card,
)
from bot.ui.markup import command, cut, esc, moment
from storage.learning.checkins import UNTIL_ANSWERED
from storage.learning.rounds import FACILITATORS, GROUP, ME, REFLECTION, Response, Round

SHOWN = 600  # characters of an answer in its confirmation


def kind_name(round: Round) -> str:
    return _("Reflection prompt") if round.kind == REFLECTION else _("Check-in")


def audience_name(audience: str, round: Round | None) -> str:
    """Return who reads an answer in a round."""
    if round and round.answer_first == UNTIL_ANSWERED and audience == GROUP:
        return _("people here who’ve answered too, and everyone when it closes")
    return {
        GROUP: _("everyone in this community, when it closes"),
        FACILITATORS: _("the facilitators only"),
        ME: _("only you"),
    }[audience]


def card_of(
    round: Round,
    answer_count: int,
    *,
    takes_answers: bool,
    questions: str = "",
    choices: tuple[Button, ...] = (),
) -> Message:
    """The card in the channel, open or closed.

    `answer_count` is how many have answered. `takes_answers` is False once even a late answer is too late. `questions`
    says more of what a check-in asks, and `choices` answer a check-in of one question by one press.
    """
    who = (
        _("Answers stay with you unless you choose to share them.")
        if round.private
        else _(
            "When it closes, everyone here can read the answers. Facilitators can sooner. You choose who reads yours."
        )
    )
    parts: list[Part] = [Text(f"**{esc(round.question)}**")]
    if questions:
        parts.append(Text(questions))
    if round.starter and not round.closed_at:
        parts.append(Text(_("One way to begin: _{starter}_").format(starter=esc(round.starter))))
    if answer_count and not hides_count(round):
        parts.append(Text(_answer_count(round, answer_count)))
    if round.closed_at:
        parts.append(Note(_closed(round.closed_at, takes_answers=takes_answers)))
        late = (button(_("Answer late"), "rounds.answer", round),) if takes_answers else ()
        read = (button(_("Read the answers"), "rounds.read", round),) if answer_count else ()
        until = late_until(round.closed_at) if takes_answers else None
        return Message(tuple(parts), title=kind_name(round), actions=(*late, *read), holds_until=until)
    if round.answer_first:
        parts.append(Note(answer_first(round)))
    parts.append(
        Note(
            _("{minutes} Open until {when}. {who}").format(
                minutes=takes(round.minutes), when=moment(round.closes_at), who=who
            )
        )
    )
    answer = choices or (Button(_("Answer"), "rounds.answer", str(round.id), "primary"),)
    read = (button(_("Read the answers"), "rounds.read", round),) if round.answer_first == UNTIL_ANSWERED else ()
    actions = (*answer, button(_("Let this one pass"), "rounds.skip", round), *read)
    return Message(tuple(parts), title=kind_name(round), actions=actions, holds_until=round.closes_at)


def hides_count(round: Round) -> bool:
    return bool(round.answer_first) and round.closed_at is None


def answer_first(round: Round) -> str:
    """Say on the card when others' answers are seen, and why not to answer in its thread."""
    first = (
        _("Answer first: once you have, you can read what others shared.")
        if round.answer_first == UNTIL_ANSWERED
        else _("Answer first: no answers and no count until this closes.")
    )
    how = _("Use the button or a direct message to me, because everyone sees a reply here.")
    return f"{first} {how}"


def when_read(round: Round) -> str:
    """Say on the form when what is for everyone is read, and by whom before that."""
    if round.answer_first == UNTIL_ANSWERED:
        return _("People who’ve answered read it at once, and everyone when it closes, {when}.").format(
            when=moment(round.closes_at)
        )
    return _("Everyone reads it when this closes, {when}. Before that, only facilitators do.").format(
        when=moment(round.closes_at)
    )


def _closed(at: datetime, *, takes_answers: bool) -> str:
    if takes_answers:
        return _("Closed {when}. Late answers are welcome and join the summary.").format(when=moment(at, "day"))
    return _("Closed {when}. The summary is finished.").format(when=moment(at, "day"))


def _answer_count(round: Round, n: int) -> str:
    if round.closed_at:
        return ngettext("{n} person was heard from.", "{n} people were heard from.", n).format(n=n)
    return ngettext("{n} heard from so far.", "{n} heard from so far.", n).format(n=n)


def button(label: str, action: str, round: Round) -> Button:
    return Button(label, action, str(round.id))


def suggested_audience(round: Round, mine: Response | None) -> str:
    """Return the readers that are suggested for an answer: those of the earlier one, if there is one."""
    return mine.audience if mine else ME if round.private else GROUP


def passed(round: Round) -> Message:
    return card(
        _(
            "That is fine: this one passes you by, and nobody is told. If something comes to mind, "
            "you can still answer."
        ),
        actions=(button(_("Answer after all"), "rounds.answer", round),),
    )


def withdrawn() -> Message:
    return card(_("Your answer is withdrawn and deleted. Nobody is told."))


def nothing_to_withdraw() -> str:
    return _("There is no answer of yours to withdraw; nothing has changed.")


def nothing_open() -> Message:
    return card(
        _(
            "Nothing is waiting for an answer here. When a question opens, it appears in the channel and in {home}."
        ).format(home=command("home"))
    )


def choose_one(rounds: Sequence[Round]) -> Message:
    buttons = tuple(button(cut(f"{kind_name(r)}: {r.question}", 70), "rounds.answer", r) for r in rounds[:5])
    return Message((Text(_("More than one question is open. Which one would you like to answer?")),), actions=buttons)


def round_closed(round: Round) -> str:
    return _(
        "That round closed long ago and its summary is finished. {reflect} keeps a thought of yours at any time."
    ).format(reflect=command("reflect"))


def deleted() -> Message:
    """What replaces everything that was posted of a round whose check-in was deleted."""
    return card(_("This check-in has been deleted."))


def not_found() -> str:
    return _("That question is no longer here: its community or its answers have been deleted.")


def too_long(size: int, most: int) -> str:
    return _("This is {size} characters and the most I can keep is {most}. Please shorten it.").format(
        size=size, most=most
    )


def nudge(round: Round, community: str, so_far: tuple[int, int] = (0, 0)) -> Message:
    """Ask somebody once, privately. `so_far` is how many questions they have answered and not sent, of how many."""
    answered, all_ = so_far
    kept = (Text(_("{n} of {all} answered.").format(n=answered, all=all_)),) if answered else ()
    go_on = (
        Button(_("Continue"), "rounds.continue", str(round.id), "primary")
        if answered
        else Button(_("Answer"), "rounds.answer", str(round.id), "primary")
    )
    return Message(
        (
            Text(
                _("A gentle reminder from {community}: this is open until {when}. It is fine to let it pass.").format(
                    community=esc(community), when=moment(round.closes_at)
                )
            ),
            Text(f"**{esc(round.question)}**"),
            *kept,
            Note(
                _(
                    "You can also write your answer here. {minutes} I remind you once, and only privately. "
                    "To turn this off, use {settings}."
                ).format(minutes=takes(round.minutes), settings=command("settings"))
            ),
        ),
        title=kind_name(round),
        actions=(go_on, button(_("Let this one pass"), "rounds.skip", round)),
        holds_until=round.closes_at,
    )


def ask(round: Round, community: str) -> Message:
    """Ask one person in private, where the question has no card in a channel."""
    return Message(
        (
            Text(f"**{esc(round.question)}**"),
            Note(
                _("{community} asks, until {when}. {minutes} It’s fine to skip it.").format(
                    community=esc(community), when=moment(round.closes_at), minutes=takes(round.minutes)
                )
            ),
            Note(_("To mute this, use {schedule}.").format(schedule=command("schedule"))),
        ),
        title=kind_name(round),
        actions=(
            Button(_("Answer"), "rounds.answer", str(round.id), "primary"),
            button(_("Let this one pass"), "rounds.skip", round),
        ),
        holds_until=round.closes_at,
    )


def nudge_closed(
    round: Round, closed_at: datetime, *, takes_answers: bool, so_far: tuple[int, int] = (0, 0)
) -> Message:
    """What replaces `nudge` once the round is closed. `takes_answers`: the receiver can still answer late."""
    answered, all_ = so_far
    until = late_until(closed_at) if takes_answers else None
    actions: tuple[Button, ...] = (button(_("Answer late"), "rounds.answer", round),) if takes_answers else ()
    parts: list[Part] = [Text(f"**{esc(round.question)}**"), Note(_closed(closed_at, takes_answers=takes_answers))]
    if answered:
        until = drafts_until(closed_at)
        said = _("You had answered {n} of {all}, and not sent it. Only you can see it, until {when}.")
        parts.append(Text(said.format(n=answered, all=all_, when=moment(until, "day"))))
        actions = (
            button(_("Send it late"), "rounds.send", round),
            button(_("Continue"), "rounds.continue", round),
            button(_("Delete it"), "rounds.delete_draft", round),
        )
    return Message(tuple(parts), title=kind_name(round), actions=actions, holds_until=until)
