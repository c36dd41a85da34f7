"""Targets: whom a posted message is for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ToCommunity:
    """Every channel the community is connected to, on all platforms, or those with these ids.

    If it is connected to none of those any longer, it is every channel again.
    """

    only: tuple[int, ...] = ()


@dataclass(frozen=True)
class ToThread:
    """The thread of each message that was posted with this key. `broadcast` shows it in the channel too."""

    key: str
    broadcast: bool = False


@dataclass(frozen=True)
class ToCalendar:
    """The calendar of each space the community has a channel in, on platforms that have calendars."""


@dataclass(frozen=True)
class ToPerson:
    """One person, in a direct message, where they last used the bot.

    `is_request` marks a request that the person didn't start: it counts towards the weekly limit, and is suppressed
    above it or while the person snoozes. `ignores_quiet_hours` is for something the person waits for.
    """

    person: int
    is_request: bool = False
    ignores_quiet_hours: bool = False


@dataclass(frozen=True)
class ToFacilitators:
    """Each facilitator of the community, in a direct message."""


Target = ToCommunity | ToThread | ToCalendar | ToPerson | ToFacilitators
