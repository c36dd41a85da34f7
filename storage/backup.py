"""A consistent copy of everything, taken while the bot works."""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

from sqlalchemy import make_url

from storage.db import Unusable


def back_up(url: str, to: Path) -> None:
    """Copy the database at `url` to the new file `to`, and make sure that the copy can be read.

    SQLite: a database file. PostgreSQL: what pg_dump writes (custom format, for pg_restore). Raises Unusable in words;
    an unfinished copy is not left behind.
    """
    if to.exists():
        raise Unusable(f"{to} is there already, and I do not overwrite a backup. Choose another name.")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        _copy(url, to)
    except (OSError, sqlite3.Error, subprocess.CalledProcessError) as fault:
        to.unlink(missing_ok=True)
        raise Unusable(f"The backup could not be made ({fault}). Check that {to.parent} can be written to.") from fault
    os.chmod(to, 0o600)  # it holds what people wrote in confidence


def _copy(url: str, to: Path) -> None:
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        if not address.database or not Path(address.database).exists():
            raise Unusable("There is no database yet, so there is nothing to back up.")
        _copy_sqlite(address.database, to)
    else:
        _dump_postgresql(address.set(drivername="postgresql").render_as_string(hide_password=False), to)


def _copy_sqlite(path: str, to: Path) -> None:
    source = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    copy = sqlite3.connect(to)
    try:
        source.backup(copy)
        # A copy of a WAL database is one too; a backup is one file that can be moved.
        copy.execute("PRAGMA journal_mode=DELETE")
        if (found := copy.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(f"the copy is damaged: {found}")
    finally:
        copy.close()
        source.close()


def _dump_postgresql(url: str, to: Path) -> None:
    program, check = shutil.which("pg_dump"), shutil.which("pg_restore")
    if program is None or check is None:
        raise Unusable(
            "Backing up PostgreSQL needs pg_dump and pg_restore, and they are not installed here. "
            "Install PostgreSQL’s client programs."
        )
    # The address holds the password, and arguments can be read by everybody on this machine.
    subprocess.run(  # noqa: S603  our own arguments, no shell
        [program, "--format=custom", "--no-owner", f"--file={to}", "--dbname", _without_password(url)],
        check=True,
        env={**os.environ, **_password(url)},
    )
    subprocess.run([check, "--list", str(to)], check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def _without_password(url: str) -> str:
    return make_url(url).set(password=None).render_as_string(hide_password=False)


def _password(url: str) -> dict[str, str]:
    password = make_url(url).password
    return {"PGPASSWORD": str(password)} if password else {}
