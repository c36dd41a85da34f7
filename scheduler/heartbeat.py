"""Signs of life: how a process that is one of many knows that nobody has taken its work over yet."""

from time import monotonic

from procrastinate.manager import JobManager

HEARTBEAT = 1.0  # seconds between two signs of life
OURS = 7.0  # seconds after its last sign of life for which a process still sends
STALLED = 9.0  # seconds without one after which others take over its lanes; by then it has stopped by itself


class Lapsed(Exception):
    """No sign of life could be given for so long that others may have taken over."""


class Manager(JobManager):
    """Knows when this process last gave a sign of life."""

    seen = -OURS  # monotonic

    async def register_worker(self) -> int:
        began = monotonic()
        id = await super().register_worker()
        self.seen = began
        return id

    async def update_heartbeat(self, worker_id: int) -> None:
        if not self.ours:
            raise Lapsed
        began = monotonic()
        await super().update_heartbeat(worker_id)
        self.seen = began

    @property
    def ours(self) -> bool:
        return monotonic() - self.seen < OURS
