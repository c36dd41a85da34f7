"""The port that adapters implement: the Platform protocol, deliveries and addresses, and what can go wrong.

What only some platforms can do is a protocol of its own (SupportsLookup, SupportsSharding...), checked by isinstance.
"""

from collections.abc import Sequence
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
    """In the thread of the message that `deliver` returned `parent` for. `broadcast`: shown in the channel too."""

    parent: str
    broadcast: bool = False
    kind: Literal["thread"] = "thread"


@dataclass(frozen=True)
class DirectMessage:
    """To one person, by their PlatformUser.id."""

    person: str
    kind: Literal["direct"] = "direct"


@dataclass(frozen=True)
class InCalendar:
    """In the space's own calendar. The message's title and text describe the event.

    A message without a `calendar_event` removes the event.
    """

    kind: Literal["calendar"] = "calendar"


Address = InChannel | InThread | DirectMessage | InCalendar


@dataclass(frozen=True)
class Delivery:
    """One message for one place.

    `space` is "" for a direct message on a platform where people belong to no space. `idempotency_key` is the same on
    every attempt, and at most 25 characters long (a Discord nonce). `replaces` is what `deliver` returned for the
    message to edit; "" posts a new one. `silent` asks for no notification sound, in the community's quiet hours.
    """

    space: str
    to: Address
    message: Message
    idempotency_key: str
    replaces: str = ""
    silent: bool = False


@dataclass(frozen=True)
class RateLimit:
    """How fast a platform accepts messages. Deliveries with the same `lane` share one limit.

    `per_second` counts requests over the whole lane. `burst` is how many the platform accepts at once after a quiet
    time (token bucket). With 0, it accepts at most `per_second` in any one second, whenever that begins (sliding
    window).
    """

    lane: str
    per_second: float
    channel_interval: float  # seconds between two messages in one channel
    burst: int = 0


@dataclass(frozen=True)
class Check:
    """One result of `cop doctor`: what was found (`says`) and, if it is not ok, what to do about it (`fix`)."""

    name: str
    ok: bool
    says: str
    fix: str = ""


class Platform(Protocol):
    """A chat platform, as an adapter implements it. `name` is its name in events and rows: "slack"."""

    name: str

    async def run(self) -> None:
        """Connect, and pass what people do to the App, until cancelled. Closes every connection it opened."""

    async def deliver(self, delivery: Delivery) -> str:
        """Post or edit a message, and return the platform's id for it, for a later `Delivery.replaces`.

        Raises RetryAfter when the platform asks to wait, Undeliverable when waiting won't help, and MessageGone or
        RewriteRefused when the channel is fine but the message to edit or to write under is not.
        """

    def rate_limit(self, space: str) -> RateLimit: ...

    @property
    def ready(self) -> bool:
        """Whether it is connected, as far as the adapter can tell."""


@dataclass(frozen=True)
class UncertainDelivery:
    """A new message that may have arrived already: an earlier attempt never got the platform's answer.

    It was not sent before `since`, by the bot's clock. `conversation_receipt` is what `deliver` returned for another
    message in the same place, or "".
    """

    delivery: Delivery
    since: datetime
    conversation_receipt: str = ""


@runtime_checkable
class SupportsLookup(Protocol):
    """A platform that can be asked whether a message arrived."""

    async def find(self, doubt: UncertainDelivery) -> str | None:
        """Return what `deliver` would have returned, or None if the message is not there.

        Raises LookupUnavailable if the platform doesn't let the bot look, and RetryAfter.
        """


@runtime_checkable
class SupportsRequestCost(Protocol):
    """A platform that may need several requests for one delivery, each of which counts against the rate limit."""

    def requests(self, delivery: Delivery) -> int:
        """Return how many requests the delivery needs."""


@runtime_checkable
class SupportsScheduledEvents(Protocol):
    """A platform with a calendar of its own: it accepts deliveries addressed InCalendar."""

    keeps_calendar: Literal[True]


@runtime_checkable
class SupportsChannelKinds(Protocol):
    """A platform that knows the kind of a channel without asking for it."""

    def channel_kind(self, space: str, channel: str) -> str:
        """Return a bot.domain.channel_kinds.ChannelKind. Called in any thread."""


@dataclass(frozen=True)
class ShownTo:
    """Who sees the commands of a role at first: people with a permission. `settings` is where that can be changed."""

    permission: str
    command: str
    settings: str


@dataclass(frozen=True)
class RoleHolder:
    """Somebody with a role in a community, by their account in a space. `role` is "facilitator" or "admin"."""

    space: str
    account: str
    role: str


