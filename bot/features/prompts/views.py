"""Messages and forms about reflection prompts. The prompts themselves are in bank.toml."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.round_controls import controls, left_out
from bot.features.prompts.bank import Prompt
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Button, ChoiceField, Form, Message, Note, Part, Select, Text, TextField, card
from bot.ui.markup import command, cut, esc, moment
from storage.learning.prompts import QueuedPrompt
from storage.learning.rounds import Round


def sent(round: Round, instead_of: Sequence[tuple[str, datetime]]) -> Message:
    """Confirm a prompt. `instead_of` is what the bot leaves out because of it, by title and moment."""
    return Message(
        (
            Text(_("It is on its way to the channel: “{question}”").format(question=esc(cut(round.question, 300)))),
            Note(
                _(
                    "It closes {when}; then everyone here reads what was shared. One private reminder goes to those "
                    "who allow it."
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
                _("A prompt is open already: “{question}” It closes {when}. Close it first, or queue yours.").format(
                    question=esc(cut(round.question, 300)), when=moment(round.closes_at)
                )
            ),
        ),
        actions=controls(round.id or 0),
    )


def described(prompt: Prompt) -> str:
    text = ngettext("{text}\n_{category}, about {n} minute_", "{text}\n_{category}, about {n} minutes_", prompt.minutes)
    return text.format(text=esc(prompt.text), category=esc(_(prompt.category)), n=prompt.minutes)


def confirm(prompt: Prompt, following: int) -> Message:
    """Offer to send a prompt. `following` is the place of the next one to offer."""
    return Message(
        (
            Text(_("This one would come next:")),
            Text(described(prompt)),
            *([Note(esc(prompt.note))] if prompt.note else ()),
            Note(
                _(
                    "Sent now, it goes to the channel, where everyone here sees it, and stays open for five "
                    "working days."
                )
            ),
        ),
        actions=(
            Button(_("Send it now"), "prompts.send", prompt.id, "primary"),
            Button(_("Show another"), "prompts.another", str(following)),
        ),
        replace=True,
    )


def coming(queue: Sequence[tuple[QueuedPrompt, str]], following: Prompt | None, when: str) -> Message:
    """List the queue as (row, text), then what the rotation would choose. `when` says when the next one is sent."""
    parts: list[Part] = []
    for number, (_row, text) in enumerate(queue[:10], 1):
        parts.append(Text(f"**{number}.** {esc(cut(text, 180))}"))
    if not queue:
        parts.append(Text(_("Nothing is queued; the rotation chooses.")))
    if following:
        parts.append(Text(_("After that, the rotation would choose: {prompt}").format(prompt=described(following))))
    else:
        parts.append(Note(none_left()))
    parts.append(Note(when))
    actions: list[Button | Select] = [Button(_("Queue another"), "prompts.queue")]
    if queue:
        actions.append(
            Select(
                _("Take one out of the queue"),
                "prompts.unqueue",
                tuple((str(row.id), cut(text, 70)) for row, text in queue[:25]),
            )
        )
    return Message(tuple(parts), title=_("Reflection prompts to come"), actions=tuple(actions))


def next_due(at_words: str, *, posted: bool) -> str:
    """Say when the next prompt goes out. Unless `posted`, something else is asked then."""
    if not posted:
        return _(
            "None goes out {when}: that week already has its one question, or a prompt is still open. Only you see "
            "this list."
        ).format(when=at_words)
    return _("The next one goes out {when}. Only you see this list.").format(when=at_words)


def none_due() -> str:
    return _("None is due yet: prompts go out a week after each meeting. Only you see this list.")


def queue_form(suggestions: Sequence[Prompt], text: str = "") -> Form:
    choices = tuple((p.id, cut(p.text, 75)) for p in suggestions[:20])
    return Form(
        "prompts.queue",
        _("Queue a prompt"),
        (
            ChoiceField("prompt", _("Choose one from the bank"), choices, required=False),
            TextField(
                "text",
                _("Or ask in your own words"),
                long=True,
                required=False,
                initial=text,
                max_length=500,
                hint=_("One question, about something recent. Everyone here sees it."),
            ),
        ),
        submit=_("Queue it"),
    )


def queued(text: str, place: int) -> Message:
    return card(
        _(
            "Queued, number {place} in line: “{text}” It goes out with the next reflection week; nobody is told "
            "before. {list} shows the line."
        ).format(place=place, text=esc(cut(text, 300)), list=command("prompt list", "facilitator"))
    )


def queued_already(text: str, draft: str) -> Message:
    """Ask whether a prompt that waits already is to come twice. `draft` holds it."""
    return Message(
        (
            Text(_("This prompt is in the queue already: “{text}”").format(text=esc(cut(text, 300)))),
            Note(_("Queue it again only if it should go out twice.")),
        ),
        actions=(Button(_("Queue it again"), "prompts.queue_again", draft),),
        replace=True,
    )


def gone() -> str:
    return _("That one is queued, or I no longer have it. To see the queue, use {list}.").format(
        list=command("prompt list", "facilitator")
    )


def not_in_queue() -> str:
    return _("That prompt is no longer in the queue, so nothing changed. To see the queue, use {list}.").format(
        list=command("prompt list", "facilitator")
    )


def unqueued() -> Message:
    return card(_("It’s out of the queue. If another facilitator queued it, I’ve told them."))


def was_unqueued(text: str) -> Message:
    """Tell the person who queued a prompt that somebody else took it out."""
    return card(_("A facilitator took your prompt out of the queue: “{text}”").format(text=esc(cut(text, 300))))


def was_left_out() -> Message:
    """Tell the person who queued a prompt of the bank that the bank no longer has it."""
    text = _("I left out a prompt you queued, because it’s no longer in the bank. To queue another one, use {queue}.")
    return card(text.format(queue=command("prompt queue", "facilitator")))


def choose_or_write() -> str:
    return _("Choose a prompt from the list, or write a question of your own.")


def one_of_them() -> str:
    return _("Please do one of the two: choose from the list, or write your own.")


def too_long(size: int, most: int) -> str:
    return _("This is {size} characters and a prompt may have {most}. Please shorten it.").format(size=size, most=most)


def unknown() -> str:
    return _("That prompt is no longer in the bank. {list} shows what comes next.").format(
        list=command("prompt list", "facilitator")
    )


def none_left() -> str:
    return _(
        "Everyone here has been asked every prompt that suits you, within the last two seasons. Ask one of your own: "
        "{example}"
    ).format(example=command("prompt now What surprised you this week?", "facilitator"))


def told_none_left(community: str) -> Message:
    """Tell facilitators that the rotation has nothing left to ask, so that nothing was sent."""
    text = _(
        "I didn’t send a reflection prompt in {community}. You’ve been asked all that suit you within the last two "
        "seasons, and I don’t repeat any. To ask one of your own, use {queue}."
    )
    return card(text.format(community=esc(community), queue=command("prompt queue", "facilitator")))


def preview(question: str, starter: str) -> Message:
    parts = [Text(f"**{esc(question)}**")]
    if starter:
        parts.append(Text(_("One way to begin: _{starter}_").format(starter=esc(starter))))
    return Message(tuple(parts), title=_("Reflection prompt"))
