"""What a person typed and the bot could not save. It is saved as a draft, in a transaction of its own, or given back.

A form that failed can be sent again from a button, and is filled in when the person opens it the next time. Where even
the draft can't be saved, the answer holds the words themselves, to copy: data, never markup, in as many messages as it
takes.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Event, Submission
from bot.core.resolver import SUFFIX, decode_ref, encode_ref, parse_id
from bot.i18n import gettext as _
from bot.ui import MAX_FIELDS, MAX_INTRO, Button, Form, FormErrors, Message, Note, NotSaved, Part, Quote, card, filled
from bot.ui.markup import esc
from storage.operations import drafts
from storage.people import people

# The button that sends a form again, and the kind of draft that holds it, by the form's name.
SEND_AGAIN = "forms.again"
UNSENT = "unsent"
# Characters of one message. Discord takes 4,000, and each can take two when it is escaped.
PIECE = 1_900
# From so many characters on, what follows a command is given back when it is refused: a platform may show it no more.
WORTH_GIVING_BACK = 100


@dataclass(frozen=True)
class Typed:
    """What a person typed in a form or behind a command, and how to say so."""

    event: Submission | Command
    words: tuple[str, ...]


def typed_in(event: Event, root: str) -> Typed | None:
    """Return what a person typed, None if nothing. A command is one that the router has read."""
    match event:
        case Submission(answers=answers, written=written):
            words = tuple(each for name, each in answers.items() if each.strip() and (not written or name in written))
        case Command(line=line, text=text, root=under) if text.strip():
            words = (f"/{root}{SUFFIX[under]} {line}" if under else line,)
        case _:
            return None
    return Typed(event, words) if words else None


def save(session: Session, typed: Typed, now: datetime) -> Button | None:
    """Save a draft, and return the button that acts on it. None for somebody whom the bot doesn't know yet."""
    event = typed.event
    account = people.account(session, event.place.platform, event.person.id)
    if account is None:
        return None
    match event:
        case Submission(form=form, value=value, answers=answers):
            community, _value = decode_ref(value)
            body = json.dumps({"form": form, "value": value, "answers": dict(answers), "written": event.written})
            id = drafts.save(session, account.person_id, f"{UNSENT} {form}", body, now)
            return Button(_("Send it again"), SEND_AGAIN, encode_ref(community, str(id)), "primary")
        case Command(line=line, root=root):
            body = json.dumps({"line": line, "root": root, "community": None})
            id = drafts.save(session, account.person_id, "command", body, now)
            return Button(_("Try again"), "commands.again", encode_ref(None, str(id)), "primary")


def failure(typed: Typed, reference: str, button: Button | None) -> NotSaved:
    """Return the answer to what failed. Without a `button`, no draft could be saved, and the words are given back."""
    problem = _(
        "Something broke on my side, so nothing was saved. Please press the button again in a minute. If it happens "
        "again, tell an admin the reference {reference}."
    ).format(reference=reference)
    if button:
        words = _(
            "Something broke on my side, but I still have what you typed. You can try again in a minute. "
            "If it happens again, tell an admin the reference **{reference}**: they can look it up."
        ).format(reference=reference)
        return NotSaved(problem, (card(words, actions=(button,)),))
    words = _(
        "Something broke on my side, so nothing was saved. Please copy what you typed, and try again later. If it "
        "happens again, tell an admin the reference **{reference}**."
    ).format(reference=reference)
    return NotSaved(problem, (card(words), *given_back(typed.words)))


def refusal(event: Event, root: str, no: Message) -> Message | NotSaved:
    """Return a refusal with what was typed, if it would be lost otherwise."""
    typed = typed_in(event, root)
    if typed is None or (isinstance(event, Command) and sum(map(len, typed.words)) < WORTH_GIVING_BACK):
        return no
    return NotSaved("", (no, *given_back(typed.words)))


def sent_before(event: Submission, root: str, earlier: Message | None) -> Message | NotSaved | None:
    """Return the earlier answer to a form that comes again with other words, which are given back."""
    typed = typed_in(event, root)
    if typed is None:
        return earlier
    note = card(_("I already had this form, so I didn’t save it again. To change something, open it again."))
    return NotSaved("", (*([earlier] if earlier else []), note, *given_back(typed.words)))


def given_back(words: Sequence[str]) -> tuple[Message, ...]:
    """Return messages that hold every word as it was typed."""
    pieces = [text[at : at + PIECE] for text in words for at in range(0, len(text), PIECE)]
    parts: list[Part] = [Note(_("What you typed, to copy. Only you can see this."))]
    messages, size = [], 0
    for piece in pieces:
        if size + len(piece) > PIECE:
            messages.append(Message(tuple(parts)))
            parts, size = [], 0
        parts.append(Quote(piece))
        size += len(piece)
    return (*messages, Message(tuple(parts)))


def corrections(errors: FormErrors) -> Message:
    """Return what is wrong with a form that is no longer open, with a button that opens it as it was filled in."""
    labels = {field.name: field.label for field in errors.form.fields}
    listed = [f"- **{esc(labels.get(name, name))}**: {esc(problem)}" for name, problem in errors.problems.items()]
    words = "\n".join((_("Nothing was saved yet. Please correct this:"), "", *listed))
    return card(words, actions=(Button(_("Correct it"), "forms.reopen", errors.draft, "primary"),))


def digest(event: Submission) -> str:
    """Return what tells a form with other answers from this one."""
    return sha256(json.dumps(sorted(event.answers.items())).encode()).hexdigest()


def sent_again(ctx: Context, event: Event) -> Event:
    """Return the form that a button of this module sends again. Any other event is returned as it is."""
    if not isinstance(event, Click) or event.action != SEND_AGAIN:
        return event
    row = drafts.owned(ctx.session, ctx.me, parse_id(decode_ref(event.value)[1]))
    if row is None or not row.kind.startswith(f"{UNSENT} "):
        return event
    body = json.loads(row.body)
    return Submission(event.place, event.person, body["form"], body["value"], body["answers"], written=body["written"])


def gone() -> Refusal:
    """Return the answer to a button whose draft was sent already, or is too old."""
    return Refusal(_("I no longer have that form. Please start again; nothing else was lost."))


def filled_in(ctx: Context, form: Form) -> Form:
    """Return a form with what the person typed in it when it could not be saved the last time."""
    row = next(_unsent(ctx, form.id, form.value), None)
    if row is None:
        return form
    form = filled(form, json.loads(row.body)["answers"])
    if not form.intro and form.places == MAX_FIELDS:
        return form
    note = _("I couldn’t save what you typed the last time, so I’ve filled it in.")
    intro = f"{form.intro}\n\n{note}" if form.intro else note
    return replace(form, intro=intro) if len(intro) <= MAX_INTRO else form


def forget(ctx: Context, event: Submission) -> None:
    """Delete the draft of a form that has been saved now."""
    for row in _unsent(ctx, event.form, decode_ref(event.value)[1]):
        ctx.session.delete(row)


def _unsent(ctx: Context, form: str, value: str) -> Iterator[drafts.Draft]:
    community = ctx.community_or_none.id if ctx.community_or_none else None
    for row in drafts.of_kind(ctx.session, ctx.me, f"{UNSENT} {form}"):
        meant, typed_for = decode_ref(json.loads(row.body)["value"])
        if typed_for == value and meant in (None, community):
            yield row
