"""Backups: a consistent copy of the whole database, made while the bot runs."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL
from sqlmodel import SQLModel

from storage.database import UnusableDatabase, faults, file_of
from storage.database.files import FOLDER, address_of


def back_up(url: str, to: Path) -> int | None:
    """Copy the database at `url` to the new file `to`, and check that it can be restored. Returns the number of rows.

    Left out are the answers to rounds that are open of which nobody can tell who wrote them.

    For SQLite the backup is a database file. For PostgreSQL it is what pg_dump writes (custom format, for pg_restore);
    only its list of contents is read back, so its rows are not counted (None). Raises UnusableDatabase, and leaves no
    unfinished file behind.
    """
    if (file := file_of(url)) is not None:
        _refuse_empty(file)
    if to.exists():
        raise UnusableDatabase(f"{to} is there already, and I do not overwrite a backup. Choose another name.")
    try:
        to.parent.mkdir(mode=FOLDER, parents=True, exist_ok=True)
        rows = _copy(url, to)
    except (OSError, sqlite3.Error, subprocess.CalledProcessError) as fault:
        to.unlink(missing_ok=True)
        raise UnusableDatabase(
            f"The backup could not be made ({fault}). Check that {to.parent} can be written to."
        ) from fault
    # It contains what people wrote in confidence.
    os.chmod(to, 0o600)
    return rows


def _copy(url: str, to: Path) -> int | None:
    if file := file_of(url):
        copy_sqlite(file, to)
        # What was deleted long ago may still be readable in the unused parts of the file.
        with closing(sqlite3.connect(to, isolation_level=None)) as copy:
            there = {name for (name,) in copy.execute("SELECT name FROM sqlite_schema")}
            for name in left_out() & there:
                copy.execute(f"DELETE FROM {name}")  # noqa: S608
            copy.execute("VACUUM")
        return _rehearse(to)
    _dump_postgresql(address_of(url), to)
    return None


def left_out() -> set[str]:
    """Return the tables that would tell who answered what, if two backups were compared."""
    # Here, because it imports this module too; without it, not every table would be known.
    import_module("storage.database.metadata")
    return {table.name for table in SQLModel.metadata.sorted_tables if not table.info.get("in_backups", True)}


def _refuse_empty(file: Path) -> None:
    """Raise UnusableDatabase if there is no database of the bot: a backup of nothing would look like one of all."""
    if not file.exists():
        raise UnusableDatabase(f"There is no database at {file}, so there’s nothing to back up. cop doctor says more.")
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as reading:
        try:
            is_ours = reading.execute("SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'").fetchone()
        except sqlite3.Error as fault:
            raise UnusableDatabase(faults.explain(fault, f"sqlite:///{file}")) from fault
    if not is_ours:
        raise UnusableDatabase(f"{file} has no tables of the bot, so there’s nothing to back up. cop doctor says more.")


def copy_sqlite(source: Path, to: Path) -> None:
    """Copy a snapshot of `source` to `to`, whoever writes to it meanwhile. Raises sqlite3.Error."""
    to.touch(mode=0o600)
    reading, copy = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True), sqlite3.connect(to)
    try:
        reading.backup(copy)
        # The copy of a database in WAL mode is in WAL mode too. Without, the backup is a single file to move.
        copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        copy.close()
        reading.close()


def _rehearse(backup: Path) -> int:
    """Restore the backup to a temporary file and compare the number of rows. Returns how many rows there are."""
    with TemporaryDirectory(dir=backup.parent) as folder:
        copy_sqlite(backup, scratch := Path(folder) / "scratch.db")
        rows, restored = counted(backup), counted(scratch)
    if rows != restored:
        raise sqlite3.DatabaseError("what was read back is not what was written")
    return sum(rows.values())


def counted(path: Path) -> dict[str, int]:
    """Return the number of rows by table. Raises sqlite3.DatabaseError if the database is damaged."""
    reading = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        if (found := reading.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(f"it is damaged: {found}")
        if reading.execute("PRAGMA foreign_key_check").fetchone():
            raise sqlite3.DatabaseError("it is damaged: rows point to rows that are not there")
        names = [name for (name,) in reading.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: reading.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
    finally:
        reading.close()


def _dump_postgresql(address: URL, to: Path) -> None:
    program, check = shutil.which("pg_dump"), shutil.which("pg_restore")
    if program is None or check is None:
        raise UnusableDatabase(
            "Backing up PostgreSQL needs pg_dump and pg_restore, and they are not installed here. "
            "Install PostgreSQL’s client programs."
        )
    # The password goes into the environment: every user of this machine can read a program's arguments.
    subprocess.run(  # noqa: S603  our own arguments, no shell
        [
            program,
            "--format=custom",
            "--no-owner",
            *(f"--exclude-table-data={name}" for name in sorted(left_out())),
            f"--file={to}",
            "--dbname",
            without_password(address),
        ],
        check=True,
        env={**os.environ, **_password(address)},
    )
    subprocess.run([check, "--list", str(to)], check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def without_password(address: URL) -> str:
    """Return the URL as PostgreSQL's programs take it. They ask for the password, or get it some other way."""
    # URL.set(password=None) would keep the password.
    return address._replace(drivername="postgresql", password=None).render_as_string()


def _password(address: URL) -> dict[str, str]:
    return {"PGPASSWORD": str(address.password)} if address.password else {}
