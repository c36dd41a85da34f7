"""Whom a message that others see is for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ToCommunity:
    """Every channel the community is bound to, on whichever platforms."""


@dataclass(frozen=True)
class ToThread:
    """Under the messages posted earlier with this key, in each place they went to."""

    key: str
    broadcast: bool = False  # in sight of everybody in the channel too, not only of those who look under the message


@dataclass(frozen=True)
class ToCalendar:
    """The calendar of every space the community lives in, where the platform has one of its own."""


@dataclass(frozen=True)
class ToPerson:
    """One person, privately, where they last spoke with the bot."""

    person: int
    is_request: bool = (
        False  # a request that the person did not start: counted, snoozed, and held back when there are many
    )
    ignores_quiet_hours: bool = False  # they are waiting for it: quiet hours do not apply


@dataclass(frozen=True)
class ToFacilitators:
    """Each facilitator of the community, privately."""


Target = ToCommunity | ToThread | ToCalendar | ToPerson | ToFacilitators
