"""Advisory locks on PostgreSQL: one event of a community or account at a time. SQLite has one writer already."""

from collections.abc import Collection

from sqlalchemy import Engine, text
from sqlmodel import Session

FREE = text("SELECT c, pg_try_advisory_xact_lock(c) FROM unnest(CAST(:all AS bigint[])) AS c")


def serialise(session: Session, community: int) -> None:
    """Let no other event of this community run until this transaction ends (SQLite: one writer already)."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:c)"), {"c": community})


def serialise_free(session: Session, communities: Collection[int]) -> set[int]:
    """The same for those of the communities that nobody else holds at this moment; returns which these are."""
    if session.get_bind().dialect.name != "postgresql":
        return set(communities)
    held = session.connection().execute(FREE, {"all": sorted(communities)})
    return {community for community, got in held if got}


def most_serialised(engine: Engine) -> int:
    """How many communities one transaction may hold: a PostgreSQL as it comes has room for 6,400 locks in all."""
    return 500 if engine.dialect.name == "postgresql" else 1_000_000


def serialise_person(session: Session, platform: str, external: str) -> None:
    """The same for one account: what they do twice at once, such as a double click, is done one after the other.

    Always before `serialise`, so that nobody waits in a circle.
    """
    if session.get_bind().dialect.name == "postgresql":
        who = {"who": f"{platform} {external}"}
        session.connection().execute(text("SELECT pg_advisory_xact_lock(1, hashtext(:who))"), who)
