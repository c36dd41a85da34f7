"""Calendar feeds: private links, of which only a hash is stored."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlmodel import Field, Session, SQLModel, col, delete, select

from storage.database.personal import DELETE, KEEP, personal


class Feed(SQLModel, table=True):
    """One link that works: a person's, with all their communities, or a community's, for whoever it is given to.

    Key: the SHA-256 hash of its token; one for each person and community. Deleted by `drop`, and when a new link
    replaces it.
    """

    id: int | None = Field(default=None, primary_key=True)
    hashed: str = Field(unique=True)
    person_id: int | None = Field(
        default=None,
        foreign_key="person.id",
        unique=True,
        sa_column_kwargs=personal(forget=DELETE, leave=KEEP),
    )
    community_id: int | None = Field(default=None, foreign_key="community.id", unique=True)
    made_at: datetime
    # Of the file that was fetched last: a hash, and when it was first seen to have changed.
    fingerprint: str = ""
    changed_at: datetime | None = None


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def replace_link(
    session: Session, token: str, now: datetime, *, person: int | None = None, community: int | None = None
) -> None:
    """Save the link of a person or of a community; pass exactly one. An earlier link stops working."""
    assert (person is None) != (community is None)
    drop(session, person=person, community=community)
    session.add(Feed(hashed=_hashed(token), person_id=person, community_id=community, made_at=now))
    session.flush()


def get(session: Session, *, person: int | None = None, community: int | None = None) -> Feed | None:
    mine = Feed.person_id == person if person else Feed.community_id == community
    return session.exec(select(Feed).where(mine)).first()


def drop(session: Session, *, person: int | None = None, community: int | None = None) -> None:
    mine = col(Feed.person_id) == person if person else col(Feed.community_id) == community
    session.exec(delete(Feed).where(mine))


def by_token(session: Session, token: str) -> Feed | None:
    """Return the link with this token, if it works."""
    return session.exec(select(Feed).where(Feed.hashed == _hashed(token))).first()


def record_change(session: Session, feed: int, fingerprint: str, now: datetime) -> datetime:
    """Save that the file behind a link has changed, as seen now. Returns the moment that counts as its last change."""
    row = session.get(Feed, feed)
    # The link may have ended meanwhile.
    if row is None:
        return now
    if row.changed_at is None or row.fingerprint != fingerprint:
        # HTTP counts in seconds, so two changes within one would have the same date.
        earliest = row.changed_at + timedelta(seconds=1) if row.changed_at else now
        row.fingerprint, row.changed_at = fingerprint, max(now, earliest)
    return row.changed_at
