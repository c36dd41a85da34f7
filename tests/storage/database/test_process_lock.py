"""The process lock: one process at a time runs on a SQLite file, by whatever path it is named."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.database import UnusableDatabase, process_lock

HOLD = """
import sys
from storage.database import process_lock
with process_lock.held(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(url: str) -> Iterator[subprocess.Popen[str]]:
    """Hold the lock of `url` in a process of its own."""
    command = [sys.executable, "-c", HOLD, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'data' / 'commonplace.db'}"


def test_second_process_is_refused_and_told_who_runs(url: str, tmp_path: Path) -> None:
    with another_process(url) as other:
        with pytest.raises(UnusableDatabase) as refused, process_lock.held(url):
            raise AssertionError("two at once")
        assert f"{tmp_path / 'data' / 'commonplace.db'}: process {other.pid} on " in str(refused.value)
        holder = process_lock.holder(url)
    assert holder
    assert holder.pid == other.pid


def test_same_file_by_another_path_is_refused_too(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with another_process(url):
        (tmp_path / "link").symlink_to(tmp_path / "data")
        (tmp_path / "data" / "commonplace.db").touch()
        (tmp_path / "other.db").symlink_to(tmp_path / "data" / "commonplace.db")
        monkeypatch.chdir(tmp_path)
        for path in ("data/commonplace.db", "data/../data/commonplace.db", "link/commonplace.db", "other.db"):
            with (
                pytest.raises(UnusableDatabase, match="Another bot is running"),
                process_lock.held(f"sqlite:///{path}"),
            ):
                raise AssertionError(path)


def test_lock_is_free_once_its_process_is_killed(url: str) -> None:
    with another_process(url) as other:
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        assert process_lock.holder(url) is None
        with process_lock.held(url):
            assert (holder := process_lock.holder(url))
            assert holder.pid == os.getpid()
    assert process_lock.holder(url) is None


def test_two_processes_never_both_start(url: str) -> None:
    """Many that start at the same moment: one runs, and all others are refused."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", HOLD, url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for _each in range(4)
    ]
    # Each that is refused ends by itself, and the one that holds the lock waits for its input to end.
    outcomes = [process.stdout.readline() for process in processes if process.stdout]
    for process in processes:
        process.communicate()
    assert sorted(outcomes) == ["", "", "", "held\n"]


def test_looking_for_the_holder_creates_nothing(url: str, tmp_path: Path) -> None:
    assert process_lock.holder(url) is None
    assert list(tmp_path.iterdir()) == []


def test_lock_that_cannot_be_read_is_refused_in_words(url: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "commonplace.db.lock").write_bytes(b"\xff" * 8_192)
    with pytest.raises(UnusableDatabase, match="can’t lock"), process_lock.held(url):
        raise AssertionError("held")


def test_reader_of_the_database_is_not_in_the_way(url: str, tmp_path: Path) -> None:
    with process_lock.held(url):
        reading = sqlite3.connect(tmp_path / "data" / "commonplace.db")
        assert reading.execute("SELECT 1").fetchone() == (1,)
        reading.close()
