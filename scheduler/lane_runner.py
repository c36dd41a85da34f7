"""Who runs a lane: this process for itself, or one of many that share the work."""

from time import monotonic
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from scheduler.delivery_worker import Sender

SETTLING = 2.0  # seconds after a start in which a platform may still be taking what a killed process sent


class LaneName(NamedTuple):
    name: str  # as bot.core.platform.Pace has it
    platform: str
    space: str  # one of those that share the lane


class Engine(Protocol):
    def wake(self, lane: LaneName) -> None:
        """See to it that somebody runs the lane. To ask again for one that is run already changes nothing."""

    def holds(self) -> bool:
        """Whether the lanes that this process runs are still its own, so that it may send."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def runs(self) -> list[str]:
        """The names of the lanes that this process runs."""


class Embedded:
    """Every lane is run by this one process, from when something is first due in it until the end."""

    def __init__(self, sender: "Sender") -> None:
        self.sender = sender
        self.settled = 0.0

    def wake(self, lane: LaneName) -> None:
        if lane.name not in self.sender.lanes:
            self.sender.open(lane, self.settled)

    def holds(self) -> bool:
        return True

    async def start(self) -> None:
        """Nobody else sends: whatever is marked as being sent was left by a process that is gone."""
        self.settled = monotonic() + SETTLING
        await self.sender.take_over()

    async def stop(self) -> None:
        await self.sender.close(*self.sender.lanes)

    def runs(self) -> list[str]:
        return sorted(self.sender.lanes)
