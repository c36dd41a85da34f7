"""Page links: each opens one page for one person, for some days. Only a hash of its token is stored."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlmodel import Field, Session, SQLModel, col, delete, select

from storage.database.personal import DELETE, personal

LASTS = timedelta(days=7)


class PageLink(SQLModel, table=True):
    """A link that works until `expires_at`. Key: the SHA-256 hash of its token.

    There is one for each person, community, page and value: a new one replaces it. It goes when the person revokes
    it, leaves the community, or deletes their data.
    """

    id: int | None = Field(default=None, primary_key=True)
    hashed: str = Field(unique=True)
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=DELETE, label="links to pages"),
    )
    community_id: int = Field(foreign_key="community.id", index=True)
    page: str  # as its feature declares it: "reports.season"
    value: str = ""  # what it shows, such as a season
    made_at: datetime = Field(index=True)
    expires_at: datetime


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def replace(
    session: Session, token: str, *, person: int, community: int, page: str, value: str, now: datetime
) -> PageLink:
    """Save a link. An earlier one to the same page stops working."""
    session.exec(
        delete(PageLink).where(
            col(PageLink.person_id) == person,
            col(PageLink.community_id) == community,
            col(PageLink.page) == page,
            col(PageLink.value) == value,
        )
    )
    row = PageLink(
        hashed=_hashed(token),
        person_id=person,
        community_id=community,
        page=page,
        value=value,
        made_at=now,
        expires_at=now + LASTS,
    )
    session.add(row)
    session.flush()
    return row


def by_token(session: Session, token: str, now: datetime) -> PageLink | None:
    """Return the link with this token, if it works."""
    row = session.exec(select(PageLink).where(PageLink.hashed == _hashed(token))).first()
    return row if row and now < row.expires_at else None


def working(session: Session, person: int, now: datetime) -> Sequence[PageLink]:
    """Return a person's links that work, newest first."""
    return session.exec(
        select(PageLink)
        .where(PageLink.person_id == person, PageLink.expires_at > now)
        .order_by(col(PageLink.made_at).desc(), col(PageLink.id).desc())
    ).all()


def revoke(session: Session, person: int, ids: Collection[int] | None = None) -> None:
    """Delete links of a person: those with these ids, or all of them."""
    mine = delete(PageLink).where(col(PageLink.person_id) == person)
    session.exec(mine if ids is None else mine.where(col(PageLink.id).in_(ids)))
