"""Clocks. One tells the time for everything: the real one, or one that can be moved to watch a month pass.

Handlers see its time only as `ctx.now`, so tests and the playground can move it.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """Return the current time, aware, in UTC."""

    def wait(self, until: datetime) -> timedelta:
        """Return how much real time passes until `until`; zero or less if that is over."""


class RealClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def wait(self, until: datetime) -> timedelta:
        return until - self.now()


class MovableClock:
    """Runs at real speed from wherever it was last moved to. It can only be moved forward."""

    def __init__(self, file: Path | None = None, start: datetime | None = None) -> None:
        """`file` stores how far ahead the clock is, across restarts. `start` is the first time, if there is no file."""
        self.file = file
        self.ahead = timedelta(0)
        if file and file.exists():
            self.ahead = timedelta(seconds=json.loads(file.read_text())["ahead_s"])
        elif start:
            self.ahead = start - datetime.now(UTC)
            self._save()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def wait(self, until: datetime) -> timedelta:
        return until - self.now()

    def move(self, to: datetime) -> None:
        """Move forward to `to`. Does nothing if that is in the past."""
        if to > self.now():
            self.ahead += to - self.now()
            self._save()

    def _save(self) -> None:
        # Written beside the file and moved over it, so that a crash never leaves half a file.
        if self.file:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            draft = self.file.with_suffix(".new")
            draft.write_text(json.dumps({"ahead_s": self.ahead.total_seconds()}))
            draft.replace(self.file)


class StoppedClock:
    """Stands still until it is moved. For tests, and for previews of what would happen."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def wait(self, until: datetime) -> timedelta:
        return until - self.at

    def move(self, to: datetime) -> None:
        self.at = max(self.at, to)
