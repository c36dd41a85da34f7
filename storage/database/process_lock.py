"""The process lock: one process at a time runs on a SQLite file, because two would send the same messages twice.

It is a write lock of SQLite's own on a small file beside the database. So it works wherever the database works, and the
operating system releases it when the process ends, however that happens. Commands that only read, or write a little
while the bot runs (backup, export, closures), don't take it.

On PostgreSQL any number of processes share the work, and there is no such lock.
"""

import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage.database.errors import UnusableDatabase
from storage.database.files import file_of, make_private

# Seconds to wait for the lock: one process may be ending while the next starts, or `holder` may be looking.
PATIENCE = 1.0
HOLDER = "CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL, host TEXT NOT NULL, since TEXT NOT NULL)"


@dataclass(frozen=True)
class Holder:
    """The process that runs on a database file. `pid` counts inside `host`, which may be a container."""

    pid: int
    host: str
    since: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, since {self.since} UTC"


@contextmanager
def held(url: str) -> Iterator[None]:
    """Hold the process lock of the database at `url` while inside. Raises UnusableDatabase if another process does."""
    file = file_of(url)
    if file is None:
        yield
        return
    lock = _acquire(file)
    try:
        yield
    finally:
        lock.close()


def holder(url: str) -> Holder | None:
    """Return which process runs on the database at `url`; None if none does, or on PostgreSQL. Creates no file."""
    file = file_of(url)
    beside = file and _beside(file)
    if beside is None or not beside.exists():
        return None
    with closing(sqlite3.connect(f"{beside.as_uri()}?mode=rw", uri=True, timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as why:
            return _read(lock) if _is_busy(why) else None
    return None


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.lock")


def _acquire(file: Path) -> sqlite3.Connection:
    beside = _beside(file)
    make_private(beside)
    # Held by whichever thread starts the process, and closed by another.
    lock = sqlite3.connect(beside, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("BEGIN IMMEDIATE")
        _write(lock)
        lock.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as why:
        other = _read(lock) if _is_busy(why) else None
        lock.close()
        if not _is_busy(why):
            raise UnusableDatabase(f"I can’t lock {beside} ({why}). Check its disk, or delete that file.") from why
        raise UnusableDatabase(
            f"Another bot is running on {file}" + (f": {other}. " if other else ". ") + "Only one at a time can use a "
            "SQLite file, or people would get messages twice. Stop that one first, or set COP_DATA to another folder."
        ) from why
    return lock


def _write(lock: sqlite3.Connection) -> None:
    """Write who holds the lock, and commit. Without that, on a full disk, the lock is as good."""
    with suppress(sqlite3.OperationalError):
        lock.execute(HOLDER)
        lock.execute("DELETE FROM holder")
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
        lock.execute("INSERT INTO holder VALUES (?, ?, ?)", (os.getpid(), socket.gethostname(), now))
        lock.execute("COMMIT")
    if lock.in_transaction:
        lock.execute("ROLLBACK")


def _read(lock: sqlite3.Connection) -> Holder | None:
    with suppress(sqlite3.Error):
        if row := lock.execute("SELECT pid, host, since FROM holder").fetchone():
            return Holder(*row)
    return None


def _is_busy(why: sqlite3.Error) -> bool:
    return why.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
