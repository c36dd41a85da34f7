"""A few lines for somebody who wrote of harm: whom they can turn to. Only they see them.

The bot assesses nothing, tells nobody, and stores nothing of it: the lines are added to the reply when it is shown.
"""

from dataclasses import replace

from bot.core import unsaved
from bot.core.events import Command, Event, Submission
from bot.domain.safety.harm import has_words_of_harm
from bot.i18n import gettext as _
from bot.ui import MAX_PARTS, Message, NextForm, Note, NotSaved, Part, Reply, Text, TooBig


def beside(reply: Reply, event: Event, root: str) -> Reply:
    """Return the reply with whom to turn to, if its reader wrote of harm and alone sees it."""
    if isinstance(event, Command) and not (event.root or event.place.direct):
        return reply
    typed = unsaved.typed_in(event, root)
    if typed is None or not any(map(has_words_of_harm, typed.words)):
        return reply
    match reply:
        case Message():
            return _with_lines(reply)
        case NotSaved(messages=messages):
            return replace(reply, messages=(*messages, Message(_lines())))
        case NextForm(card=card):
            return replace(reply, card=_with_lines(card))
        case None if isinstance(event, Submission):
            return Message(_lines())
        case _:
            return reply


def _with_lines(message: Message) -> Message:
    if len(message.parts) + len(_lines()) > MAX_PARTS:
        return message
    try:
        return replace(message, parts=(*message.parts, *_lines()))
    except TooBig:
        return message


def _lines() -> tuple[Part, ...]:
    return (
        Text(
            _(
                "If someone may be in danger, now or at home, talk to a person you trust, or call your local emergency "
                "number. Your organization can tell you who to call and what you have to report."
            )
        ),
        Note(
            _(
                "Only you can see this note. I can’t judge what you wrote, I report it to no one, and I don’t save "
                "that I showed you this. Your words go only where you sent them."
            )
        ),
    )
