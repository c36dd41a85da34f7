"""One measured number, and beside it what the same work costs without us."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str
    baseline: float | None = None  # the same unit

    @property
    def ratio(self) -> float | None:
        return self.value / self.baseline if self.baseline else None
