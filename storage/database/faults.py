"""What a database error means, and what to do about it, in words for the person who runs the bot."""

import re
import sqlite3

from sqlalchemy.exc import DBAPIError

from storage.database.files import address_of, name_of

SQLITE = {
    sqlite3.SQLITE_NOTADB: "It isn’t a database, or it is damaged at its beginning. Restore a backup with cop restore.",
    sqlite3.SQLITE_CORRUPT: "It is damaged. Stop the bot and restore a backup with cop restore.",
    sqlite3.SQLITE_BUSY: "Another program has kept it locked. Find and stop that program, then try again.",
    sqlite3.SQLITE_LOCKED: "Another program has kept it locked. Find and stop that program, then try again.",
    sqlite3.SQLITE_READONLY: "This user can’t write to it. Check who owns the file and its folder.",
    sqlite3.SQLITE_PERM: "This user can’t open it. Check who owns the file and its folder.",
    sqlite3.SQLITE_CANTOPEN: "This user can’t open it. Check who owns the file and its folder.",
    sqlite3.SQLITE_FULL: "Its disk is full, or this user may not use more of it. Make room, then try again.",
    sqlite3.SQLITE_IOERR: "Its disk doesn’t read or write as it should. Check the disk, and that it isn’t full.",
}
# What PostgreSQL, or the way to it, says: while connecting there is no error code, only words.
POSTGRESQL = (
    (r"password authentication failed|no password supplied", "It refuses the user or the password in DATABASE_URL."),
    (r"role \S+ does not exist", "It doesn’t know the user in DATABASE_URL. Create the user, or correct the name."),
    (
        r"database \S+ does not exist",
        "The server has no database of that name. Create it with createdb, or correct DATABASE_URL.",
    ),
    (
        r"resolve host|translate host|Name or service|nodename",
        "No machine of that name can be found. Check the host in DATABASE_URL. If the password holds / # @ or :, write "
        "them as %2F %23 %40 and %3A.",
    ),
    (
        r"onnection refused|No such file or directory",
        "No PostgreSQL answers there. Start it, and check host and port in DATABASE_URL.",
    ),
    (r"timeout|timed out|unreachable|No route", "It doesn’t answer. Check the network and any firewall."),
    (r"pg_hba", "It doesn’t let this user in from this machine. Allow it in the server’s pg_hba.conf."),
    (r"too many (clients|connections)|connection slots", "It has no free connection. Raise max_connections there."),
    (
        r"starting up|shutting down|recovery mode|closed the connection|terminating connection|reset by peer",
        "PostgreSQL has stopped, or is starting or stopping. Try again in a minute, or start it.",
    ),
    (r"read-only", "It takes no writes now: a standby, or set to read only. Name the server that takes writes."),
    (r"No space left|could not extend", "Its disk is full. Make room there, then try again."),
)
CODES = {
    # Connecting lets everybody in, so these come from a statement.
    "42501": "The user in DATABASE_URL isn’t allowed to do that. As its owner, run: GRANT CREATE ON DATABASE "
    "{database} TO {user}; GRANT ALL ON SCHEMA public TO {user}; GRANT ALL ON ALL TABLES IN SCHEMA public TO {user}",
    "42P01": "A table is missing. Restore a backup, or name the right database.",
    "53100": "Its disk is full. Make room there, then try again.",
}
OTHERWISE = "Check that it runs, and that DATABASE_URL names it. cop doctor checks more."


def explain(fault: Exception, url: str) -> str:
    """Return which database can't be used, why, and what to do. Never contains its password."""
    return f"I can’t use the database {name_of(url)}. {advice(fault, url)}"


def advice(fault: Exception, url: str) -> str:
    """Return what is wrong with the database at `url`, and what to do, without naming it."""
    driver_fault = fault.orig if isinstance(fault, DBAPIError) and fault.orig else fault
    code = getattr(driver_fault, "sqlite_errorcode", None)
    if code is not None and (found := SQLITE.get(code & 0xFF)):
        return found
    address, said = address_of(url), _cleaned(str(driver_fault), address_of(url).password)
    if found := CODES.get(getattr(driver_fault, "sqlstate", None) or ""):
        return found.format(database=address.database, user=address.username)
    found = next((advice for pattern, advice in POSTGRESQL if re.search(pattern, said)), "")
    return found or f"It says: {said} ({type(driver_fault).__name__}). {OTHERWISE}"


def _cleaned(said: str, password: object) -> str:
    """Return the first line, without the password."""
    line = next(iter(said.strip().splitlines()), "no reason given")
    return line.replace(str(password), "…") if password else line
