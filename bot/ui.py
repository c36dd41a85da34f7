"""What the bot says: messages and forms that every platform can draw.

Limits are the smaller of Slack's and Discord's (docs/architecture.md names the sources) and are checked
here, where a message is made, so that a message too big for one platform fails in every test.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

MAX_MESSAGE = 3_000  # Discord: 4,000 over all text of a message; drawing adds markup
MAX_PARTS = 20  # Discord: 40 components in all; Slack: 50 blocks
MAX_ROWS = 10  # Slack: 10 fields in a section
MAX_HEADING = 100  # Slack header: 150
MAX_BUTTON = 75  # Slack button; Discord 80
MAX_BUTTONS = 5  # one row on Discord
MAX_ACTION = 85  # Discord custom_id: 100 for action and value, less the community stamp
MAX_TITLE = 24  # Slack modal title; Discord 45
MAX_LABEL = 45  # Discord modal label; Slack 2,000
MAX_HINT = 100  # Discord label description
MAX_FIELDS = 5  # Discord modal
MAX_TICKS = 10  # Slack and Discord checkboxes
MAX_CHOICES = 25  # Discord select; Slack 100
MAX_CHOICE = 75  # Slack option text; Discord 100
MAX_ANSWER = 3_000  # Slack text input; Discord 4,000


class TooBig(ValueError):
    """Something the bot made would not fit on every platform: a fault in the bot, not in the person."""


def _limit(what: str, size: int, most: int) -> None:
    if size > most:
        raise TooBig(f"{what} is {size} long; the most every platform takes is {most}")


@dataclass(frozen=True)
class Text:
    """Words of the bot's own: CommonMark (bold, italic, code, links, lists) and the tokens of bot.markup."""

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
        _limit("Facts", len(self.rows), MAX_ROWS)


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
        _limit("Button label", len(self.label), MAX_BUTTON)
        _limit("Button action", len(self.action) + 1 + len(self.value), MAX_ACTION)


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    kind: Literal["link"] = "link"

    def __post_init__(self) -> None:
        _limit("Link label", len(self.label), MAX_BUTTON)
        _limit("Link", len(self.url), 512)  # Discord button url; Slack 3,000


@dataclass(frozen=True)
class Select:
    """A menu: choosing sends a Click with `action`, `value` and what was chosen."""

    label: str  # what the menu is for; also its placeholder
    action: str
    choices: tuple[tuple[str, str], ...]  # (value, label)
    value: str = ""
    kind: Literal["select"] = "select"

    def __post_init__(self) -> None:
        _limit("Select label", len(self.label), MAX_HINT)
        _limit("Select action", len(self.action) + 1 + len(self.value), MAX_ACTION)
        _choices(self.choices, MAX_CHOICES)


Action = Button | Link | Select


def _choices(choices: tuple[tuple[str, str], ...], most: int) -> None:
    if not choices:
        raise TooBig("A list of choices may not be empty")
    _limit("Choices", len(choices), most)
    for value, label in choices:
        _limit("Choice", len(label), MAX_CHOICE)
        _limit("Choice value", len(value), MAX_CHOICE)


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a message. `body` is text; every export the bot makes is text."""

    name: str
    body: str
    media_type: str = "text/plain"


@dataclass(frozen=True)
class Message:
    """A card. As a reply only the person who acted sees it; posted, whoever is addressed does."""

    parts: tuple[Part, ...] = ()
    title: str = ""  # plain text
    actions: tuple[Action, ...] = ()
    replace: bool = False  # as a reply to a click on a private card: takes that card's place
    attachment: Attachment | None = None

    def __post_init__(self) -> None:
        _limit("Heading", len(self.title), MAX_HEADING)
        _limit("Parts", len(self.parts), MAX_PARTS)
        _limit("Message", self.size, MAX_MESSAGE)
        buttons = [a for a in self.actions if not isinstance(a, Select)]
        _limit("Buttons", len(buttons), MAX_BUTTONS)
        _limit("Menus", len(self.actions) - len(buttons), 2)
        ids = [(a.action, a.value) for a in self.actions if not isinstance(a, Link)]
        if len(set(ids)) < len(ids):
            raise TooBig("Two actions on one message would do the same; both platforms refuse that")

    @property
    def size(self) -> int:
        """Characters of text over all parts."""
        total = len(self.title)
        for part in self.parts:
            match part:
                case Facts(rows):
                    total += sum(len(label) + len(value) + 2 for label, value in rows)
                case Quote(body, by):
                    total += len(body) + len(by)
                case Text(body) | Note(body):
                    total += len(body)
                case Divider():
                    pass
        return total


@dataclass(frozen=True)
class TextField:
    name: str
    label: str
    long: bool = False
    required: bool = True
    initial: str = ""
    hint: str = ""
    most: int = 2_000  # characters
    kind: Literal["text"] = "text"

    def __post_init__(self) -> None:
        _limit("Longest answer", self.most, MAX_ANSWER)


@dataclass(frozen=True)
class ChoiceField:
    """Choose one."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]  # (value, label)
    required: bool = True
    initial: str = ""
    hint: str = ""
    kind: Literal["choice"] = "choice"

    def __post_init__(self) -> None:
        _choices(self.choices, MAX_CHOICES)


