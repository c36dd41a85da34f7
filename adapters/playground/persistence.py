"""The SQLite file in which a pretend workspace is saved."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from bot.i18n import gettext as _

VERSION = 1

TABLES = """
create table about (name text not null);
create table people (id text primary key, name text not null, blurb text not null, can_manage integer not null,
                     zone text not null);
create table channels (id text primary key, name text not null, topic text not null);
create table posts (id integer primary key autoincrement, place text not null, under integer references posts,
                    author text not null, words text not null, message text, at text not null, edited text,
                    ref text unique);
create index posts_in_place on posts (place, under, id);
create table seen (person text not null, place text not null, post integer not null, primary key (person, place));
"""


class UnusableWorkspace(Exception):
    """The file can't be used. The text says why, and what to do."""


class Store:
    """The SQLite database. Several threads may use it."""

    def __init__(self, path: Path, name: str = "Commonplace") -> None:
        """Open the file at `path`, or create it with a workspace called `name`. Raises UnusableWorkspace."""
        self._turn = RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        except (OSError, sqlite3.Error) as fault:
            raise _unusable(path, fault) from fault
        try:
            self._open_schema(path, name)
        except sqlite3.Error as fault:
            self._db.close()
            raise _unusable(path, fault) from fault
        except UnusableWorkspace:
            self._db.close()
            raise

    def _open_schema(self, path: Path, name: str) -> None:
        version = self._db.execute("pragma user_version").fetchone()[0]
        if version > VERSION:
            raise UnusableWorkspace(
                _("{path} was made by a newer version. Use that version, or start over with another file.").format(
                    path=path
                )
            )
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")
        if version == 0:
            with self.writing() as db:
                for statement in TABLES.split(";"):
                    db.execute(statement)
                db.execute("insert into about values (?)", (name,))
                db.execute(f"pragma user_version = {VERSION:d}")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection in a write transaction, which an exception rolls back."""
        with self._turn:
            self._db.execute("begin immediate")
            try:
                yield self._db
            except BaseException:
                self._db.execute("rollback")
                raise
            self._db.execute("commit")

    def rows(self, sql: str, *values: str | int) -> list[tuple[Any, ...]]:
        with self._turn:
            return self._db.execute(sql, values).fetchall()

    def close(self) -> None:
        self._db.close()


def _unusable(path: Path, fault: Exception) -> UnusableWorkspace:
    words = _("The playground cannot keep its workspace in {path} ({fault}). Check that the folder can be written to.")
    return UnusableWorkspace(words.format(path=path, fault=fault))
