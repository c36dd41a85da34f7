"""What the bot says of check-ins that members can begin before they open."""

from collections.abc import Sequence
from datetime import datetime

from bot.core import signals
from bot.domain.questions import Answers, Questionnaire
from bot.features.rounds import answer_views
from bot.features.rounds.rules import drafts_until
from bot.features.rounds.views import button
from bot.i18n import gettext as _
from bot.operations.coming_checkins import Begun
from bot.ui import Button, Message, Note, Text, card
from bot.ui.markup import command, cut, esc, moment
from storage.learning.rounds import Round

MOST = 5


def coming(found: Sequence[Begun], *, nothing_open: bool = False) -> Message:
    """List what opens soon, with a button for each. `nothing_open`: nothing else can be answered."""
    if not found:
        return card(
            _("No check-in opens in the next 7 days. To see what’s open, use {home}.").format(home=command("home"))
        )
    lines = [_line(each) for each in found[:MOST]]
    head = (Text(_("Nothing is open now. You can start one of these early:")),) if nothing_open else ()
    return Message(
        (
            *head,
            Text("\n".join(lines)),
            Note(_("Your answer joins the check-in when it opens, and I won’t ask you again.")),
        ),
        title=_("Coming check-ins"),
        actions=tuple(_button(each, is_only=len(found) == 1) for each in found[:MOST]),
    )


def _line(each: Begun) -> str:
    opens = _("**{name}** opens {when}.").format(name=esc(cut(each.checkin.name, 100)), when=moment(each.opens_at))
    done = _("You’ve answered it.") if each.sent else ""
    return f"- {opens} {done}".strip()


def _button(each: Begun, *, is_only: bool) -> Button:
    name = cut(each.checkin.name, 40)
    if each.sent:
        label = _("Change it") if is_only else _("Change: {name}").format(name=name)
    elif each.draft:
        label = _("Continue") if is_only else _("Continue: {name}").format(name=name)
    else:
        label = _("Start now") if is_only else _("Start now: {name}").format(name=name)
    return Button(label, signals.BEGIN_ROUND, str(each.checkin.id))


def not_coming() -> str:
    return _("That check-in doesn’t open in the next 7 days. To see what’s open, use {home}.").format(
        home=command("home")
    )


def not_opened(round: Round, community: str, until: datetime) -> Message:
    """Tell somebody who began a check-in that it didn't open."""
    return Message(
        (Text(_not_opened(round, community)), Note(_kept(until))),
        actions=(button(_("Show it"), "rounds.continue", round), button(_("Delete it"), "rounds.delete_draft", round)),
        holds_until=until,
    )


def not_opened_and_gone(round: Round, community: str) -> Message:
    """What replaces `not_opened` once the draft is gone, or in a check-in that opened after all."""
    return card(_not_opened(round, community))


def _not_opened(round: Round, community: str) -> str:
    return _("**{name}** in {community} didn’t open as planned, so no one read your answer then.").format(
        name=esc(cut(round.question, 200)), community=esc(cut(community, 80))
    )


def _kept(until: datetime) -> str:
    return _(
        "I’ve kept it as a draft that only you can see, until {when}. If it opens before then, you can send it."
    ).format(when=moment(until, "day"))


def taken_back(round: Round, community: str) -> Message:
    """Tell somebody who answered early that their answer doesn't count yet."""
    said = _(
        "**{name}** in {community} is open. It has changed since you answered early, so I haven’t sent your answer."
    )
    return Message(
        (
            Text(said.format(name=esc(cut(round.question, 200)), community=esc(cut(community, 80)))),
            Note(
                _("It’s a draft that only you can see. Look at it again, and send it by {when}.").format(
                    when=moment(round.closes_at)
                )
            ),
        ),
        actions=(
            Button(_("Continue"), "rounds.continue", str(round.id), "primary"),
            button(_("Let this one pass"), "rounds.skip", round),
        ),
        holds_until=round.closes_at,
    )


def unopened_draft(round: Round, asked: Questionnaire, answers: Answers) -> Message:
    """Show what somebody answered of a check-in that didn't open."""
    assert round.closed_at
    return Message(
        (
            Text(_("**{name}** didn’t open as planned.").format(name=esc(cut(round.question, 200)))),
            *answer_views.answered(asked, answers),
            Note(_kept(drafts_until(round.closed_at))),
        ),
        actions=(button(_("Delete it"), "rounds.delete_draft", round),),
    )
