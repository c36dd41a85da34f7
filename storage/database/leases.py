"""Leases: numbered rights that one process holds at a time, such as a Discord shard (PostgreSQL advisory locks).

PostgreSQL frees them as soon as the connection that took them ends, so a process that dies loses its leases.
"""

from sqlalchemy import Connection, Engine, text

# First key of the advisory locks taken here. 1 is for a person (`locks`), 2 for migrations (`migrate`).
KIND = 3
TAKE = text("SELECT pg_try_advisory_lock(:kind, :number)")
GIVE_BACK = text("SELECT pg_advisory_unlock(:kind, :number)")
FREE = text(
    "SELECT n FROM generate_series(0, :count - 1) AS n WHERE NOT EXISTS (SELECT 1 FROM pg_locks WHERE objid = n"
    " AND locktype = 'advisory' AND classid = :kind AND objsubid = 2"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) ORDER BY n"
)
# A machine that loses power closes no connection. With these, the server notices and frees its leases within
# 4 + 3 * 2 = 10 seconds.
KEEPALIVE = ("tcp_keepalives_idle = 4", "tcp_keepalives_interval = 2", "tcp_keepalives_count = 3")


class Leases:
    """Leases of this process, held by a connection of their own.

    Without PostgreSQL there is only one process, and it has every lease. Not thread-safe. Methods raise what the
    database raises.
    """

    def __init__(self, engine: Engine | None) -> None:
        self.engine = engine
        self.shared = engine is not None and engine.dialect.name == "postgresql"
        self._connection: Connection | None = None

    def free(self, count: int) -> list[int]:
        """Return which of the numbers from 0 to `count` - 1 no process holds."""
        if not self.shared:
            return list(range(count))
        return list(self._open().execute(FREE, {"kind": KIND, "count": count}).scalars())

    def acquire(self, number: int) -> bool:
        """Return whether the lease is now this process's; does not wait."""
        return not self.shared or bool(self._open().execute(TAKE, {"kind": KIND, "number": number}).scalar())

    def give_back(self, number: int) -> None:
        if self.shared:
            self._open().execute(GIVE_BACK, {"kind": KIND, "number": number})

    def is_held(self) -> bool:
        """Return whether this process still holds what it took. If not, the connection is gone and it holds nothing."""
        if not self.shared or self._connection is None:
            return True
        try:
            self._connection.execute(text("SELECT 1"))
        except Exception:
            self.close()
            return False
        return True

    def close(self) -> None:
        """Give back every lease."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
        self._connection = None

    def _open(self) -> Connection:
        if self._connection is None:
            assert self.engine
            connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            for setting in KEEPALIVE:
                connection.execute(text(f"SET {setting}"))
            connection.detach()
            self._connection = connection
        return self._connection
