"""A pretend platform with pretend people, for tests that tell a feature's story.

chat = Chat(engine)
ada = chat.person("Ada", manages=True)
ada.types("setup", root="admin"); ada.fills(name="Youth workers"); ada.presses("Continue")
chat.wait(days=7)
assert "What did you try" in chat.last.words
"""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.event import listens_for

from bot.core.app import App
from bot.core.clock import StoppedClock
from bot.core.events import Click, Command, MessageChanged, Place, PlatformUser, Shortcut, Submission
from bot.core.platform import (
    Delivery,
    DirectMessage,
    InCalendar,
    InChannel,
    InThread,
    MessageGone,
    RateLimit,
    RewriteRefused,
    Undeliverable,
)
from bot.features import ALL
from bot.ui import (
    WRITTEN,
    Button,
    Chart,
    Divider,
    Facts,
    Form,
    FormErrors,
    Message,
    NextForm,
    Note,
    NotSaved,
    Picture,
    Quote,
    Reply,
    Select,
    Table,
    Text,
    figure_text,
    markup,
)
from scheduler.delivery_worker import DeliveryWorker
from scheduler.local_runner import LocalRunner
from scheduler.time_travel import travel
from tests.support import promises
from tests.support.one_thread import run

if TYPE_CHECKING:
    from tests.support.scenes import Stage

# A Monday morning in New York.
START = datetime(2025, 9, 22, 13, 0, tzinfo=UTC)


def words(message: object) -> str:
    """Return everything a person would read on a message or form, as plain text."""
    if isinstance(message, NotSaved):
        return "\n".join(map(words, message.messages))
    if isinstance(message, FormErrors):
        problems = "\n".join(message.problems.values())
        assert "](command:" not in problems, f"what is wrong in a form is plain text: {problems}"
        return problems
    if isinstance(message, Form):
        labels = [f"{f.label} {f.hint}" for f in message.fields]
        return "\n".join([message.title, markup.plain(message.intro), *labels])
    assert isinstance(message, Message), message
    said = [message.title]
    for part in message.parts:
        match part:
            case Text(body) | Note(body):
                said.append(markup.plain(body))
            case Quote(body, by):
                said.append(f"{markup.plain(by)}: {body}" if by else body)
            case Facts(rows):
                said += [f"{label}: {markup.plain(value)}" for label, value in rows]
            case Table() | Chart():
                said += figure_text.spoken(part)
            case Picture(_, alt):
                said.append(alt)
            case Divider():
                pass
    return "\n".join(said)


READING = ("SELECT", "PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")
_writes = WeakKeyDictionary[Engine, int]()


def count_writes(engine: Engine) -> int:
    """Return how many statements that may have written something the engine has executed since the first call."""
    if engine not in _writes:
        _writes[engine] = 0

        @listens_for(engine, "after_cursor_execute")
        def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            _writes[engine] += not statement.startswith(READING)

    return _writes[engine]


@dataclass
class Post:
    """A message as it is now on the pretend platform: in a channel, perhaps under a post there, or to a person.

    A test deletes it as a moderator would by setting `deleted`.
    """

    id: str
    message: Message
    channel: str = ""
    person: str = ""
    under: str = ""
    edits: int = 0
    deleted: bool = False

    @property
    def words(self) -> str:
        return words(self.message)

    def __deepcopy__(self, memo: dict[int, object]) -> "Post":
        """Keeps the message itself, which is frozen."""
        memo[id(self)] = post = replace(self)
        return post


