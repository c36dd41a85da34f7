"""A change of one meeting as a facilitator proposes it, before anything is done."""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True)
class ProposedChange:
    """What a facilitator wants: a new meeting (`meeting` is 0), or another time for one, as it was when they looked."""

    at: str  # ISO
    meeting: int = 0
    sequence: int = 0
    title: str = ""
    minutes: int = 60
    place: str = ""
    link: str = ""
    note: str = ""
    cancels: bool = False
    expected: int = 0  # the meeting whose day was not known until now

    @property
    def at_another_time(self) -> bool:
        return not self.cancels

    def lasting(self, minutes: int) -> "ProposedChange":
        return replace(self, minutes=minutes)

    @property
    def starts_at(self) -> datetime:
        return datetime.fromisoformat(self.at)
