"""Advisory locks on PostgreSQL, so that the events of one community, and of one account, are handled one at a time.

They do nothing on SQLite, which has one writer anyway. Each is held until its transaction ends. A transaction locks
the account before the community, so that no two can deadlock.
"""

from collections.abc import Collection

from sqlalchemy import Engine, text
from sqlmodel import Session

FREE = text("SELECT c, pg_try_advisory_xact_lock(c) FROM unnest(CAST(:all AS bigint[])) AS c")


def serialise(session: Session, community: int) -> None:
    """Wait until no other transaction holds this community, then hold it."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:c)"), {"c": community})


def serialise_free(session: Session, communities: Collection[int]) -> set[int]:
    """Hold those of the communities that no other transaction holds at this moment, and return them; never waits."""
    if session.get_bind().dialect.name != "postgresql":
        return set(communities)
    rows = session.connection().execute(FREE, {"all": sorted(communities)})
    return {community for community, is_locked in rows if is_locked}


def most_serialised(engine: Engine) -> int:
    """Return how many communities one transaction may hold.

    PostgreSQL's lock table has room for 6,400 locks of all transactions by default (max_locks_per_transaction, 64,
    times max_connections, 100).
    """
    return 500 if engine.dialect.name == "postgresql" else 1_000_000


def serialise_person(session: Session, platform: str, external: str) -> None:
    """Wait until no other transaction holds this account, then hold it, so that a double click is handled in turn.

    Call it before `serialise`, never after, or two transactions could deadlock.
    """
    if session.get_bind().dialect.name == "postgresql":
        who = {"who": f"{platform} {external}"}
        session.connection().execute(text("SELECT pg_advisory_xact_lock(1, hashtext(:who))"), who)
