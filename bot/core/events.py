"""Events: one frozen dataclass for each thing a person or the timer loop can do.

An adapter parses what arrives into one of these and passes it to `App.handle`. `idempotency_key` is the platform's own
id of a delivery. It is stored with the effects, so an event that arrives twice acts once; "" turns that off.
"""

import re
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# A channel that was picked from a platform's list, as adapters write it: its id, and on Slack its name too.
PICKED_CHANNEL = re.compile(r"<#([\w.:-]{1,100})(?:\|([^>]*))?>")


class FromOutside:
    """A dataclass whose texts come from outside: what no database could store is taken out as soon as it is made.

    JSON can hold half of a character (a lone surrogate), which becomes a question mark, and a zero, which PostgreSQL
    refuses and nobody sees.
    """

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if (storable := _storable(value)) is not value:
                object.__setattr__(self, name, storable)


def _storable(value: Any) -> Any:
    match value:
        case str():
            is_plain = value.isascii() and "\0" not in value
            return value if is_plain else value.encode("utf-8", "replace").decode().replace("\0", "")
        case tuple():
            return tuple(map(_storable, value)) if value else value
        case dict():
            # A copy of its own class, because the answers of a form have "" for a field that was left out.
            storable = copy(value)
            storable.clear()
            storable.update((_storable(key), _storable(each)) for key, each in value.items())
            return storable
        case _:
            return value


@dataclass(frozen=True)
class Place(FromOutside):
    """Where something happened. Ids are the platform's own, and the core never parses them.

    `platform` is "slack", "discord" or "playground". `space` is a Slack workspace or Discord server, and "" in a
    Discord direct message. `direct` means a direct message with the bot. `channel_kind`, one of those in
    bot.domain.channel_kinds, is set where the platform says it with what happened.
    """

    platform: str
    space: str
    channel: str = ""
    direct: bool = False
    space_name: str = ""
    channel_kind: str = "unknown"


@dataclass(frozen=True)
class PlatformUser(FromOutside):
    """Who acted, as the platform describes them at that moment.

    `id` is unique on the platform, over all spaces: the Slack adapter qualifies its user ids. `zone` is an IANA name,
    or "" where the platform doesn't say. `home_id` is the `id` they have in their own space, where they act in one that
    isn't theirs; "" where it is. `can_manage` means that the platform lets them manage the whole space.
    `groups` are the platform's own roles or user groups they are in. None: the platform doesn't say it here.
    """

    id: str
    name: str
    locale: str = "en"
    zone: str = ""
    can_manage: bool = False
    groups: tuple[str, ...] | None = None
    home_id: str = ""


@dataclass(frozen=True)
class Command(FromOutside):
    """Someone typed a command.

    `line` is what follows the root word, as typed ("share https://… a note"); "" asks for the home card. References
    are written the same way on every platform: `<@ID>` is a person (PlatformUser.id, so "<@T1-U1>" on Slack), `<#ID>`
    a channel, `<@&ID>` a role or user group. A link is its address alone.

    `root` is "member", "facilitator" or "admin", and "" where any can be meant: in a mention or a direct message.
    `text` is what follows the command's name. The router fills it in.

    `replies_to` are the messages that this one may answer, as `Platform.deliver` returned them: the one it replies to,
    and the one at the top of its thread. `is_addressed` is False where the person didn't name the bot, and the platform
    did so itself because they replied to it.

    `is_overheard`: they wrote under a message of the bot, and nobody named the bot. Only some questions ask for that.

    `message` is the platform's id of the direct message that it was written in, "" for any other command.
    """

    place: Place
    person: PlatformUser
    line: str
    root: str = ""
    idempotency_key: str = ""
    text: str = ""
    replies_to: tuple[str, ...] = ()
    is_addressed: bool = True
    is_overheard: bool = False
    message: str = ""


@dataclass(frozen=True)
class MessageChanged(FromOutside):
    """Someone edited or deleted a direct message that they wrote to the bot.

    `message` is the platform's id of it, as in `Command.message`. `text` is what it says now, and "" if `is_deleted`.
    `at` is when, by the platform's clock, because the platform may report two changes in either order.
    """

    place: Place
    person: PlatformUser
    message: str
    at: datetime
    text: str = ""
    is_deleted: bool = False
    idempotency_key: str = ""


@dataclass(frozen=True)
class Click(FromOutside):
    """Someone pressed a button or chose from a menu on a card. `chosen` holds the values chosen from a menu."""

    place: Place
    person: PlatformUser
    action: str
    value: str = ""
    chosen: tuple[str, ...] = ()
    idempotency_key: str = ""


@dataclass(frozen=True)
class Shortcut(FromOutside):
    """Someone picked one of the bot's actions ("resources.save") in the menu of a message.

    `text` is the message as plain text, and `link` its permalink.
    """

    place: Place
    person: PlatformUser
    name: str
    text: str = ""
    link: str = ""
    idempotency_key: str = ""


@dataclass(frozen=True)
class Submission(FromOutside):
    """Someone submitted a form. A field with several answers holds them separated by one space.

    `written` names the fields in which a person writes, as opposed to chooses; () if the platform doesn't say.
    """

    place: Place
    person: PlatformUser
    form: str
    value: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    idempotency_key: str = ""
    written: tuple[str, ...] = ()


@dataclass(frozen=True)
class HomeOpened(FromOutside):
    """Someone opened the bot's own page on the platform, such as Slack's Home tab."""

    place: Place
    person: PlatformUser
    idempotency_key: str = ""


@dataclass(frozen=True)
class TimerFired:
    """A timer is due. `at` is when it was due, which can be long before now if the bot was down."""

    timer_id: int
    kind: str
    value: str
    at: datetime
    community: int | None = None


@dataclass(frozen=True)
class AutocompleteQuery(FromOutside):
    """Someone is typing a command, and the platform asks for suggestions. Not an Event: see `App.complete`."""

    place: Place
    person: PlatformUser
    line: str
    root: str = ""


@dataclass(frozen=True)
class PageOpened(FromOutside):
    """Someone opened a link to the page `page` ("reports.season"). Not an Event: see `App.open_page`.

    The link says who they are: `person` and `place` are the account and space of its owner. Nothing of that comes from
    their platform now, so it gives them no role.
    """

    place: Place
    person: PlatformUser
    page: str
    value: str = ""


PersonEvent = Command | MessageChanged | Click | Shortcut | Submission | HomeOpened
Event = PersonEvent | TimerFired
# Everything by which a person can be told who asks.
Asking = PersonEvent | AutocompleteQuery | PageOpened


def delivery_key(event: Event) -> str:
    """Return what names the delivery of an event among all platforms, "" if nothing does."""
    if isinstance(event, TimerFired) or not event.idempotency_key:
        return ""
    return f"{event.place.platform}:{event.idempotency_key}"


def event_name(event: Event) -> str:
    """Return what is being done, in one word, for logs, metrics and incidents."""
    match event:
        case Command():
            return "command"
        case MessageChanged():
            return "message changed"
        case Click(action=name) | Submission(form=name) | TimerFired(kind=name) | Shortcut(name=name):
            return name
        case HomeOpened():
            return "home"
