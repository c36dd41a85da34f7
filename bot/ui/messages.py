"""Cards: what the bot shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.ui.limits import (
    MAX_ACTION,
    MAX_BUTTON,
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
    """Words of the bot's own: CommonMark (bold, italic, code, links, lists) and the tokens of bot.ui.markup."""

    body: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True)
class Note:
    """Small print: who sees it, how long it takes, when it closes. CommonMark and tokens."""

    body: str
    kind: Literal["note"] = "note"


@dataclass(frozen=True)
class Quote:
    """What a person typed, shown as they typed it: data, never markup."""

    body: str
    by: str = ""  # who said it: CommonMark and tokens, made by the bot
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


Part = Text | Note | Quote | Facts | Divider


@dataclass(frozen=True)
class Button:
    label: str
    action: str  # "feature.verb"
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
    """A menu: choosing sends a Click with `action`, `value` and what was chosen."""

    label: str  # what the menu is for; also its placeholder
    action: str
    choices: tuple[tuple[str, str], ...]  # (value, label)
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
    """When and where, of a message for a platform's own calendar."""

    starts_at: datetime  # aware
    ends_at: datetime
    where: str  # plain text: a place, or the address of a call


@dataclass(frozen=True)
class Message:
    """A card. As a reply only the person who acted sees it; posted, whoever is addressed does."""

    parts: tuple[Part, ...] = ()
    title: str = ""  # plain text
    actions: tuple[Action, ...] = ()
    replace: bool = False  # as a reply to a click on a private card: takes that card's place
    attachment: Attachment | None = None
    happening: CalendarEvent | None = None  # posted to a calendar: None takes it out again

    def __post_init__(self) -> None:
        limit("Heading", len(self.title), MAX_HEADING)
        limit("Parts", len(self.parts), MAX_PARTS)
        limit("Message", self.size, MAX_MESSAGE)
        buttons = [a for a in self.actions if not isinstance(a, Select)]
        limit("Buttons", len(buttons), MAX_BUTTONS)
        limit("Menus", len(self.actions) - len(buttons), 2)
        ids = [(a.action, a.value) for a in self.actions if not isinstance(a, Link)]
        if len(set(ids)) < len(ids):
            raise TooBig("Two actions on one message would do the same; both platforms refuse that")

    @property
    def size(self) -> int:
        """Characters that people see, over all parts: what drawing adds to them, each platform makes room for."""
        total = len(self.title)
        for part in self.parts:
            match part:
                case Facts(rows):
                    total += sum(len(label) + length(value) + 2 for label, value in rows)
                case Quote(body, by):
                    total += len(body) + length(by)
                case Text(body) | Note(body):
                    total += length(body)
                case Divider():
                    pass
        return total


def card(*body: str, title: str = "", actions: tuple[Action, ...] = (), replace: bool = False) -> Message:
    """A message of plain paragraphs."""
    return Message(parts=tuple(Text(b) for b in body), title=title, actions=actions, replace=replace)
