"""What every chat platform must be able to do for the bot. An adapter is a class with these."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from bot.ui import Message


@dataclass(frozen=True)
class InChannel:
    channel: str
    kind: Literal["channel"] = "channel"


@dataclass(frozen=True)
class InThread:
    under: str  # what `deliver` returned for the message it hangs under
    aloud: bool = False  # shown in the channel too
    kind: Literal["thread"] = "thread"


@dataclass(frozen=True)
class DirectMessage:
    person: str  # Person.id
    kind: Literal["direct"] = "direct"


@dataclass(frozen=True)
class InCalendar:
    """In the space's own calendar. The message's title and words name the event; without a happening it is removed."""

    kind: Literal["calendar"] = "calendar"


Address = InChannel | InThread | DirectMessage | InCalendar


@dataclass(frozen=True)
class Delivery:
    """One delivery."""

    space: str  # Place.space; "" for a direct message on a platform where people belong to no space
    to: Address
    message: Message
    idempotency_key: str  # at most 25 characters, the same on every try of the same delivery (a Discord nonce)
    replaces: str = ""  # rewrite the message `deliver` returned this for; "" posts a new one
    silent: bool = False  # do not make a sound (outside the community's waking hours)


@dataclass(frozen=True)
class RateLimit:
    """How fast a platform lets the bot speak."""

    lane: str  # deliveries of one lane share one limit
    per_second: float  # over the whole lane
    channel_interval: float  # seconds between two messages in one channel
    burst: int = 0  # after it was quiet; 0: never more than `per_second` in any one second, whenever it begins


@dataclass(frozen=True)
class Check:
    """One thing that `cop doctor` looked at. An adapter's `diagnose()` returns a list of these."""

    name: str
    ok: bool
    says: str  # what was found, in words
    fix: str = ""  # what to do about it, where it is not ok


class Platform(Protocol):
    name: str

    async def run(self) -> None:
        """Connect, and pass what people do to the bot, until cancelled. Leave nothing open."""

    async def deliver(self, delivery: Delivery) -> str:
        """Post or rewrite a message; return what names it there, to be given back as `earlier`.

        Raises RetryAfter when the platform asks to wait, Undeliverable when waiting will not help.
        """

    def rate_limit(self, space: str) -> RateLimit: ...

    @property
    def ready(self) -> bool:
        """Connected, as far as the adapter can tell."""


@dataclass(frozen=True)
class UncertainDelivery:
    """A new message that may have arrived already: whoever sent it never heard the platform's answer."""

    delivery: Delivery
    since: datetime  # it was not sent before this moment, by the bot's clock
    beside: str = ""  # what `deliver` returned for another message in the same place, where there is one


@runtime_checkable
class SupportsLookup(Protocol):
    """A platform that can be asked what it has taken."""

    async def find(self, doubt: UncertainDelivery) -> str | None:
        """What `deliver` would have returned; None where the message is not there.

        Raises LookupUnavailable where the platform does not let the bot look, and RetryAfter.
        """


@runtime_checkable
class SupportsRequestCost(Protocol):
    """A platform that may need more than one request for a delivery, each of which its limit counts."""

    def requests(self, delivery: Delivery) -> int: ...


@runtime_checkable
class SupportsScheduledEvents(Protocol):
    """A platform with a calendar of its own, which takes what is addressed InCalendar."""

    keeps_calendar: Literal[True]


@runtime_checkable
class SupportsSharding(Protocol):
    """A platform of which each process may hear a part."""

    def runs(self) -> list[str]:
        """The parts that this process hears, in words."""


class Diagnosable(Platform, Protocol):
    """A platform that `cop doctor` can examine."""

    async def diagnose(self) -> list[Check]:
        """What is set up rightly there and what is not; changes nothing."""


class RetryAfter(Exception):
    """It has to wait `after` seconds: what goes to the same place, or everything in the lane.

    `fault`: the platform did not say so, it broke or was not heard, so the message may have arrived nevertheless.
    """

    def __init__(self, after: float, *, whole_lane: bool = False, fault: bool = False) -> None:
        super().__init__(f"try again in {after} s")
        self.after, self.whole_lane, self.fault = after, whole_lane, fault


class LookupUnavailable(Exception):
    """The platform does not let the bot see whether a message has arrived."""


class Undeliverable(Exception):
    """It cannot be delivered until a person changes something. `why` is one of REASONS."""

    REASONS = (
        "direct messages closed",
        "channel gone",
        "not in the channel",
        "no permission",
        "may not make events",
        "person gone",
        "removed from the space",
        "refused",
    )

    def __init__(self, why: str) -> None:
        assert why in self.REASONS, why
        super().__init__(why)
        self.why = why


class ConfigurationError(Exception):
    """The platform will not let the bot in until a person changes a setting; the text says which, in words."""