@runtime_checkable
class HidesCommands(Protocol):
    """A platform that shows some commands only to people with certain permissions."""

    async def find_hidden(self, holders: Sequence[RoleHolder]) -> list[Check]:
        """Report, for `cop doctor`, those who can't see the commands of their role."""

    def shown_to(self, role: str) -> ShownTo | None:
        """Say who sees the commands of a "facilitator" or "admin"; None if everyone does."""


@dataclass(frozen=True)
class ConnectedChannel:
    """A channel that a community, by its name, is connected to."""

    space: str
    channel: str
    community: str


@runtime_checkable
class TellsNothingOfChannels(Protocol):
    """A platform that doesn't say by itself that a channel was archived, deleted, or closed to the bot."""

    async def find_unreachable(self, channels: Sequence[ConnectedChannel]) -> list[Check]:
        """Report, for `cop doctor`, the channels where the bot can't post."""


@runtime_checkable
class SupportsSharding(Protocol):
    """A platform whose connections (shards) can be split between processes."""

    def runs(self) -> list[str]:
        """Return the shards that this process listens to, in words."""


class Diagnosable(Platform, Protocol):
    """A platform that `cop doctor` can examine."""

    async def diagnose(self) -> list[Check]:
        """Check the setup on the platform. Changes nothing."""


class RetryAfter(Exception):
    """The delivery has to wait `after` seconds, and with it the channel or, with `whole_lane`, the whole lane.

    `fault` means that the platform didn't ask for this: it failed or wasn't heard, so the message may have arrived.
    """

    def __init__(self, after: float, *, whole_lane: bool = False, fault: bool = False) -> None:
        super().__init__(f"try again in {after} s")
        self.after, self.whole_lane, self.fault = after, whole_lane, fault


class TokenRefused(RetryAfter):
    """The platform doesn't accept the bot's token any more. The whole lane waits until it does."""

    def __init__(self, after: float) -> None:
        super().__init__(after, whole_lane=True)


class LookupUnavailable(Exception):
    """The platform doesn't let the bot see whether a message has arrived."""


class MessageGone(Exception):
    """The message to rewrite, or to write under, was deleted, or takes nothing under it. Its channel is fine."""


class RewriteRefused(Exception):
    """The platform doesn't let the bot change the message. It stays as it is, and its channel is fine."""


class Undeliverable(Exception):
    """The message can't be delivered until a person changes something. `why` is one of REASONS."""

    # Those that concern one person, one channel, and a whole space. "refused" is a fault of our own.
    PERSON = ("direct messages closed", "person gone")
    CHANNEL = ("channel gone", "not in the channel", "no permission", "may not make events")
    SPACE = ("removed from the space",)
    REASONS = (*PERSON, *CHANNEL, *SPACE, "refused")

    def __init__(self, why: str) -> None:
        assert why in self.REASONS, why
        super().__init__(why)
        self.why = why


# What an error code of a platform can mean: each adapter has a table of them. The first five are no reason to give up,
# the others are Undeliverable.REASONS.
Meaning = Literal[
    "wait",
    "token refused",
    "message gone",
    "thread closed",
    "rewrite refused",
    "direct messages closed",
    "person gone",
    "channel gone",
    "not in the channel",
    "no permission",
    "may not make events",
    "removed from the space",
    "refused",
]
# Everything by which `deliver` can fail.
Failure = RetryAfter | MessageGone | RewriteRefused | Undeliverable


def failure(meaning: Meaning, to: Address | None, *, rewrites: bool, after: float) -> Failure:
    """Return what an error means for a message to `to`, or for one that `rewrites` what is there.

    `after` is how many seconds to wait, if it has to wait.
    """
    match meaning:
        case "wait":
            return RetryAfter(after)
        case "token refused":
            return TokenRefused(after)
        case "message gone" if rewrites or isinstance(to, InThread):
            return MessageGone()
        case "thread closed" if not rewrites and isinstance(to, InThread):
            return MessageGone()
        case "rewrite refused" | "thread closed" if rewrites:
            return RewriteRefused()
        case "message gone" | "thread closed" | "rewrite refused":
            return Undeliverable("refused")
        case "no permission" if isinstance(to, InCalendar):
            return Undeliverable("may not make events")
        case "may not make events" if not isinstance(to, InCalendar):
            return Undeliverable("refused")
        case "channel gone" | "not in the channel" if isinstance(to, DirectMessage):
            return Undeliverable("person gone")
    return Undeliverable(meaning)


class ConfigurationError(Exception):
    """The platform doesn't let the bot connect until a person changes a setting. The text says which."""
