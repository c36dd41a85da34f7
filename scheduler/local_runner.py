"""Lane runner of a single process: runs each lane from when something is first due in it until shutdown."""

from time import monotonic

from scheduler.delivery_worker import DeliveryWorker
from scheduler.lane_runner import LaneName

# Seconds after a start for which a platform may still be accepting what a killed process sent.
SETTLING = 2.0


class LocalRunner:
    def __init__(self, worker: DeliveryWorker) -> None:
        self.worker = worker
        self.settled = 0.0

    def wake(self, lane: LaneName) -> None:
        if lane.name not in self.worker.lanes:
            self.worker.open(lane, self.settled)

    def owns_lanes(self) -> bool:
        return True

    async def start(self) -> None:
        """Recover deliveries in SENDING. No other process sends, so a dead one left them."""
        self.settled = monotonic() + SETTLING
        await self.worker.adopt_interrupted()

    async def stop(self) -> None:
        await self.worker.close(*self.worker.lanes)

    def runs(self) -> list[str]:
        return sorted(self.worker.lanes)
