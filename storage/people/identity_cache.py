"""What was asked about somebody a moment ago, kept for as long as nobody has written to the database since."""

from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from storage.people import identity
from storage.people.identity import Presence

MOST = 2_000  # answers that are kept, a few kilobytes each


class IdentityCache:
    """Of a SQLite file, by a connection of its own, which waits for nobody. For one thread: the event loop's.

    SQLite itself says whether anybody, in whatever process, has committed anything: so what is kept is what a
    question would find. The rows are given to everybody who asks, and must not be changed.
    """

    def __init__(self, looking: Engine) -> None:
        self._looking = looking
        self._session: Session | None = None
        self._driver: Any = None
        self._version: Any = None
        self._kept: dict[tuple[Any, ...], Presence | None] = {}

    @property
    def session(self) -> Session:
        """For whatever else is to be asked. It raises OperationalError where SQLite would have it wait."""
        if self._session is None:
            self._session = self._open()
        return self._session

    def _open(self) -> Session:
        connection = self._looking.connect()
        self._driver = connection.connection.driver_connection
        self._driver.execute("PRAGMA busy_timeout=0")
        connection.detach()  # from the pool, where the next one would not wait either
        return Session(connection, expire_on_commit=False, autoflush=False)

    def presence(
        self, session: Session, platform: str, space: str, channel: str, external: str, community: int | None
    ) -> Presence | None:
        """As storage.people.identity.of; `session` is this memory's."""
        self.is_true()
        asked = (platform, space, channel, external, community)
        if asked not in self._kept:
            if len(self._kept) == MOST:
                self._kept.clear()
            self._kept[asked] = identity.of(session, *asked)
        return self._kept[asked]

    def is_true(self) -> bool:
        """Whether nothing was written since the last time, as an open transaction sees it; else all is forgotten."""
        [(version,)] = self._driver.execute("PRAGMA data_version").fetchall()
        if version == self._version:
            return True
        self._version = version
        self._kept.clear()
        return False

    def forget(self) -> None:
        self._version = None

    def close(self) -> None:
        if self._session is not None:
            self._driver.close()
            self._session = None
            self.forget()


def of(looking: Engine) -> IdentityCache | None:
    """None for a database over a network, and for one in memory, which has one connection."""
    is_file = looking.dialect.name == "sqlite" and looking.url.database not in (None, "", ":memory:")
    return IdentityCache(looking) if is_file else None
