"""The database: opening it, locking in it, and migrating it."""

from storage.database.engine import BUSY_MS, UnusableDatabase, connect, for_reading, has_written
from storage.database.locks import most_serialised, serialise, serialise_free, serialise_person
from storage.database.migrate import downgrade, knows, new_revision, revision, upgrade

__all__ = [
    "BUSY_MS",
    "UnusableDatabase",
    "connect",
    "downgrade",
    "for_reading",
    "has_written",
    "knows",
    "most_serialised",
    "new_revision",
    "revision",
    "serialise",
    "serialise_free",
    "serialise_person",
    "upgrade",
]
