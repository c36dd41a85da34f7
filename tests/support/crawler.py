"""Walks through everything the bot offers a person: each command, button, menu, and form, as far as they lead."""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bot.core.app import App
from bot.core.events import Click, Command, Event, Place, PlatformUser, Shortcut, Submission
from bot.core.resolver import decode_ref, encode_ref
from bot.ui import (
    Button,
    ChannelField,
    ChoiceField,
    DateField,
    Field,
    Form,
    FormErrors,
    Message,
    NotSaved,
    NumberField,
    PeopleField,
    Reply,
    Select,
    TextField,
)
from tests.support.chat import Chat

# Some fields take only what is shaped like this.
SHAPED = {
    "zone": "New York",
    "when": "14 Jan 4pm",
    "phrase": "second Wednesday at 4pm",
    "link": "",
    "minutes": "90",
    "country": "US",
    "topics": "arrivals, youth-voice",
}
# The lengths that various things may have.
SHORTER = (500, 150, 80, 30)  # characters
# Cancelling and restoring make a new value each time, and would never end.
MOST_OF_A_KIND = 20
# After these, nobody is left to go on.
LAST = ("mydata.delete", "members.leave")


class Crashed(AssertionError):
    """A failure of the bot, which `App.handle` would have answered calmly."""


def strict(app: App) -> App:
    """Make the app raise a failure instead of answering."""

    def failed(event: Event, fault: Exception, *, may_save_draft: bool) -> Reply:
        raise Crashed(f"{type(fault).__name__}: {fault} on {str(event)[:300]}") from fault

    app._record_failure = failed  # type: ignore[method-assign]
    return app


@dataclass
class Crawler:
    """Acts as `who`: types `says` wherever something can be typed, and passes every reply to `sees`.

    One command, button, or form is tried at most `max_tries` times with the same content.
    """

    chat: Chat
    who: PlatformUser
    says: str
    sees: Callable[[Reply], None]
    channel: str = "100"
    max_tries: int = 2
    tried: Counter[str] = field(default_factory=Counter)
    todo: deque[Event] = field(default_factory=deque)
    later: list[Event] = field(default_factory=list)

    @property
    def place(self) -> Place:
        return Place(self.chat.name, self.chat.space, self.channel)

    def walk(self) -> None:
        self.chat.app = strict(self.chat.app)
        self.todo += self._beginnings()
        while self.todo or self.later:
            event = self.todo.popleft() if self.todo else self.later.pop()
            reply = self.chat.app.handle(event)
            self.sees(reply)
            self.todo += self._leads_to(reply)
            if not self.todo:
                self._look_around()

    def _look_around(self) -> None:
        """Add what is in the channel now, or came in a direct message: it can be clicked too."""
        self.chat.deliver_all()
        for post in self.chat.posts:
            if post.channel == self.channel or post.person == self.who.id:
                self.todo += self._leads_to(post.message)

    def _beginnings(self) -> Iterator[Event]:
        app, place, who, says = self.chat.app, self.place, self.who, self.says
        yield Command(place, who, says)
        for spec in app.commands:
            for rest in dict.fromkeys(("", says, *(says[:most] for most in SHORTER))):
                yield Command(place, who, f"{spec.name} {rest}".strip(), spec.root)
            yield Command(place, who, spec.example or spec.name, spec.root)
        for shortcut in app.shortcuts:
            yield Shortcut(place, who, shortcut.name, says, "https://example.org/message")
            yield Shortcut(place, who, shortcut.name, f"https://example.org/{says} {says}", says)
        for action in app.routes.clicks:
            if action not in LAST:
                yield Click(place, who, action, f"1:{says}"[:100], (says,))
                yield Click(place, who, action, "1:1")
        for form in app.routes.forms:
            yield Submission(place, who, form, f"1:{says}"[:100])
            yield Submission(place, who, form, "1:1", {})

    def _leads_to(self, reply: Reply) -> Iterator[Event]:
        match reply:
            case FormErrors(form, _problems, draft):
                yield from self._limited(f"{form.id} reopened", Click(self.place, self.who, "forms.reopen", draft))
                yield from self._limited(f"{form.id} again", self._submitted(form, dict(_least(form))))
            case Form():
                yield from self._limited(reply.id, self._submitted(reply, dict(self._filled(reply))))
                yield from self._limited(f"{reply.id} fitting", self._submitted(reply, dict(self._fitting(reply))))
                yield from self._limited(reply.id, self._submitted(reply, {f.name: "" for f in reply.fields}))
                yield from self._limited(reply.id, self._submitted(reply, dict(_least(reply))))
            case NotSaved(messages=messages):
                for message in messages:
                    yield from self._leads_to(message)
            case Message():
                for action in reply.actions:
                    match action:
                        case Button(_, name, value):
                            event = Click(self.place, self.who, name, value)
                            if name in LAST:
                                self.later.append(event)
                            else:
                                yield from self._limited(
                                    f"{name} {value}"[:60] if name != "commands.again" else name, event
                                )
                        case Select(_, name, choices, value):
                            for chosen, _label in choices[:2]:
                                click = Click(self.place, self.who, name, value, (chosen,))
                                yield from self._limited(f"{name} {chosen}", click)

    def _limited(self, what: str, event: Event) -> Iterator[Event]:
        kind = what.split()[0]
        if self.tried[what] < self.max_tries and self.tried[f"any {kind}"] < MOST_OF_A_KIND:
            self.tried[what] += 1
            self.tried[f"any {kind}"] += 1
            yield event

    def _submitted(self, form: Form, answers: dict[str, str]) -> Submission:
        """Submit the form as if it had been opened anew, since one opening does its work once."""
        return Submission(self.place, self.who, form.id, encode_ref(*decode_ref(form.value)), answers)

    def _filled(self, form: Form) -> Iterator[tuple[str, str]]:
        for field_ in form.fields:
            yield field_.name, self._answer(field_)

    def _fitting(self, form: Form) -> Iterator[tuple[str, str]]:
        """Fill each field to its limit, except those that take only something shaped."""
        for field_ in form.fields:
            shaped = isinstance(field_, TextField) and field_.name in SHAPED
            typed = self.says[: field_.max_length] if isinstance(field_, TextField) and not shaped else ""
            yield field_.name, typed or _any(field_)

    def _answer(self, field_: Field) -> str:
        match field_:
            case TextField():
                return self.says
            case _:
                return _any(field_)


def _least(form: Form) -> Iterator[tuple[str, str]]:
    """Keep what the form holds, and fill an empty field with something that will do."""
    for field_ in form.fields:
        held = " ".join(field_.initial) if isinstance(field_.initial, tuple) else field_.initial
        yield field_.name, held or _any(field_)


def _any(field_: Field) -> str:
    match field_:
        case TextField(name=name):
            return SHAPED.get(name, "Quiet arrivals")
        case ChoiceField(choices=choices):
            return choices[0][0]
        case PeopleField():
            return "1001"
        case ChannelField():
            return "200"
        case NumberField():
            return "12"
        case DateField():
            return "2026-01-14"
        case _:
            return " ".join(value for value, _label in field_.choices)
