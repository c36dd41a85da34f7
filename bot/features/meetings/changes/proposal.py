"""The change of a meeting that a facilitator proposes. A draft holds it as JSON until it is confirmed."""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True)
class ProposedChange:
    """A new meeting (`meeting` is 0), another time for a meeting, or its cancellation.

    `sequence` is the meeting's when the facilitator looked at it. `tentative` is the tentative meeting that this one
    takes the place of, 0 for none.
    """

    at: str  # ISO 8601, aware
    meeting: int = 0
    sequence: int = 0
    title: str = ""
    minutes: int = 60
    place: str = ""
    link: str = ""
    note: str = ""
    cancels: bool = False
    tentative: int = 0

    @property
    def at_another_time(self) -> bool:
        return not self.cancels

    def lasting(self, minutes: int) -> "ProposedChange":
        return replace(self, minutes=minutes)

    @property
    def starts_at(self) -> datetime:
        return datetime.fromisoformat(self.at)
