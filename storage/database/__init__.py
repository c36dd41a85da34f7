"""The database: opening it, locking in it, and migrating it."""

from storage.database.engine import BUSY_MS, connect, for_reading, has_written
from storage.database.errors import UnusableDatabase
from storage.database.files import file_of, name_of
from storage.database.locks import most_serialised, serialise, serialise_free, serialise_person
from storage.database.migrate import connect_existing, downgrade, knows, new_revision, revision, upgrade

__all__ = [
    "BUSY_MS",
    "UnusableDatabase",
    "connect",
    "connect_existing",
    "downgrade",
    "file_of",
    "for_reading",
    "has_written",
    "knows",
    "most_serialised",
    "name_of",
    "new_revision",
    "revision",
    "serialise",
    "serialise_free",
    "serialise_person",
    "upgrade",
]
