"""What time it is. One clock for everything: the real one, or one that people may move on to watch a month pass."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""

    def wait(self, until: datetime) -> timedelta:
        """How long a real clock must run until it is `until`; zero or less when that has passed."""


class RealClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def wait(self, until: datetime) -> timedelta:
        return until - self.now()


class MovableClock:
    """Runs at the real pace from wherever it was last moved to; never backward."""

    def __init__(self, kept_in: Path | None = None, start: datetime | None = None) -> None:
        """`kept_in` is a small file that remembers where the clock stands; `start` is used when there is none yet."""
        self.kept_in = kept_in
        self.ahead = timedelta(0)
        if kept_in and kept_in.exists():
            self.ahead = timedelta(seconds=json.loads(kept_in.read_text())["ahead_s"])
        elif start:
            self.ahead = start - datetime.now(UTC)
            self._keep()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def wait(self, until: datetime) -> timedelta:
        return until - self.now()

    def move(self, to: datetime) -> None:
        if to > self.now():
            self.ahead += to - self.now()
            self._keep()

    def _keep(self) -> None:
        if self.kept_in:
            self.kept_in.parent.mkdir(parents=True, exist_ok=True)
            draft = self.kept_in.with_suffix(".new")
            draft.write_text(json.dumps({"ahead_s": self.ahead.total_seconds()}))
            draft.replace(self.kept_in)


class StoppedClock:
    """Stands still until it is moved: for tests, and for telling what would happen."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def wait(self, until: datetime) -> timedelta:
        return until - self.at

    def move(self, to: datetime) -> None:
        self.at = max(self.at, to)
