"""The port that decides who runs a lane: this process alone (local_runner), or one of many (cluster_runner)."""

from typing import NamedTuple, Protocol


class LaneName(NamedTuple):
    name: str  # as bot.core.platform.RateLimit has it
    platform: str
    space: str  # one of those that share the lane


class LaneRunner(Protocol):
    def wake(self, lane: LaneName) -> None:
        """See to it that somebody runs the lane. To ask again for one that is run already changes nothing."""

    def owns_lanes(self) -> bool:
        """Whether the lanes that this process runs are still its own, so that it may send."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def runs(self) -> list[str]:
        """The names of the lanes that this process runs."""
