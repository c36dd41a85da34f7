"""The port for who runs a lane: this process alone (`local_runner`), or one of several (`cluster_runner`)."""

from typing import NamedTuple, Protocol


class LaneName(NamedTuple):
    """A lane, with one of the spaces that share it. `name` is the `lane` of bot.core.platform.RateLimit."""

    name: str
    platform: str
    space: str


class LaneRunner(Protocol):
    def wake(self, lane: LaneName) -> None:
        """Make sure that some process runs the lane. Changes nothing if one does already."""

    def owns_lanes(self) -> bool:
        """Return whether the lanes that this process runs are still its own, so that it may send."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def runs(self) -> list[str]:
        """Return the names of the lanes that this process runs."""
