"""The clock that people may move: forward only, and it stands where it stood after a restart."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.clock import MovableClock, RealClock, StoppedClock

FAR = datetime(2199, 1, 1, tzinfo=UTC)
PAST = datetime(2001, 1, 1, tzinfo=UTC)
NOON = datetime(2025, 9, 22, 12, tzinfo=UTC)


def test_movable_clock_runs_on_from_where_it_was_moved_to() -> None:
    clock = MovableClock()
    clock.move(FAR)
    first = clock.now()
    assert FAR <= first <= clock.now() < FAR + timedelta(days=1)


def test_movable_clock_never_goes_backward() -> None:
    clock = MovableClock(start=FAR)
    clock.move(PAST)
    assert clock.now() >= FAR


def test_movable_clock_starts_at_its_start() -> None:
    assert PAST <= MovableClock(start=PAST).now() < PAST + timedelta(days=1)


def test_movable_clock_stands_where_it_stood_after_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "not" / "there yet" / "clock.json"
    MovableClock(file).move(FAR)
    assert [each.name for each in file.parent.iterdir()] == ["clock.json"]
    assert MovableClock(file).now() >= FAR
    assert MovableClock(file, start=PAST).now() >= FAR


def test_movable_clock_saves_its_start(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    MovableClock(file, start=FAR)
    assert json.loads(file.read_text())["ahead_s"] > 0
    assert MovableClock(file).now() >= FAR


def test_movable_clock_saves_nothing_until_it_is_moved(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    MovableClock(file).move(PAST)
    assert not file.exists()


@pytest.mark.parametrize("clock", [RealClock(), MovableClock()])
def test_wait_is_what_is_left_until_then(clock: RealClock | MovableClock) -> None:
    hour = timedelta(hours=1)
    assert clock.now().tzinfo is UTC
    assert timedelta(0) < clock.wait(clock.now() + hour) <= hour
    assert clock.wait(clock.now() - hour) <= -hour


def test_stopped_clock_moves_only_when_told_and_only_forward() -> None:
    clock = StoppedClock(NOON)
    assert clock.wait(NOON + timedelta(minutes=5)) == timedelta(minutes=5)
    clock.move(NOON + timedelta(minutes=5))
    clock.move(NOON)
    assert clock.now() == NOON + timedelta(minutes=5)
