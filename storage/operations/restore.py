"""Restores a SQLite backup. Refuses while a bot uses the database, and keeps the database that was there.

For PostgreSQL, says which commands to type.
"""

import os
import shlex
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from sqlalchemy import URL

from storage import database
from storage.database import UnusableDatabase, file_of, process_lock
from storage.database.files import FOLDER, address_of
from storage.messaging.outbox import SENDING, UNCERTAIN, WAITING
from storage.operations.backup import copy_sqlite, counted, without_password

# Suffixes of the files that SQLite may keep next to a database.
BESIDE = ("-wal", "-shm", "-journal")
# These messages may have been delivered since the backup was made. An uncertain one is looked up on its platform
# before it is sent again.
MAKE_UNCERTAIN = f"UPDATE outgoing SET state = '{UNCERTAIN}' WHERE state IN ('{WAITING}', '{SENDING}') AND receipt = ''"  # noqa: S608
POSTGRESQL = """I go back to copies of SQLite databases only. PostgreSQL’s own programs do it here. Stop all bots, then:

    {commands}

This fills a new database, and the one you have stays as it is. The last step has the bot ask its platforms about
messages that may have been delivered since. Then put {name} in the place of {old} in DATABASE_URL, and
start the bot."""


@dataclass(frozen=True)
class Restored:
    """How many rows were restored, and where the database that was there before is now, if there was one."""

    rows: int
    previous: Path | None


def restore(url: str, backup: Path, now: datetime) -> Restored:
    """Put `backup` in the place of the database at `url`. If it raises UnusableDatabase, nothing was changed."""
    target = file_of(url)
    if target is None:
        raise UnusableDatabase(_by_hand(address_of(url), backup))
    if holder := process_lock.holder(url):
        raise UnusableDatabase(f"A bot is running on {target}: {holder}. Stop it, then restore again. Nothing changed.")
    if not backup.is_file():
        raise UnusableDatabase(
            f"There is no file {backup}. cop backup writes its copies to the folder backups beside the data."
        )
    if target.exists() and backup.samefile(target):
        raise UnusableDatabase(f"{backup} is the database itself. Name a copy that cop backup made.")
    target.parent.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    scratch = target.with_name(f"{target.name}.restoring")
    set_aside = _unused(target.with_name(f"{target.stem}-before-{now:%Y%m%d-%H%M%S}{target.suffix}"))
    try:
        rows = _read(backup, scratch)
        existed = _exchange(target, scratch, set_aside)
    except OSError as fault:
        raise UnusableDatabase(
            f"I cannot write to {target.parent} ({fault.strerror}), so nothing was changed."
        ) from fault
    finally:
        scratch.unlink(missing_ok=True)
    return Restored(rows, set_aside if existed else None)


def _by_hand(address: URL, backup: Path) -> str:
    """Return what to type on PostgreSQL."""
    old, name = address.database or "", f"{address.database}_restored"
    old_url, new_url = without_password(address), without_password(address.set(database=name))
    steps = (
        ("createdb", "--maintenance-db", old_url, name),
        ("pg_restore", "--no-owner", "--single-transaction", "--dbname", new_url, f"{backup}"),
        ("psql", "--set", "ON_ERROR_STOP=1", "--command", MAKE_UNCERTAIN, new_url),
    )
    return POSTGRESQL.format(commands="\n    ".join(map(shlex.join, steps)), name=name, old=old)


def _unused(wanted: Path) -> Path:
    """Return `wanted`, numbered if it exists: two restores may happen in the same second."""
    names = (wanted.with_stem(f"{wanted.stem}-{n}") for n in count(2))
    return wanted if not wanted.exists() else next(name for name in names if not name.exists())


def _read(backup: Path, scratch: Path) -> int:
    """Copy the backup to `scratch` and check it. Returns how many rows it has."""
    # A restore that was killed may have left the file behind.
    scratch.unlink(missing_ok=True)
    try:
        copy_sqlite(backup, scratch)
        rows = counted(scratch)
        _refuse_newer(scratch, rows)
        _mark_uncertain(scratch)
    except sqlite3.Error as fault:
        raise UnusableDatabase(f"{backup} cannot be used as a backup ({fault}). Try an earlier one.") from fault
    return sum(rows.values())


def _refuse_newer(scratch: Path, rows: dict[str, int]) -> None:
    if "alembic_version" not in rows:
        raise sqlite3.DatabaseError("it is no database of Commonplace")
    copy = sqlite3.connect(scratch)
    (at,) = copy.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
    copy.close()
    if not database.knows(at):
        raise UnusableDatabase(
            f"This backup is from a newer version of Commonplace (its tables are at {at}). Install that version, and "
            "go back with it."
        )


def _mark_uncertain(scratch: Path) -> None:
    copy = sqlite3.connect(scratch)
    with copy:
        copy.execute(MAKE_UNCERTAIN)
    copy.close()


def _exchange(target: Path, scratch: Path, set_aside: Path) -> bool:
    """Move the database to `set_aside`, and `scratch` to its place. Returns whether there was a database."""
    if not target.exists():
        os.replace(scratch, target)
        return False
    # With the lock, a bot that starts at this moment waits, and cannot write to the file that was moved away.
    lock = _lock(target)
    try:
        os.rename(target, set_aside)
        for end in BESIDE:
            if (extra := target.with_name(target.name + end)).exists():
                os.rename(extra, set_aside.with_name(set_aside.name + end))
        os.replace(scratch, target)
    finally:
        if lock:
            lock.close()
    return True


def _lock(target: Path) -> sqlite3.Connection | None:
    """Lock the database until the connection is closed; None if it is too damaged to be locked.

    Raises UnusableDatabase if a bot has it open.
    """
    lock = sqlite3.connect(target, timeout=0, isolation_level=None)
    try:
        # SQLite refuses to leave WAL mode while another process has the file open, even an idle one.
        (mode,) = lock.execute("PRAGMA journal_mode=DELETE").fetchone()
        if mode == "delete":
            lock.execute("BEGIN EXCLUSIVE")
            return lock
    except sqlite3.OperationalError as why:
        lock.close()
        if why.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise UnusableDatabase(
                f"A bot works on {target}. Stop it first, then go back; nothing was changed."
            ) from why
        return None
    except sqlite3.DatabaseError:
        lock.close()
        return None
    lock.close()
    raise UnusableDatabase(f"A bot works on {target}. Stop it first, then go back; nothing was changed.")
