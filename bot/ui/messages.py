"""Messages (cards), with their parts and actions. One that is too large raises TooBig when it is made."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from bot.ui import figure_text
from bot.ui.figures import Chart, Picture, Table
from bot.ui.limits import (
    MAX_ACTION,
    MAX_BUTTON,
    MAX_BUTTON_ROWS,
    MAX_BUTTONS,
    MAX_CHOICES,
    MAX_HEADING,
    MAX_HINT,
    MAX_MESSAGE,
    MAX_PARTS,
    MAX_ROWS,
    TooBig,
    check_choices,
    limit,
)
from bot.ui.markup import length


@dataclass(frozen=True)
class Text:
    """The bot's own text: CommonMark (bold, italic, code, links, lists) and the tokens of bot.ui.markup."""

    body: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True)
class Note:
    """Small print: who sees it, how long it takes, when it closes. CommonMark and tokens."""

    body: str
    kind: Literal["note"] = "note"


@dataclass(frozen=True)
class Quote:
    """What a person typed, shown exactly as typed: data, never markup.

    `by` says who wrote it, in CommonMark and tokens made by the bot.
    """

    body: str
    by: str = ""
    kind: Literal["quote"] = "quote"


@dataclass(frozen=True)
class Facts:
    """Short labelled values. Labels are plain text; values are CommonMark and tokens."""

    rows: tuple[tuple[str, str], ...]
    kind: Literal["facts"] = "facts"

    def __post_init__(self) -> None:
        limit("Facts", len(self.rows), MAX_ROWS)


@dataclass(frozen=True)
class Divider:
    kind: Literal["divider"] = "divider"


Part = Text | Note | Quote | Facts | Divider | Table | Chart | Picture


@dataclass(frozen=True)
class Button:
    """A button. Pressing it sends a Click with `action` ("feature.verb") and `value`."""

    label: str
    action: str
    value: str = ""
    style: Literal["plain", "primary", "danger"] = "plain"
    kind: Literal["button"] = "button"

    def __post_init__(self) -> None:
        limit("Button label", len(self.label), MAX_BUTTON)
        limit("Button action", len(self.action) + 1 + len(self.value), MAX_ACTION)


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    kind: Literal["link"] = "link"

    def __post_init__(self) -> None:
        limit("Link label", len(self.label), MAX_BUTTON)
        limit("Link", len(self.url), 512)  # Discord button url; Slack 3,000


@dataclass(frozen=True)
class Select:
    """A menu. Choosing sends a Click with `action`, `value` and what was chosen.

    `label` is also its placeholder. `choices` are (value, label).
    """

    label: str
    action: str
    choices: tuple[tuple[str, str], ...]
    value: str = ""
    kind: Literal["select"] = "select"

    def __post_init__(self) -> None:
        limit("Select label", len(self.label), MAX_HINT)
        limit("Select action", len(self.action) + 1 + len(self.value), MAX_ACTION)
        check_choices(self.choices, MAX_CHOICES)


Action = Button | Link | Select


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a message. `body` is text; every export the bot makes is text."""

    name: str
    body: str
    media_type: str = "text/plain"


@dataclass(frozen=True)
class CalendarEvent:
    """When and where a meeting is, in a message for a platform's own calendar.

    Both times are aware. `where` is plain text: a place, or the address of a call.
    """

    starts_at: datetime
    ends_at: datetime
    where: str


@dataclass(frozen=True)
class Message:
    """A card. As a reply, only the person who acted sees it; posted, its target does.

    `title` is plain text. `replace` makes a reply to a click on a private card take that card's place. In a message to
    a calendar, `calendar_event` is the event, and None removes it.

    `subjects` are the people whom a post shows beside those it mentions: by words of theirs that go with them, or as
    one of a count. `holds_until` is when something in a posted message stops being true, such as "open until" or a
    button that can no longer be pressed. Its feature then draws it anew. Neither is shown or sent.
    """

    parts: tuple[Part, ...] = ()
    title: str = ""
    actions: tuple[Action, ...] = ()
    replace: bool = False
    attachment: Attachment | None = None
    calendar_event: CalendarEvent | None = None
    subjects: Annotated[tuple[int, ...], Field(exclude=True)] = ()
    holds_until: Annotated[datetime | None, Field(exclude=True)] = None

    def __post_init__(self) -> None:
        limit("Heading", len(self.title), MAX_HEADING)
        limit("Parts", len(self.parts), MAX_PARTS)
        limit("Message", self.size, MAX_MESSAGE)
        buttons = [a for a in self.actions if not isinstance(a, Select)]
        limit("Buttons", len(buttons), MAX_BUTTONS * MAX_BUTTON_ROWS)
        limit("Menus", len(self.actions) - len(buttons), 2)
        ids = [(a.action, a.value) for a in self.actions if not isinstance(a, Link)]
        if len(set(ids)) < len(ids):
            raise TooBig("Two actions on one message would do the same; both platforms refuse that")

    @property
    def size(self) -> int:
        """Count the characters that people see, over all parts. Platforms allow for what rendering adds."""
        total = len(self.title)
        for part in self.parts:
            match part:
                case Facts(rows):
                    total += sum(len(label) + length(value) + 2 for label, value in rows)
                case Quote(body, by):
                    total += len(body) + length(by)
                case Text(body) | Note(body):
                    total += length(body)
                case Table() | Chart():
                    drawn = [*figure_text.head(part), *figure_text.lines(part)]
                    total += sum(len(line) + 1 for line in drawn if line)
                case Picture(_, alt):
                    total += len(alt)
                case Divider():
                    pass
        return total


@dataclass(frozen=True)
class NotSaved:
    """The answer to what a person typed and the bot did not save. Nothing of it is lost.

    `problem` is plain text. Where the form is still open, it stays open and shows that at its first field. Elsewhere,
    and with "", the `messages` are shown, one after another.
    """

    problem: str
    messages: tuple[Message, ...]


def card(*body: str, title: str = "", actions: tuple[Action, ...] = (), replace: bool = False) -> Message:
    """Return a message with a Text for each paragraph of `body`."""
    return Message(parts=tuple(Text(b) for b in body), title=title, actions=actions, replace=replace)


def showing(message: Message, people: Iterable[int]) -> Message:
    """Return the message with these people among its subjects."""
    return replace(message, subjects=(*message.subjects, *people))
