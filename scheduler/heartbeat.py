"""Heartbeat: how a process of a cluster knows that no other process has taken over its lanes yet.

A process that can't write its heartbeat stops sending after OURS seconds. Others take its lanes over after STALLED
seconds, which is later, so no lane is ever run twice.
"""

from time import monotonic

from procrastinate.manager import JobManager

HEARTBEAT = 1.0  # seconds between two heartbeats
OURS = 7.0  # seconds after its last heartbeat for which a process still sends
STALLED = 9.0  # seconds without a heartbeat after which others take over a process's lanes


class Lapsed(Exception):
    """The last heartbeat is so long ago that other processes may have taken over."""


class Manager(JobManager):
    """Procrastinate's job manager, which also remembers when this process last wrote its heartbeat."""

    seen = -OURS  # monotonic

    async def register_worker(self) -> int:
        began = monotonic()
        id = await super().register_worker()
        self.seen = began
        return id

    async def update_heartbeat(self, worker_id: int) -> None:
        """Write the heartbeat. Raises Lapsed if it is too late for that."""
        if not self.ours:
            raise Lapsed
        began = monotonic()
        await super().update_heartbeat(worker_id)
        self.seen = began

    @property
    def ours(self) -> bool:
        """Whether the lanes of this process are certainly still its own."""
        return monotonic() - self.seen < OURS