@dataclass(frozen=True)
class TickField:
    """Choose any number. The answer holds the chosen values separated by one space."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]  # (value without spaces, label)
    required: bool = False
    initial: tuple[str, ...] = ()
    hint: str = ""
    kind: Literal["tick"] = "tick"

    def __post_init__(self) -> None:
        _choices(self.choices, MAX_TICKS)


@dataclass(frozen=True)
class PeopleField:
    """Choose people of this space. The answer holds their Person ids separated by one space."""

    name: str
    label: str
    required: bool = True
    initial: tuple[str, ...] = ()  # Person ids on this platform
    hint: str = ""
    most: int = 10
    kind: Literal["people"] = "people"


@dataclass(frozen=True)
class ChannelField:
    """Choose one channel of this space. The answer is its id."""

    name: str
    label: str
    required: bool = True
    initial: str = ""
    hint: str = ""
    kind: Literal["channel"] = "channel"


Field = TextField | ChoiceField | TickField | PeopleField | ChannelField


@dataclass(frozen=True)
class Form:
    id: str  # "feature.verb"
    title: str
    fields: tuple[Field, ...]
    value: str = ""
    submit: str = "Send"
    intro: str = ""  # CommonMark shown above the fields

    def __post_init__(self) -> None:
        _limit("Form title", len(self.title), MAX_TITLE)
        _limit("Form submit", len(self.submit), MAX_TITLE)
        _limit("Form fields", len(self.fields) + bool(self.intro), MAX_FIELDS)
        _limit("Form id", len(self.id) + 1 + len(self.value), MAX_ACTION)
        _limit("Form intro", len(self.intro), 1_000)
        for field_ in self.fields:
            _limit(f"Label of {field_.name}", len(field_.label), MAX_LABEL)
            _limit(f"Hint of {field_.name}", len(field_.hint), MAX_HINT)


@dataclass(frozen=True)
class FormErrors:
    """Ask again: the form with the answers already given, and what is wrong by field name.

    Nothing the handler did is kept. `draft` is set by the App: where a form cannot be shown again at
    once (Discord), a button with action `forms.reopen` and that value opens `form` as it was filled.
    """

    form: Form
    problems: Mapping[str, str] = field(default_factory=dict)  # field name -> plain text
    draft: str = ""


Reply = Message | Form | FormErrors | None


@dataclass(frozen=True)
class ToCommunity:
    """Every channel the community is bound to, on whichever platforms."""


@dataclass(frozen=True)
class ToThread:
    """Under the messages posted earlier with this key, in each place they went to."""

    key: str


@dataclass(frozen=True)
class ToPerson:
    """One person, privately, where they last spoke with the bot."""

    person: int
    ask: bool = False  # a request that the person did not start: counted, snoozed, and held back when there are many
    at_once: bool = False  # they are waiting for it: quiet hours do not apply


@dataclass(frozen=True)
class ToFacilitators:
    """Each facilitator of the community, privately."""


Target = ToCommunity | ToThread | ToPerson | ToFacilitators


def card(*body: str, title: str = "", actions: tuple[Action, ...] = (), replace: bool = False) -> Message:
    """A message of plain paragraphs."""
    return Message(parts=tuple(Text(b) for b in body), title=title, actions=actions, replace=replace)
