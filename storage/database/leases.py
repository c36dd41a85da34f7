"""What only one of several processes may have at a time. The database knows at once when a process is gone."""

from sqlalchemy import Connection, Engine, text

KIND = 3  # of advisory lock: 1 is a person's, 2 the migrations'
TAKE = text("SELECT pg_try_advisory_lock(:kind, :number)")
GIVE_BACK = text("SELECT pg_advisory_unlock(:kind, :number)")
FREE = text(
    "SELECT n FROM generate_series(0, :count - 1) AS n WHERE NOT EXISTS (SELECT 1 FROM pg_locks WHERE objid = n"
    " AND locktype = 'advisory' AND classid = :kind AND objsubid = 2"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) ORDER BY n"
)
# A machine that is gone says no goodbye: the server asks after it, and lets go of its leases within ten seconds.
ASK_AFTER = ("tcp_keepalives_idle = 4", "tcp_keepalives_interval = 2", "tcp_keepalives_count = 3")


class Leases:
    """Numbered; held by a connection of their own, and free as soon as that ends.

    Without PostgreSQL there is nobody else, and everything is this process's.

    Not for several threads at one time. Raises what the database raises.
    """

    def __init__(self, engine: Engine | None) -> None:
        self.engine = engine
        self.shared = engine is not None and engine.dialect.name == "postgresql"
        self._connection: Connection | None = None

    def free(self, count: int) -> list[int]:
        """Which of the numbers from 0 on nobody has."""
        if not self.shared:
            return list(range(count))
        return list(self._open().execute(FREE, {"kind": KIND, "count": count}).scalars())

    def take(self, number: int) -> bool:
        return not self.shared or bool(self._open().execute(TAKE, {"kind": KIND, "number": number}).scalar())

    def give_back(self, number: int) -> None:
        if self.shared:
            self._open().execute(GIVE_BACK, {"kind": KIND, "number": number})

    def kept(self) -> bool:
        """Whether what was taken is still this process's; where it is not, nothing is."""
        if not self.shared or self._connection is None:
            return True
        try:
            self._connection.execute(text("SELECT 1"))
        except Exception:
            self.close()
            return False
        return True

    def close(self) -> None:
        """Give everything back."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
        self._connection = None

    def _open(self) -> Connection:
        if self._connection is None:
            assert self.engine
            connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            for setting in ASK_AFTER:
                connection.execute(text(f"SET {setting}"))
            connection.detach()
            self._connection = connection
        return self._connection
