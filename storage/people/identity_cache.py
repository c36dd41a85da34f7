"""A cache of `storage.people.identity.get` for SQLite, valid while no other connection has committed anything.

`PRAGMA data_version` says whether one has, in whatever process, so the cache never returns what a query would not.
It reads through a connection of its own that never waits, for use on the event loop.
"""

from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from storage.people import identity
from storage.people.identity import Presence

MOST = 2_000  # entries, a few kilobytes each


class IdentityCache:
    """Not thread-safe: only for the event loop's thread. Callers share the cached rows, and must not change them."""

    def __init__(self, read_engine: Engine) -> None:
        self._read_engine = read_engine
        self._session: Session | None = None
        self._driver: Any = None
        self._version: Any = None
        self._entries: dict[tuple[Any, ...], Presence | None] = {}

    @property
    def session(self) -> Session:
        """The session to read everything else with. Raises OperationalError where SQLite would make it wait."""
        if self._session is None:
            self._session = self._open()
        return self._session

    def _open(self) -> Session:
        connection = self._read_engine.connect()
        self._driver = connection.connection.driver_connection
        self._driver.execute("PRAGMA busy_timeout=0")
        # Taken out of the pool, or whoever got the connection next would not wait for a lock either.
        connection.detach()
        return Session(connection, expire_on_commit=False, autoflush=False)

    def presence(
        self, session: Session, platform: str, space: str, channel: str, external: str, community: int | None
    ) -> Presence | None:
        """Return what `storage.people.identity.get` would; `session` must be this cache's."""
        self.is_true()
        place = (platform, space, channel, external, community)
        if place not in self._entries:
            if len(self._entries) == MOST:
                self._entries.clear()
            self._entries[place] = identity.get(session, *place)
        return self._entries[place]

    def is_true(self) -> bool:
        """Return whether nobody has committed since the last call, and clear the cache if somebody has.

        An open transaction keeps seeing the version it began with.
        """
        [(version,)] = self._driver.execute("PRAGMA data_version").fetchall()
        if version == self._version:
            return True
        self._version = version
        self._entries.clear()
        return False

    def forget(self) -> None:
        """Clear the cache at its next use."""
        self._version = None

    def close(self) -> None:
        if self._session is not None:
            self._driver.close()
            self._session = None
            self.forget()


def cache_for(read_engine: Engine) -> IdentityCache | None:
    """Return a cache for a SQLite file; None for PostgreSQL, and for SQLite in memory, which has one connection."""
    is_file = read_engine.dialect.name == "sqlite" and read_engine.url.database not in (None, "", ":memory:")
    return IdentityCache(read_engine) if is_file else None