@dataclass
class Chat:
    """One workspace of the pretend platform, and the bot in it.

    `calendar` is the platform's own, used if `app.calendars` names it. `unreachable` says why, by channel or person.
    """

    engine: Engine
    now: datetime = START
    name: str = "pretend"
    space: str = "S1"
    posts: list[Post] = field(default_factory=list)
    calendar: list[Post] = field(default_factory=list)
    unreachable: dict[str, str] = field(default_factory=dict)
    # Ids of posts that the platform doesn't let the bot change.
    unchangeable: set[str] = field(default_factory=set)
    # Whether a form can go on with another, as on Slack.
    goes_on: bool = False
    # None where scenes are played for real.
    stage: "Stage | None" = field(default=None, repr=False)
    # When all that was due had been done, and how much had been written by then.
    idle: tuple[datetime, int] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.clock = StoppedClock(self.now)
        self.app = App(ALL, self.engine, self.clock.now)

    # --- the platform's side
    ready = True

    async def run(self) -> None: ...

    def rate_limit(self, space: str) -> RateLimit:
        return RateLimit(f"{self.name} {space}", per_second=100_000, channel_interval=0.0)

    async def deliver(self, delivery: Delivery) -> str:
        await asyncio.sleep(0)
        target = (
            delivery.to.channel
            if isinstance(delivery.to, InChannel)
            else (delivery.to.person if isinstance(delivery.to, DirectMessage) else "")
        )
        if target in self.unreachable:
            raise Undeliverable(self.unreachable[target])
        if delivery.replaces:
            post = self._post(delivery.replaces)
            if post.id in self.unchangeable:
                raise RewriteRefused
            post.message, post.edits = delivery.message, post.edits + 1
            return post.id
        post = Post(f"m{len(self.posts) + len(self.calendar) + 1}", delivery.message)
        match delivery.to:
            case InChannel(channel):
                post.channel = channel
            case DirectMessage(person):
                post.person = person
            case InThread(under):
                parent = self._post(under)
                post.under, post.channel = under, parent.channel
            case InCalendar():
                self.calendar.append(post)
                return post.id
        self.posts.append(post)
        return post.id

    def _post(self, id: str) -> Post:
        found = next(p for p in (*self.posts, *self.calendar) if p.id == id)
        if found.deleted:
            raise MessageGone
        return found

    # --- the storyteller's side
    def person(self, name: str, *, manages: bool = False, zone: str = "", groups: tuple[str, ...] = ()) -> "Actor":
        return Actor(self, PlatformUser(name.lower(), name, zone=zone, can_manage=manages, groups=groups))

    def wait(self, **span: float) -> None:
        """Let time pass. Everything that comes due on the way happens at its own moment."""
        self.until(self.clock.now() + timedelta(**span))

    def until(self, moment: datetime) -> None:
        async def go() -> None:
            worker = DeliveryWorker(self.app, {self.name: self}, LocalRunner)
            try:
                await travel(self.app, worker, self.clock, moment)
            finally:
                await worker.stop()

        run(go())
        promises.check(self.engine, moment)
        self.idle = self._state()

    def _state(self) -> tuple[datetime, int]:
        return self.clock.now(), count_writes(self.engine)

    def deliver_all(self) -> None:
        """Deliver what is waiting, without letting time pass."""
        self.until(self.clock.now())

    def deliver_new(self) -> None:
        """Deliver what is waiting, unless nothing was written since that was last done: then nothing can be."""
        if self.idle != self._state():
            self.deliver_all()

    def in_channel(self, channel: str = "general") -> list[Post]:
        return [p for p in self.posts if p.channel == channel and not p.deleted]

    @property
    def last(self) -> Post:
        """The newest post in any channel, threads included."""
        return [p for p in self.posts if p.channel and not p.deleted][-1]


