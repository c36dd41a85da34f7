"""Messages about a person's own commitments. Nobody else sees them."""

from collections.abc import Sequence

from bot.features.feedback.rules import LONGEST
from bot.features.feedback.survey_views import SHOWN
from bot.i18n import gettext as _
from bot.ui import Button, Divider, Message, Note, Part, Quote, Select, Text, card
from bot.ui.markup import command, cut, moment
from storage.learning.commitments import ADAPTED, DONE, LET_GO, OPEN, STATES, STILL, Commitment


def state_name(state: str) -> str:
    return {
        OPEN: _("not looked at yet"),
        DONE: _("done"),
        ADAPTED: _("adapted"),
        STILL: _("still on"),
        LET_GO: _("let go"),
    }[state]


def commitments(own: Sequence[Commitment], *, replace: bool) -> Message:
    parts: list[Part] = []
    for row in own[:6]:
        parts.append(Quote(cut(row.words, SHOWN)))
        parts.append(
            Note(_("{state}, since {when}").format(state=state_name(row.state), when=moment(row.changed_at, "day")))
        )
    parts.append(Divider())
    parts.append(Note(_("Only you see these. Letting go is as good an answer as done.")))
    menu = Select(
        _("How is it going with one?"),
        "feedback.commitment",
        tuple((str(row.id), cut(row.words, 75)) for row in own[:20]),
    )
    return Message(tuple(parts), title=_("What you mean to do"), actions=(menu,), replace=replace)


def no_commitments() -> Message:
    return card(
        _("You have written none down yet. The card after each meeting asks what you will try; only you see it.")
    )


def one_commitment(row: Commitment) -> Message:
    labels = {DONE: _("Done"), ADAPTED: _("Adapted"), STILL: _("Still on"), LET_GO: _("Let go")}
    buttons = tuple(
        Button(label, "feedback.state", f"{row.id}.{STATES.index(state)}") for state, label in labels.items()
    )
    return Message(
        (Text(_("How is it going?")), Quote(cut(row.words, LONGEST)), Note(_("Only you see this."))),
        actions=(*buttons, Button(_("Back"), "feedback.list")),
        replace=True,
    )


def marked(row: Commitment) -> Message:
    text = {
        OPEN: _("It is open again."),
        DONE: _("Done. If others could use what you found, {share} passes it on.").format(share=command("share")),
        ADAPTED: _("Adapted: what you changed is worth as much as the plan."),
        STILL: _("Still on. Nobody is waiting; take the time it takes."),
        LET_GO: _("Let go. That is a decision too, and only you see it."),
    }[row.state]
    return Message((Text(text),), actions=(Button(_("Back"), "feedback.list"),), replace=True)


def not_found() -> str:
    return _("That is no longer there; nothing has changed.")
