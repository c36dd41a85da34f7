"""Whether the database does its work at this moment: it takes writes, has room, and can be read.

The check writes: a row is written as it is and committed, and on SQLite a small file beside the database shows that its
disk has room. That costs a wait for the disk, so for a few seconds the last result stands. All of a SQLite file is read
again when it changed, which finds a page that a bad disk or another program has destroyed.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Lock
from time import monotonic

from sqlalchemy import Engine, text
from sqlmodel import Session

from storage import database
from storage.database import faults

STANDS = 5.0  # seconds for which a result is given again
PATIENCE_MS = 2_000  # to get the write lock
ROOM = 64 * 1024  # bytes that the disk must have room for
# Reading all of a large file takes time: at most this share of all time.
SHARE = 0.01
TOUCH = "UPDATE alembic_version SET version_num = version_num"


class DatabaseProbe:
    """Checks the database of `engine`. Methods block: call them in a thread. Several threads may."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = monotonic) -> None:
        self.engine, self.clock = engine, clock
        self.url = engine.url.render_as_string(hide_password=False)
        self.file = database.file_of(self.url)
        self._one = Lock()
        self._result, self._stands_until = "", -1.0
        # What is damaged, the file's time when it was read, and when it may be read again.
        self._damage, self._read_at, self._read_again = "", -1, -1.0

    def problem(self) -> str:
        """Return what is wrong with the database, in words; "" if nothing is."""
        with self._one:
            if self.clock() >= self._stands_until:
                self._result = self._check()
                self._stands_until = self.clock() + STANDS
            return self._result

    def _check(self) -> str:
        try:
            if self.file is None:
                self._write_anywhere()
                return ""
            self._write(self.file)
            return self._read(self.file)
        except OSError as why:
            return f"Its disk takes no more data ({why.strerror}). Make room."
        except Exception as fault:
            return faults.advice(fault, self.url)

    def _write_anywhere(self) -> None:
        with Session(self.engine) as session, session.begin():
            if self.engine.dialect.name == "postgresql":
                session.execute(text(f"SET LOCAL lock_timeout = {PATIENCE_MS}"))
                session.execute(text(f"SET LOCAL statement_timeout = {PATIENCE_MS}"))
            session.execute(text(TOUCH))

    def _write(self, file: Path) -> None:
        """Write to the file. Raises what SQLite or the disk raises."""
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, isolation_level=None)) as writing:
            writing.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")
            before = _version(writing)
            try:
                writing.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as why:
                # Where others write one after the other, it takes writes.
                if why.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY and _version(writing) != before:
                    return
                raise
            writing.execute(TOUCH)
            writing.execute("COMMIT")
        # SQLite may have written into room that it had already.
        room = file.with_name(f"{file.name}.room")
        try:
            room.touch(0o600)
            with room.open("r+b") as filling:
                filling.write(b"\0" * ROOM)
                filling.flush()
                os.fsync(filling.fileno())
        finally:
            room.unlink(missing_ok=True)

    def _read(self, file: Path) -> str:
        """Read all of the file, if it changed since it was read. Returns what is damaged, or ""."""
        changed = file.stat().st_mtime_ns
        if changed != self._read_at and self.clock() >= self._read_again:
            began = self.clock()
            with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as reading:
                [found] = reading.execute("PRAGMA quick_check(1)").fetchone()
            self._read_at, self._read_again = changed, began + (self.clock() - began) / SHARE
            self._damage = "" if found == "ok" else "It is damaged. Stop the bot and restore a backup with cop restore."
        return self._damage


def _version(connection: sqlite3.Connection) -> int:
    [(version,)] = connection.execute("PRAGMA data_version").fetchall()
    return int(version)
