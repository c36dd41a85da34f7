"""The check before words go to others: a detail of a student is shown to the author, who decides.

A form, or a command, declares which of its words others can read (`Route.shared`). Where they hold what
`bot.domain.safety` sees, nothing is done yet: the person gets them back, privately, with three buttons. What was typed
is a draft until then, as with any form that isn't saved. What was seen is written down nowhere. That words may go as
they are is remembered in this process only, as a digest with a key of the process.

An anonymous form can have no draft. It is refused once with what was seen, and taken when it is sent again as it is.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import blake2b

from bot.core import unsaved
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Event, Submission
from bot.core.recent_keys import RecentKeys
from bot.core.resolver import decode_ref, parse_id
from bot.core.router import RouteMatch
from bot.core.routes import EVERY, Route
from bot.domain.safety.detector import Kind, find, without
from bot.i18n import gettext as _
from bot.ui import (
    MAX_ANSWER,
    MAX_FIELDS,
    MAX_HINT,
    MAX_INTRO,
    Button,
    Form,
    FormErrors,
    Message,
    NextForm,
    Note,
    NotSaved,
    Quote,
    Reply,
    Text,
    TextField,
)
from bot.ui.markup import clean, cut, esc
from storage.learning.rounds import ME
from storage.operations import drafts

# The buttons under what was seen, and the form that changes the words.
SEND_AS_IT_IS = "words.send"
SAY_A_STUDENT = "words.replace"
CHANGE = "words.change"
MINE = (SEND_AS_IT_IS, SAY_A_STUDENT, CHANGE)
# The name that the words of a command have, beside the fields of forms.
LINE = "line"
# How much of what was written is shown.
SHOWN = 600
LISTED = 5


class DetailsSeen(Exception):
    """Words for others hold a detail of a student. `event` is as its handler would get it; `names` are its fields."""

    def __init__(self, event: Event, names: tuple[str, ...]) -> None:
        super().__init__("details seen")
        self.event, self.names = event, names


class SentAsTheyAre:
    """Digests of words that their author has sent as they are. Only in memory, and useless outside this process."""

    def __init__(self) -> None:
        self._key, self._digests = os.urandom(32), RecentKeys()

    def add(self, person: int, text: str) -> None:
        self._digests.add(self._digest(person, text))

    def discard(self, person: int, text: str) -> None:
        self._digests.discard(self._digest(person, text))

    def holds(self, person: int, text: str) -> bool:
        return self._digest(person, text) in self._digests

    def _digest(self, person: int, text: str) -> str:
        return blake2b(f"{person} {clean(text)}".encode(), key=self._key, digest_size=16).hexdigest()


def shared(route: Route, event: Event) -> dict[str, str]:
    """Return the words of an event that others can read, by field."""
    match event:
        case Submission(answers=answers, written=written) if route.shared:
            if answers.get("audience") == ME:
                return {}
            names = (written or tuple(answers)) if route.shared == EVERY else route.shared
            return {name: answers[name] for name in names if answers.get(name, "").strip()}
        case Command(text=text) if route.shared and text:
            return {LINE: text}
        case _:
            return {}


def check(found: RouteMatch, ctx: Context, sent: SentAsTheyAre) -> None:
    """Raise DetailsSeen if words for others hold a detail of a student, and weren't sent as they are before."""
    words = shared(found.route, found.event)
    names = tuple(name for name, text in words.items() if find(text) and not sent.holds(ctx.me, text))
    if names:
        raise DetailsSeen(found.event, names)


