"""Ready means that the database takes writes, its disk has room, and all of it can be read."""

import multiprocessing
import resource
import sqlite3
from collections.abc import Iterator
from multiprocessing.queues import Queue
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.operations import readiness
from bot.operations.readiness import DatabaseProbe
from storage import database


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "commonplace.db"


@pytest.fixture
def own(file: Path) -> Iterator[Engine]:
    engine = database.connect(f"sqlite:///{file}")
    database.upgrade(engine)
    yield engine
    engine.dispose()


def test_healthy_database_has_no_problem(engine: Engine) -> None:
    """On both databases."""
    assert DatabaseProbe(engine).problem() == ""


def test_result_stands_for_a_few_seconds(own: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    probe = DatabaseProbe(own, clock := Clock())
    checks: list[None] = []

    def check() -> str:
        checks.append(None)
        return ""

    monkeypatch.setattr(probe, "_check", check)
    for seconds, expected in ((0.0, 1), (readiness.STANDS - 1, 1), (readiness.STANDS, 2)):
        clock.now = seconds
        assert (probe.problem(), len(checks)) == ("", expected)


def test_locked_database_is_a_problem_until_it_is_free(
    own: Engine, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "PATIENCE_MS", 50)
    probe = DatabaseProbe(own, clock := Clock())
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "kept it locked" in probe.problem()
    other.close()
    clock.now = readiness.STANDS
    assert probe.problem() == ""


def test_database_that_others_write_to_meanwhile_is_ready(
    own: Engine, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Busy isn't locked: while it waited, somebody has committed."""
    monkeypatch.setattr(readiness, "PATIENCE_MS", 50)
    versions = iter([1, 2])
    monkeypatch.setattr(readiness, "_version", lambda _connection: next(versions))
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert DatabaseProbe(own).problem() == ""
    other.close()


def test_destroyed_page_is_found_while_the_bot_runs(own: Engine, file: Path) -> None:
    probe = DatabaseProbe(own, clock := Clock())
    assert probe.problem() == ""
    with sqlite3.connect(file) as reading:
        reading.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [page] = reading.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'reflection'").fetchone()
    with file.open("r+b") as opened:
        opened.seek((page - 1) * 4_096)
        opened.write(b"\xff" * 4_096)
    clock.now = 1_000.0
    assert "damaged" in probe.problem()
    clock.now = 2_000.0
    assert "damaged" in probe.problem(), "it stays damaged, although the file hasn't changed"


def test_missing_file_is_a_problem(own: Engine, file: Path) -> None:
    own.dispose()
    file.unlink()
    assert "can’t open it" in DatabaseProbe(own).problem()


def _problem_without_room(file: Path, most: int, said: "Queue[str]") -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    said.put(DatabaseProbe(database.connect(f"sqlite:///{file}", create=False)).problem())


@pytest.mark.parametrize(
    "most",
    [
        pytest.param(1_000, id="SQLite can't write"),
        pytest.param(readiness.ROOM - 1, id="SQLite writes into room that it had"),
    ],
)
def test_full_disk_is_a_problem(own: Engine, file: Path, most: int) -> None:
    """No file may grow beyond a limit, as where the disk or the user's share of it is full."""
    own.dispose()
    context = multiprocessing.get_context("spawn")
    said: Queue[str] = context.Queue()
    process = context.Process(target=_problem_without_room, args=[file, most, said])
    process.start()
    problem = said.get(timeout=60)
    process.join()
    assert "disk" in problem
    assert not file.with_name(f"{file.name}.room").exists()
