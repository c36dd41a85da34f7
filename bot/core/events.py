"""What reaches the bot: one small class for each thing a person, or the clock, can do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Place:
    """Where something happened. Ids are the platform's own and are never taken apart by the core."""

    platform: str  # "slack", "discord", "playground"
    space: str  # a Slack workspace, a Discord server; "" in a Discord direct message
    channel: str = ""
    direct: bool = False  # a conversation with nobody but the bot
    space_name: str = ""


@dataclass(frozen=True)
class PlatformUser:
    """Who did it, as the platform describes them at that moment."""

    id: str  # unique on its platform, whatever the space (the Slack adapter qualifies its user ids)
    name: str
    locale: str = "en"
    zone: str = ""  # IANA name where the platform knows it, else ""
    can_manage: bool = False  # the platform lets them manage the whole space
    groups: tuple[str, ...] = ()  # the platform's own roles or user groups they are in


@dataclass(frozen=True)
class Command:
    """Someone typed a command: what follows the root word, as typed.

    What the platform turned into a reference is written in one way in `line`: `<@ID>` is a person (their Person.id,
    so "<@T1-U1>" on Slack), `<#ID>` a channel, `<@&ID>` a role or user group. A link is its address alone.
    """

    place: Place
    person: PlatformUser
    line: str  # "share https://… a note"; "" asks for the home card
    root: str = ""  # "member", "facilitator", "admin"; "" where any may be meant (a mention, a direct message)
    idempotency_key: str = ""  # the platform's id of this very delivery: the same id again does nothing
    text: str = ""  # what follows the command's name; the App fills it in


@dataclass(frozen=True)
class Click:
    """Someone pressed a button or chose from a menu on a card."""

    place: Place
    person: PlatformUser
    action: str
    value: str = ""
    chosen: tuple[str, ...] = ()  # from a menu
    idempotency_key: str = ""


@dataclass(frozen=True)
class Shortcut:
    """Someone picked one of the bot's actions on a message that somebody wrote."""

    place: Place
    person: PlatformUser
    name: str  # "resources.save"
    text: str = ""  # the message, as plain text
    link: str = ""  # where the message can be read again
    idempotency_key: str = ""


@dataclass(frozen=True)
class Submission:
    """Someone sent a form. A field with several answers holds them separated by one space."""

    place: Place
    person: PlatformUser
    form: str
    value: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    idempotency_key: str = ""


@dataclass(frozen=True)
class HomeOpened:
    """Someone opened the bot's own page on the platform."""

    place: Place
    person: PlatformUser
    idempotency_key: str = ""


@dataclass(frozen=True)
class TimerFired:
    """A moment the bot asked to be woken at has come."""

    timer_id: int
    kind: str
    value: str
    at: datetime  # when it was to happen, which may be long before now
    community: int | None = None


@dataclass(frozen=True)
class AutocompleteQuery:
    """Someone is part of the way through a command and would like suggestions for its argument."""

    place: Place
    person: PlatformUser
    line: str
    root: str = ""


PersonEvent = Command | Click | Shortcut | Submission | HomeOpened
Event = PersonEvent | TimerFired


def event_name(event: Event) -> str:
    """What is being done, in one word, for the log and for who looks a failure up."""
    match event:
        case Command():
            return "command"
        case Click(action=name) | Submission(form=name) | TimerFired(kind=name) | Shortcut(name=name):
            return name
        case HomeOpened():
            return "home"
