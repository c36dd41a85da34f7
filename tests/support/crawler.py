"""Walks through everything the bot offers a person: each command, button, menu, and form, as far as they lead."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.core.app import App
from bot.core.events import Click, Command, Event, Place, PlatformUser, Shortcut, Submission, TimerFired
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
# The lengths that various things may have. What is said is tried at the least of them, which nearly all have room for.
SHORTER = (500, 150, 80)  # characters
LEAST = 30
# Cancelling and restoring make a new value each time, and would never end.
MOST_OF_A_KIND = 20
# A person who says several things goes by a new name after as many events.
SAME_NAME = 7
# After these, nobody is left to go on, so they come last.
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

    Of several things to say, each is typed into every command, form, and menu, and each is the person's name for some
    time. One command, button, or form is tried at most `max_tries` times with the same content.
    """

    chat: Chat
    who: PlatformUser
    says: Sequence[str]
    sees: Callable[[Reply], None]
    channel: str = "100"
    max_tries: int = 2
    tried: Counter[str] = field(default_factory=Counter)
    todo: deque[Event] = field(default_factory=deque)
    later: list[Event] = field(default_factory=list)
    seen: set[Message] = field(default_factory=set)
    handled: int = 0

    def __post_init__(self) -> None:
        self.says = (self.says,) if isinstance(self.says, str) else tuple(self.says)

    @property
    def place(self) -> Place:
        return Place(self.chat.name, self.chat.space, self.channel)

    def walk(self) -> None:
        self.chat.app = strict(self.chat.app)
        for beginnings in (self._beginnings(), self._once_all_is_there()):
            self._follow(beginnings)
        while self.later:
            self._follow([self.later.pop()])

    def _follow(self, events: Iterable[Event]) -> None:
        """Handle these, and everything that they lead to."""
        self.todo += events
        while self.todo:
            event = self.todo.popleft()
            reply = self.chat.app.handle(self._under_a_name(event))
            self._see(reply)
            self.todo += self._leads_to(reply)
            if not self.todo:
                self._look_around()

    def _see(self, reply: Reply) -> None:
        """Pass the reply on, unless it is a message that was seen before."""
        if isinstance(reply, Message):
            if reply in self.seen:
                return
            self.seen.add(reply)
        self.sees(reply)

    def _look_around(self) -> None:
        """Add what is in the channel now, or came in a direct message: it can be clicked too."""
        self.chat.deliver_all()
        for post in self.chat.posts:
            if post.channel == self.channel or post.person == self.who.id:
                self.todo += self._leads_to(post.message)

    def _under_a_name(self, event: Event) -> Event:
        if len(self.says) == 1 or isinstance(event, TimerFired):
            return event
        self.handled += 1
        name = self.says[self.handled // SAME_NAME % len(self.says)][:200]
        return replace(event, person=replace(event.person, name=name))

    def _beginnings(self) -> Iterator[Event]:
        app, place, who = self.chat.app, self.place, self.who
        for says in self.says:
            yield Command(place, who, says)
        for number, spec in enumerate(app.commands):
            for rest in self._behind(number):
                yield Command(place, who, f"{spec.name} {rest}".strip(), spec.root)
            yield Command(place, who, spec.example or spec.name, spec.root)
        for shortcut in app.shortcuts:
            for says in self.says:
                yield Shortcut(place, who, shortcut.name, says, "https://example.org/message")
                yield Shortcut(place, who, shortcut.name, f"https://example.org/{says} {says}", says)
        for action in app.routes.clicks:
            if action not in LAST:
                for says in self.says:
                    yield Click(place, who, action, f"1:{says}"[:100], (says,))
                yield Click(place, who, action, "1:1")
        for form in app.routes.forms:
            for says in self.says:
                yield Submission(place, who, form, f"1:{says}"[:100])
            yield Submission(place, who, form, "1:1", {})

    def _once_all_is_there(self) -> Iterator[Event]:
        for spec in self.chat.app.commands:
            yield Command(self.place, self.who, spec.example or spec.name, spec.root)

    def _behind(self, number: int) -> Iterable[str]:
        """Return what is typed behind the command with this number: nothing, and all there is to say, whole and short.

        Between, each length is tried with one of them, which is another for the next command.
        """
        shorter = (self.says[(number + nth) % len(self.says)][:most] for nth, most in enumerate(SHORTER))
        return dict.fromkeys(("", *self.says, *(says[:LEAST] for says in self.says), *shorter))

    def _leads_to(self, reply: Reply) -> Iterator[Event]:
        match reply:
            case FormErrors(form, _problems, draft):
                yield from self._limited(f"{form.id} reopened", Click(self.place, self.who, "forms.reopen", draft))
                yield from self._limited(f"{form.id} again", self._submitted(form, dict(_least(form))))
            case Form():
                yield from self._limited(f"{reply.id} empty", self._submitted(reply, dict(_empty(reply))), most=1)
                for number, says in enumerate(self.says):
                    filled, fitting = _filled(reply, says), _fitting(reply, says)
                    yield from self._limited(f"{reply.id} {number}", self._submitted(reply, dict(filled)), most=1)
                    yield from self._limited(f"{reply.id} fitting {number}", self._submitted(reply, dict(fitting)))
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

    def _limited(self, what: str, event: Event, most: int | None = None) -> Iterator[Event]:
        kind = what.split()[0]
        if self.tried[what] < (most or self.max_tries) and self.tried[f"any {kind}"] < MOST_OF_A_KIND:
            self.tried[what] += 1
            self.tried[f"any {kind}"] += 1
            yield event

    def _submitted(self, form: Form, answers: dict[str, str]) -> Submission:
        """Submit the form as if it had been opened anew, since one opening does its work once."""
        return Submission(self.place, self.who, form.id, encode_ref(*decode_ref(form.value)), answers)


def _empty(form: Form) -> Iterator[tuple[str, str]]:
    for field_ in form.fields:
        yield field_.name, ""


def _filled(form: Form, says: str) -> Iterator[tuple[str, str]]:
    for field_ in form.fields:
        yield field_.name, says if isinstance(field_, TextField) else _any(field_)


def _fitting(form: Form, says: str) -> Iterator[tuple[str, str]]:
    """Fill each field to its limit, except those that take only something shaped."""
    for field_ in form.fields:
        shaped = isinstance(field_, TextField) and field_.name in SHAPED
        typed = says[: field_.max_length] if isinstance(field_, TextField) and not shaped else ""
        yield field_.name, typed or _any(field_)


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
