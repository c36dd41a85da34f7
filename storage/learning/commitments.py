"""Commitments, which people make after a meeting, and takeaways for their own site."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, and_, col, func, or_, select

from storage.communities import programs
from storage.communities.communities import Community
from storage.communities.programs import ProgramCommunity
from storage.database.personal import DELETE, KEEP, personal
from storage.people import organizations
from storage.people.people import JOINED, Membership, Person

OPEN, DONE, ADAPTED, STILL, LET_GO = "open", "done", "adapted", "still", "let go"
STATES = (OPEN, DONE, ADAPTED, STILL, LET_GO)


class Commitment(SQLModel, table=True):
    """What a person intends to do after a meeting, in their own words: "When …, I will … by …". Only they read it.

    Key: `id`; `save_commitment` keeps one for each meeting and person. Deleted when they withdraw it, and with the
    community's answers (`storage.privacy.retention`).
    """

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(
            forget=DELETE, leave=KEEP, label="action commitments", written="changed_at", words=("words",)
        ),
    )
    words: str
    state: str = OPEN
    made_at: datetime
    changed_at: datetime


class Takeaway(SQLModel, table=True):
    """What a person takes back to their own organization; once it is shared, colleagues there read it too.

    Key: meeting and person. Deleted when they withdraw it, and with the community's answers
    (`storage.privacy.retention`).
    """

    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    community_id: int = Field(foreign_key="community.id", index=True)
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(
            forget=DELETE, leave=DELETE, label="things taken home", written="written_at", words=("words",)
        ),
    )
    words: str
    shared: bool = False
    # The organization whose people it was last shared with, and when.
    organization: str = ""
    shared_at: datetime | None = None
    written_at: datetime


def commitment_of(session: Session, meeting: int, person: int) -> Commitment | None:
    return session.exec(
        select(Commitment).where(Commitment.meeting_id == meeting, Commitment.person_id == person)
    ).first()


def save_commitment(session: Session, community: int, meeting: int, person: int, words: str, now: datetime) -> None:
    """Save a person's commitment after a meeting. New words reopen it; empty words delete it."""
    row = commitment_of(session, meeting, person)
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


def by_person(session: Session, community: int, person: int) -> Sequence[Commitment]:
    """Return a person's commitments, newest first."""
    return session.exec(
        select(Commitment)
        .where(Commitment.community_id == community, Commitment.person_id == person)
        .order_by(col(Commitment.id).desc())
    ).all()


def own_commitment(session: Session, id: int, community: int, person: int) -> Commitment | None:
    """Return a commitment if it is this person's, in this community."""
    row = session.get(Commitment, id)
    return row if row and (row.community_id, row.person_id) == (community, person) else None


def takeaway_of(session: Session, meeting: int, person: int) -> Takeaway | None:
    return session.exec(select(Takeaway).where(Takeaway.meeting_id == meeting, Takeaway.person_id == person)).first()


def save_takeaway(
    session: Session, community: int, meeting: int, person: int, words: str, now: datetime
) -> Takeaway | None:
    """Save a person's takeaway from a meeting. Empty words delete it, and return None."""
    row = takeaway_of(session, meeting, person)
    if not words:
        if row:
            session.delete(row)
        session.flush()
        return None
    if row is None:
        row = Takeaway(community_id=community, meeting_id=meeting, person_id=person, words=words, written_at=now)
        session.add(row)
    row.words, row.written_at = words, now
    session.flush()
    return row


def takeaways(
    session: Session, community: Community, person: int, organization: str, most: int
) -> Sequence[tuple[Takeaway, Person]]:
    """Return the newest `most` takeaways of the person, and of colleagues who shared theirs, newest first.

    `organization` is the one the person is confirmed for, or "". Colleagues are confirmed for the same one, in any
    community of the program: this is how role groups learn from each other.
    """
    shared = col(Takeaway.shared) & (col(Takeaway.organization) == organization)
    by_colleague = organizations.belongs_to(organization) & shared
    theirs = and_(
        col(Takeaway.community_id).in_(programs.siblings(community.id)),
        # Not what was shared before both communities were in the program.
        col(Takeaway.shared_at)
        >= select(func.max(ProgramCommunity.joined_at))
        .where(col(ProgramCommunity.community_id).in_((Takeaway.community_id, community.id)))
        .correlate(Takeaway)
        .scalar_subquery(),
    )
    in_program = or_(col(Takeaway.community_id) == community.id, theirs)
    return session.exec(
        select(Takeaway, Person)
        .join(Person, col(Person.id) == Takeaway.person_id)
        .join(
            Membership,
            (col(Membership.community_id) == Takeaway.community_id) & (col(Membership.person_id) == Takeaway.person_id),
        )
        .where(in_program, *JOINED, by_colleague | (col(Takeaway.person_id) == person))
        .order_by(col(Takeaway.id).desc())
        .limit(most)
    ).all()


def share(session: Session, row: Takeaway, organization: str, now: datetime) -> None:
    """Let colleagues at an organization read it."""
    row.shared, row.organization, row.shared_at = True, organization, now
    session.flush()


def withdraw(session: Session, meeting: int, person: int) -> None:
    """Delete a person's commitment and takeaway from a meeting."""
    for row in (commitment_of(session, meeting, person), takeaway_of(session, meeting, person)):
        if row:
            session.delete(row)
    session.flush()