@dataclass
class Actor:
    """A person at their keyboard. `sees` is the last thing the bot showed only to them."""

    chat: Chat
    who: PlatformUser
    channel: str = "general"
    sees: Reply = None

    def place(self, direct: bool = False) -> Place:
        return Place(self.chat.name, self.chat.space, f"d-{self.who.id}" if direct else self.channel, direct=direct)

    def types(self, line: str, root: str = "") -> str:
        return self._saw(self.chat.app.handle(Command(self.place(), self.who, line, root)))

    def whispers(self, line: str) -> str:
        """Type a line in a direct message to the bot."""
        return self._saw(self.chat.app.handle(Command(self.place(direct=True), self.who, line)))

    def writes(self, line: str, message: str) -> str:
        """Write the direct message `message` to the bot, and return what the bot then says, answered or posted."""
        before = {post.id: post.edits for post in self.direct()}
        said = self._saw(
            self.chat.app.handle(
                Command(self.place(direct=True), self.who, line, message=message, idempotency_key=message)
            )
        )
        return said or self._newly_posted(before)

    def edits(self, message: str, line: str, *, at: datetime | None = None) -> str:
        """Edit a direct message, and return what the bot posts anew then; "" for nothing."""
        return self._change(message, line, at or self.chat.clock.now(), is_deleted=False)

    def deletes(self, message: str) -> str:
        return self._change(message, "", self.chat.clock.now(), is_deleted=True)

    def _change(self, message: str, line: str, at: datetime, *, is_deleted: bool) -> str:
        before = {post.id: post.edits for post in self.direct()}
        event = MessageChanged(self.place(direct=True), self.who, message, at, line, is_deleted=is_deleted)
        assert self.chat.app.handle(event) is None
        self.chat.deliver_all()
        return self._newly_posted(before)

    def _newly_posted(self, before: dict[str, int]) -> str:
        new = [post for post in self.direct() if before.get(post.id) != post.edits]
        if new:
            self.sees = new[-1].message
        return new[-1].words if new else ""

    def presses(self, label: str, on: Post | None = None) -> str:
        """Press a button on `on`; by default on what only this person sees, or on the newest post that has it."""
        button = self._button(label, on)
        return self._saw(self.chat.app.handle(Click(self.place(), self.who, button.action, button.value)))

    def chooses(self, label: str, *chosen: str, on: Post | None = None) -> str:
        """Choose from the menu called `label`, by the choices' labels."""
        [menu] = [a for a in self._message(on).actions if isinstance(a, Select) and a.label == label]
        values = tuple(value for value, text in menu.choices if text in chosen)
        assert len(values) == len(chosen), menu.choices
        return self._saw(self.chat.app.handle(Click(self.place(), self.who, menu.action, menu.value, values)))

    def fills(self, **answers: str) -> str:
        """Submit the form that is open. Fields that aren't named keep what they hold."""
        form = self.sees.form if isinstance(self.sees, FormErrors) else self.sees
        assert isinstance(form, Form), f"no form is open: {self.sees}"
        filled = {f.name: " ".join(f.initial) if isinstance(f.initial, tuple) else f.initial for f in form.fields}
        assert answers.keys() <= filled.keys(), f"{form.id} has {list(filled)}"
        written = tuple(f.name for f in form.fields if isinstance(f, WRITTEN))
        event = Submission(self.place(), self.who, form.id, form.value, {**filled, **answers}, written=written)
        return self._saw(self.chat.app.handle(event))

    def shortcut(self, name: str, text: str, link: str = "") -> str:
        return self._saw(self.chat.app.handle(Shortcut(self.place(), self.who, name, text, link)))

    def direct(self) -> list[Post]:
        """What the bot sent to this person privately."""
        return [p for p in self.chat.posts if p.person == self.who.id]

    @property
    def shown(self) -> Message:
        """The card that only this person sees."""
        assert isinstance(self.sees, Message), self.sees
        return self.sees

    def _saw(self, reply: Reply) -> str:
        if isinstance(reply, NextForm):
            reply = reply.form if self.chat.goes_on else reply.card
        self.sees = reply
        self.chat.deliver_new()
        return words(reply) if reply else ""

    def _message(self, on: Post | None) -> Message:
        if on:
            return on.message
        assert isinstance(self.sees, Message), self.sees
        return self.sees

    def _button(self, label: str, on: Post | None) -> Button:
        if on:
            shown = [on.message]
        else:
            mine = [p for p in self.chat.posts if p.channel or p.person == self.who.id]
            private = [self.sees] if isinstance(self.sees, Message) else []
            private += self.sees.messages if isinstance(self.sees, NotSaved) else ()
            shown = private + [p.message for p in reversed(mine)]
        for message in shown:
            for action in message.actions:
                if isinstance(action, Button) and action.label == label:
                    return action
        raise AssertionError(f"no button {label!r}; there are {[a.label for m in shown[:3] for a in m.actions]}")
