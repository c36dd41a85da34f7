"""The files of a SQLite database: where they are, and that only the user who runs the bot can read them.

SQLite gives the files it makes beside a database (`-wal`, `-shm`) the rights of the database itself.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.database.errors import UnusableDatabase

FILE, FOLDER = 0o600, 0o700
# Suffixes of the files that SQLite, or the bot, may keep next to a database.
BESIDE = ("-wal", "-shm", "-journal", ".lock")


def address_of(url: str) -> URL:
    """Parse the URL of a database. Raises UnusableDatabase if that fails, or if it names another kind of database."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as bad:
        raise UnusableDatabase(
            "DATABASE_URL is not an address I can read. It looks like sqlite:///data/commonplace.db or "
            "postgresql://user:password@host/name."
        ) from bad
    if address.drivername == "postgres":
        return address.set(drivername="postgresql")
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise UnusableDatabase("DATABASE_URL names a database I do not know. Use sqlite:///… or postgresql://…")
    return address


def file_of(url: str) -> Path | None:
    """Return the file of a SQLite database, with links followed; None for one in memory, and for PostgreSQL."""
    address = address_of(url)
    file = address.database or ":memory:"
    if address.get_backend_name() != "sqlite" or file.startswith((":memory:", "file:")):
        return None
    return Path(file).resolve()


def name_of(url: str) -> str:
    """Return what people know the database by: the path of its file, or its name and server. Never a password."""
    address = address_of(url)
    if address.get_backend_name() == "sqlite":
        return str(file_of(url) or "a database in memory")
    return f"{address.database or address.username or 'the database'} on {address.host or 'this machine'}"


def make_private(file: Path) -> None:
    """Create the file if it is missing, in a folder that is created too. Nobody else can read what is created.

    Raises UnusableDatabase if the folder can't be written to.
    """
    folder = file.parent
    try:
        folder.mkdir(mode=FOLDER, parents=True, exist_ok=True)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, FILE))
        probe = folder / f".writable-{os.getpid()}"
        probe.touch(FILE)
        probe.unlink()
    except OSError as why:
        raise UnusableDatabase(
            f"I cannot write to the data folder {folder} ({why.strerror}). Give this user the right to "
            "write there, or set COP_DATA to a folder that it may write to."
        ) from why


def readable_by_others(file: Path, folder: Path) -> Iterator[Path]:
    """Yield those of the database's files, backups beside it, and the data folder that other users can open.

    `folder` is left out where it isn't only the bot's: of another user, or with files of many, such as /tmp.
    """
    backups = folder / "backups"
    for path in (file, *(file.with_name(file.name + end) for end in BESIDE), *backups.glob("commonplace-*")):
        if _mode(path) & 0o077:
            yield path
    for path in (folder, backups):
        mode = _mode(path)
        if mode & 0o077 and not mode & stat.S_ISVTX and path.stat().st_uid == os.geteuid():
            yield path


def make_all_private(file: Path, folder: Path) -> tuple[list[Path], list[Path]]:
    """Take others' rights away where they have any. Returns the paths where that worked, and where it didn't."""
    open_paths = list(readable_by_others(file, folder))
    for path in open_paths:
        # Not ours to change: the caller tells.
        with suppress(OSError):
            path.chmod(FOLDER if path.is_dir() else FILE)
    left = list(readable_by_others(file, folder))
    return [path for path in open_paths if path not in left], left


def _mode(path: Path) -> int:
    """Return the file's mode; 0 if there is none, or where users have no rights of their own (Windows)."""
    try:
        return path.stat().st_mode if os.name == "posix" else 0
    except OSError:
        return 0
