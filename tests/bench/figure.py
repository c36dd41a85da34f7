"""One measured number, and what the same work costs without us (the baseline)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`value` and `baseline` are in `unit`."""

    name: str
    value: float
    unit: str
    baseline: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.baseline if self.baseline else None
