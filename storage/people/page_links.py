"""Page links: each opens one page for one person, in one browser, for some days. Only a hash of its token is stored."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlmodel import Field, Session, SQLModel, col, select, update

from storage.database.personal import DELETE, personal

LASTS = timedelta(days=7)
# How long it is known that there was a link, so that opening one that has ended says so.
KNOWN = timedelta(days=28)


class PageLink(SQLModel, table=True):
    """A link that works until `expires_at`. Key: the SHA-256 hash of its token.

    One works for each person, community, page and value: a new one ends it, and so does the person. It is deleted KNOWN
    after it was made, and when the person leaves the community or deletes their data.
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
    # The hash of the token and of the cookie of the browser that opened it first. "": nobody has opened it. The token
    # is part of it, so that the rows don't tell which links one browser opened.
    browser: str = ""
    # When its person ended it, or a new one took its place.
    ended_at: datetime | None = None


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def replace(
    session: Session, token: str, *, person: int, community: int, page: str, value: str, now: datetime
) -> PageLink:
    """Save a link. An earlier one to the same page stops working."""
    session.exec(
        update(PageLink)
        .where(
            col(PageLink.person_id) == person,
            col(PageLink.community_id) == community,
            col(PageLink.page) == page,
            col(PageLink.value) == value,
            col(PageLink.ended_at).is_(None),
        )
        .values(ended_at=now)
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


def by_token(session: Session, token: str) -> PageLink | None:
    """Return the link with this token, whether or not it still works."""
    return session.exec(select(PageLink).where(PageLink.hashed == _hashed(token))).first()


def fingerprint(token: str, browser: str) -> str:
    """Return what is stored of the browser that opens a link first. `browser` is the secret in its cookie."""
    return _hashed(f"{token} {browser}")


def bind(session: Session, token: str, browser: str) -> bool:
    """Let a link open in this browser only. Returns False if another one was first."""
    mine = fingerprint(token, browser)
    bound = session.exec(
        update(PageLink)
        .where(col(PageLink.hashed) == _hashed(token), col(PageLink.browser).in_(("", mine)))
        .values(browser=mine)
    )
    return bound.rowcount == 1


def working(session: Session, person: int, now: datetime) -> Sequence[PageLink]:
    """Return a person's links that work, newest first."""
    return session.exec(
        select(PageLink)
        .where(PageLink.person_id == person, PageLink.expires_at > now, col(PageLink.ended_at).is_(None))
        .order_by(col(PageLink.made_at).desc(), col(PageLink.id).desc())
    ).all()


def revoke(session: Session, person: int, now: datetime, ids: Collection[int] | None = None) -> None:
    """End links of a person: those with these ids, or all of them."""
    mine = update(PageLink).where(col(PageLink.person_id) == person, col(PageLink.ended_at).is_(None))
    session.exec((mine if ids is None else mine.where(col(PageLink.id).in_(ids))).values(ended_at=now))
