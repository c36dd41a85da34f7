"""Runs every lane in this one process, from when something is first due in it until the end."""

from time import monotonic

from scheduler.delivery_worker import DeliveryWorker
from scheduler.lane_runner import LaneName

SETTLING = 2.0  # seconds after a start in which a platform may still be taking what a killed process sent


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
        """Nobody else sends: whatever is marked as being sent was left by a process that is gone."""
        self.settled = monotonic() + SETTLING
        await self.worker.adopt_interrupted()

    async def stop(self) -> None:
        await self.worker.close(*self.worker.lanes)

    def runs(self) -> list[str]:
        return sorted(self.worker.lanes)