def ask(ctx: Context, event: Event, seen: DetailsSeen) -> NotSaved:
    """Save what was typed as a draft, and ask its author what to do with it."""
    typed = _typed(event if isinstance(event, Submission) else seen.event)
    body = {**typed, "names": seen.names, "community": ctx.community_or_none.id if ctx.community_or_none else None}
    kind = f"{unsaved.UNSENT} {typed['form']}" if "form" in typed else "command"
    id = str(drafts.save(ctx.session, ctx.me, kind, json.dumps(body), ctx.now))
    texts = _texts(seen)
    actions = (
        Button(_("Say “a student” instead"), SAY_A_STUDENT, id, "primary"),
        Button(_("Send as it is"), SEND_AS_IT_IS, id),
        Button(_("Change it"), CHANGE, id),
    )
    message = Message(
        (
            Text(_("Could others tell from this who a student is? Nothing has been sent yet.")),
            *(Quote(cut(text, SHOWN // len(texts))) for text in texts),
            Text("\n".join(f"- {line}" for line in _lines(texts))),
            Note(_("Only you can see this, and you decide. I don’t save what I noticed, and I tell no one.")),
        ),
        title=_("Before you send this"),
        actions=actions,
    )
    return NotSaved("", (message,))


def ask_once(seen: DetailsSeen, person: int, sent: SentAsTheyAre) -> NotSaved:
    """Refuse an anonymous form once. Sent again as it is, it is taken."""
    texts = _texts(seen)
    for text in texts:
        sent.add(person, text)
    lines = _lines(texts)
    problem = _(
        "Could others tell from this who a student is? {seen}. Change it, or send it again as it is. I don’t save what "
        "I noticed."
    ).format(seen="; ".join(lines))
    return NotSaved(problem, (Message((Text(esc(problem)),)), *unsaved.given_back(texts)))


def _texts(seen: DetailsSeen) -> list[str]:
    match seen.event:
        case Submission(answers=answers):
            return [answers[name] for name in seen.names]
        case Command(text=text):
            return [text]
        case _:
            return []


def _lines(texts: list[str]) -> list[str]:
    kinds = {
        Kind.NAME: _("a name"),
        Kind.ID: _("a number of a record"),
        Kind.BIRTH_DATE: _("a birth date"),
        Kind.EMAIL: _("an e-mail address"),
        Kind.PHONE: _("a phone number"),
        Kind.SMALL_GROUP: _("a group so small that it names somebody"),
    }
    told = {text[s.start : s.end]: kinds[s.kind] for text in texts for s in find(text)}
    return [
        _("“{words}”: {kind}").format(words=esc(cut(" ".join(words.split()), 60)), kind=kind)
        for words, kind in list(told.items())[:LISTED]
    ]


def _typed(event: Event) -> dict[str, object]:
    match event:
        case Submission(form=form, value=value, answers=answers, written=written):
            return {"form": form, "value": value, "answers": dict(answers), "written": written}
        case Command(line=line, root=root, text=text):
            return {"line": line, "root": root, "text": text}
        case _:
            raise AssertionError("only forms and commands are checked")


def resumed(ctx: Context, event: Event, sent: SentAsTheyAre) -> Event:
    """Return the form or command that a button of this module sends. Any other event is returned as it is."""
    match event:
        case Click(action=name, value=value) if name in (SEND_AS_IT_IS, SAY_A_STUDENT):
            new: Mapping[str, str] = {}
        case Submission(form=name, value=value, answers=new) if name == CHANGE:
            pass
        case _:
            return event
    row = drafts.owned(ctx.session, ctx.me, parse_id(decode_ref(value)[1]))
    body = json.loads(row.body) if row else {}
    if row is None or "names" not in body:
        return event
    old = dict(_fields(body))
    new = {each: new[each] for each in body["names"] if each in new}
    if name == SAY_A_STUDENT:
        new = {each: without(old[each]) for each in body["names"]}
    if name != CHANGE:
        for each in body["names"]:
            sent.add(ctx.me, new.get(each, old[each]))
    if "form" in body:
        answers = {**old, **new}
        return Submission(
            event.place, event.person, body["form"], body["value"], answers, written=tuple(body["written"])
        )
    ctx.session.delete(row)
    line = body["line"].replace(body["text"], new[LINE]) if LINE in new else body["line"]
    return Command(event.place, event.person, line, body["root"])


def change_form(ctx: Context, event: Click) -> Form:
    """Return a form with the words in which something was seen."""
    row = drafts.owned(ctx.session, ctx.me, parse_id(decode_ref(event.value)[1]))
    body = json.loads(row.body) if row else {}
    if row is None or "names" not in body:
        raise unsaved.gone()
    old, names = dict(_fields(body)), body["names"][:MAX_FIELDS]
    label = _("Your words")
    fields = tuple(
        TextField(
            name,
            label if len(names) == 1 else f"{label} ({n})",
            long=True,
            initial=old[name],
            hint=notice(),
            max_length=MAX_ANSWER,
        )
        for n, name in enumerate(names, start=1)
    )
    return Form(CHANGE, _("Change it"), fields, str(row.id))


def _fields(body: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    if "form" in body:
        assert isinstance(body["answers"], dict)
        yield from body["answers"].items()
    else:
        yield LINE, str(body["text"])


def gone(event: Event) -> Refusal | None:
    """Return the answer to a button or form of this module whose draft is gone, None for any other event."""
    name = event.action if isinstance(event, Click) else event.form if isinstance(event, Submission) else ""
    return unsaved.gone() if name in MINE else None


def notice() -> str:
    """Ask for no student's name. This is the one sentence that does, beside every field whose words others can read."""
    return _("No student’s name or details, please.")


def with_notice(reply: Reply, route: Route | None) -> Reply:
    """Return a form with the notice beside each field whose words others can read."""
    match reply:
        case Form():
            return _noticed(reply, route)
        case FormErrors(form):
            return replace(reply, form=_noticed(form, route))
        case NextForm(form):
            return replace(reply, form=_noticed(form, route))
        case _:
            return reply


def _noticed(form: Form, route: Route | None) -> Form:
    if route is None or not route.shared:
        return form
    words, is_told = notice(), False
    fields = []
    for each in form.fields:
        if isinstance(each, TextField) and (route.shared == EVERY or each.name in route.shared):
            hint = each.hint if words in each.hint else f"{each.hint} {words}".strip()
            if len(hint) <= MAX_HINT:
                each, is_told = replace(each, hint=hint), True
        fields.append(each)
    form = replace(form, fields=tuple(fields))
    if is_told or not any(isinstance(each, TextField) for each in fields):
        return form
    # No hint has room for it.
    intro = f"{form.intro}\n\n{words}".strip() if words not in form.intro else form.intro
    has_room = bool(form.intro) or form.places < MAX_FIELDS
    return replace(form, intro=intro) if has_room and len(intro) <= MAX_INTRO else form
