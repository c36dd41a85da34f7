"""What people say after a meeting: how it was, what they mean to do, and what they take home."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from storage.communities import Community
from storage.people import JOINED, Membership, Person

OPEN, DONE, ADAPTED, STILL, LET_GO = "open", "done", "adapted", "still", "let go"
STATES = (OPEN, DONE, ADAPTED, STILL, LET_GO)


class Feedback(SQLModel, table=True):
    """How one person found a meeting. Facilitators read it without the name, and only beside enough others."""

    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    worked: str = ""
    change: str = ""
    useful: int = 0  # 1 to 5; 0: not said
    written_at: datetime


class Commitment(SQLModel, table=True):
    """Something a person means to do, in their own words: "When …, I will … by …". Only they read it."""

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    words: str
    state: str = OPEN
    made_at: datetime
    changed_at: datetime


class TakeHome(SQLModel, table=True):
    """One thing a person takes back to their own organization; colleagues there read it once it is shared."""

    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    community_id: int = Field(foreign_key="community.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    words: str
    shared: bool = False
    written_at: datetime


def of(session: Session, meeting: int, person: int) -> Feedback | None:
    return session.exec(select(Feedback).where(Feedback.meeting_id == meeting, Feedback.person_id == person)).first()


def save(
    session: Session, meeting: int, person: int, *, worked: str, change: str, useful: int, now: datetime
) -> Feedback:
    """Write down what a person found; saying it again takes the place of what was there."""
    row = of(session, meeting, person)
    if row is None:
        row = Feedback(meeting_id=meeting, person_id=person, written_at=now)
        session.add(row)
    row.worked, row.change, row.useful, row.written_at = worked, change, useful, now
    session.flush()
    return row


def withdraw(session: Session, meeting: int, person: int) -> None:
    """Delete what a person said about a meeting, what they meant to do, and what they took home."""
    found = (of, commitment_from, take_home_of)
    for row in [own for look in found if (own := look(session, meeting, person))]:
        session.delete(row)
    session.flush()


def about(session: Session, meeting: int) -> Sequence[Feedback]:
    return session.exec(select(Feedback).where(Feedback.meeting_id == meeting).order_by(col(Feedback.id))).all()


def commitment_from(session: Session, meeting: int, person: int) -> Commitment | None:
    return session.exec(
        select(Commitment).where(Commitment.meeting_id == meeting, Commitment.person_id == person)
    ).first()


def commit(session: Session, community: int, meeting: int, person: int, words: str, now: datetime) -> None:
    """Keep what a person means to do after a meeting; no words take it back."""
    row = commitment_from(session, meeting, person)
    if row and not words:
        session.delete(row)
    elif row and row.words != words:
        row.words, row.state, row.changed_at = words, OPEN, now
    elif words and row is None:
        session.add(
            Commitment(
                community_id=community, meeting_id=meeting, person_id=person, words=words, made_at=now, changed_at=now
            )
        )
    session.flush()


def commitments(session: Session, community: int, person: int) -> Sequence[Commitment]:
    """A person's own, newest first."""
    return session.exec(
        select(Commitment)
        .where(Commitment.community_id == community, Commitment.person_id == person)
        .order_by(col(Commitment.id).desc())
    ).all()


def own_commitment(session: Session, id: int, community: int, person: int) -> Commitment | None:
    row = session.get(Commitment, id)
    return row if row and (row.community_id, row.person_id) == (community, person) else None


def take_home_of(session: Session, meeting: int, person: int) -> TakeHome | None:
    return session.exec(select(TakeHome).where(TakeHome.meeting_id == meeting, TakeHome.person_id == person)).first()


def take_home(
    session: Session, community: int, meeting: int, person: int, words: str, now: datetime
) -> TakeHome | None:
    """Keep what a person takes home; no words take it back."""
    row = take_home_of(session, meeting, person)
    if not words:
        if row:
            session.delete(row)
        session.flush()
        return None
    if row is None:
        row = TakeHome(community_id=community, meeting_id=meeting, person_id=person, words=words, written_at=now)
        session.add(row)
    row.words, row.written_at = words, now
    session.flush()
    return row


def taken_home(
    session: Session, community: Community, person: int, organization: str, most: int
) -> Sequence[tuple[TakeHome, Person]]:
    """What the person, and colleagues of one organization who shared it, took home; newest first.

    Colleagues may be in any community of the same program: that is how role groups learn from each other.
    """
    alike = (col(Membership.organization) == organization) & (Membership.organization != "") & col(TakeHome.shared)
    together = Community.id == community.id
    if community.program:
        together = together | (Community.program == community.program)
    return session.exec(
        select(TakeHome, Person)
        .join(Person, col(Person.id) == TakeHome.person_id)
        .join(Community, col(Community.id) == TakeHome.community_id)
        .join(
            Membership,
            (col(Membership.community_id) == TakeHome.community_id) & (col(Membership.person_id) == TakeHome.person_id),
        )
        .where(together, *JOINED, alike | (col(TakeHome.person_id) == person))
        .order_by(col(TakeHome.id).desc())
        .limit(most)
    ).all()
