"""A consistent copy of everything, taken while the bot works."""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, make_url

from storage.database import Unusable


def back_up(url: str, to: Path) -> int | None:
    """Copy the database at `url` to the new file `to`, and rehearse going back to it. Returns how many rows it holds.

    SQLite: a database file. PostgreSQL: what pg_dump writes (custom format, for pg_restore), whose list of contents is
    read back; its rows are not counted (None). Raises Unusable in words; an unfinished copy is not left behind.
    """
    if to.exists():
        raise Unusable(f"{to} is there already, and I do not overwrite a backup. Choose another name.")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        rows = _copy(url, to)
    except (OSError, sqlite3.Error, subprocess.CalledProcessError) as fault:
        to.unlink(missing_ok=True)
        raise Unusable(f"The backup could not be made ({fault}). Check that {to.parent} can be written to.") from fault
    os.chmod(to, 0o600)  # it holds what people wrote in confidence
    return rows


def _copy(url: str, to: Path) -> int | None:
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        if not address.database or not Path(address.database).exists():
            raise Unusable("There is no database yet, so there is nothing to back up.")
        copy_sqlite(Path(address.database), to)
        return _rehearse(to)
    _dump_postgresql(address, to)
    return None


def copy_sqlite(source: Path, to: Path) -> None:
    """Every page of `source` as it is at one moment, whoever writes meanwhile. Raises sqlite3.Error."""
    to.touch(mode=0o600)
    reading, copy = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True), sqlite3.connect(to)
    try:
        reading.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # a copy of a WAL database is one too; this is one file to move
    finally:
        copy.close()
        reading.close()


def _rehearse(backup: Path) -> int:
    """Go back to the copy in a file that is thrown away, and read all of it; returns how many rows there are."""
    with TemporaryDirectory(dir=backup.parent) as folder:
        copy_sqlite(backup, scratch := Path(folder) / "scratch.db")
        held, restored = counted(backup), counted(scratch)
    if held != restored:
        raise sqlite3.DatabaseError("what was read back is not what was written")
    return sum(held.values())


def counted(path: Path) -> dict[str, int]:
    """How many rows each table of a sound SQLite database has. Raises sqlite3.DatabaseError for a damaged one."""
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
        raise Unusable(
            "Backing up PostgreSQL needs pg_dump and pg_restore, and they are not installed here. "
            "Install PostgreSQL’s client programs."
        )
    # The address holds the password, and arguments can be read by everybody on this machine.
    subprocess.run(  # noqa: S603  our own arguments, no shell
        [program, "--format=custom", "--no-owner", f"--file={to}", "--dbname", without_password(address)],
        check=True,
        env={**os.environ, **_password(address)},
    )
    subprocess.run([check, "--list", str(to)], check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def without_password(address: URL) -> str:
    """As PostgreSQL's programs take it; the password is asked for, or comes by another way."""
    return address._replace(drivername="postgresql", password=None).render_as_string()  # set() keeps a password


def _password(address: URL) -> dict[str, str]:
    return {"PGPASSWORD": str(address.password)} if address.password else {}
