"""Attendance: who was at which meeting, by their own word or on the roster, and who made up for it later.

Making up for a meeting is answering the one question of its catch-up.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, and_, col, delete, func, or_, select

from storage.database.personal import DELETE, personal
from storage.meetings.meetings import PLANNED, Meeting
from storage.meetings.rsvps import MAYBE, YES, Rsvp
from storage.people.people import JOINED, Membership, Person

THERE, MARKED, MADE_UP = "said so", "marked", "made up"
CAME = (THERE, MARKED)


class Attendance(SQLModel, table=True):
    """That a person was at a meeting, or made up for it. Key: meeting and person.

    Deleted by `drop`, and with the community's answers (`storage.privacy.retention`).
    """

    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(
            forget=DELETE, leave=DELETE, label="meetings you were at", written="at", words=("answer",)
        ),
    )
    how: str  # THERE, MARKED or MADE_UP
    # To the catch-up's question. Facilitators read it.
    answer: str = ""
    at: datetime


def get(session: Session, meeting: int, person: int) -> Attendance | None:
    return session.exec(
        select(Attendance).where(Attendance.meeting_id == meeting, Attendance.person_id == person)
    ).first()


def put(session: Session, meeting: int, person: int, how: str, now: datetime, answer: str = "") -> Attendance:
    """Save how a person was there. MADE_UP never replaces THERE or MARKED; an earlier `answer` stays if this is ""."""
    row = get(session, meeting, person)
    if row is None:
        row = Attendance(meeting_id=meeting, person_id=person, how=how, at=now)
        session.add(row)
    if not (how == MADE_UP and row.how in CAME):
        row.how = how
    row.answer, row.at = answer or row.answer, now
    session.flush()
    return row


def drop(session: Session, meeting: int, people: Collection[int]) -> None:
    session.exec(
        delete(Attendance).where(col(Attendance.meeting_id) == meeting, col(Attendance.person_id).in_(tuple(people)))
    )


def at_meeting(session: Session, meeting: int) -> Mapping[int, Attendance]:
    """Return the attendance of a meeting by person."""
    rows = session.exec(select(Attendance).where(Attendance.meeting_id == meeting)).all()
    return {row.person_id: row for row in rows}


def counts(session: Session, meetings: Collection[int]) -> Mapping[int, int]:
    """Return how many were at each of these meetings, without those who made up for it."""
    rows = session.exec(
        select(Attendance.meeting_id, func.count())
        .where(col(Attendance.meeting_id).in_(tuple(meetings)), col(Attendance.how).in_(CAME))
        .group_by(col(Attendance.meeting_id))
    ).all()
    found = dict(rows)
    return {id: found.get(id, 0) for id in meetings}


def made_up(session: Session, meeting: int) -> Sequence[tuple[Attendance, Person]]:
    """Return those who made up for a meeting, in the order they wrote their answers."""
    return session.exec(
        select(Attendance, Person)
        .join(Person, col(Person.id) == Attendance.person_id)
        .where(Attendance.meeting_id == meeting, Attendance.how == MADE_UP)
        .order_by(col(Attendance.at), col(Attendance.id))
    ).all()


def held(session: Session, community: int, since: datetime, now: datetime) -> Sequence[Meeting]:
    """Return the meetings from `since` on for which somebody's attendance is known, oldest first."""
    known = select(Attendance.id).where(Attendance.meeting_id == Meeting.id, col(Attendance.how).in_(CAME)).exists()
    return session.exec(
        select(Meeting)
        .where(Meeting.community_id == community, Meeting.status == PLANNED)
        .where(Meeting.starts_at >= since, Meeting.starts_at <= now, known)
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    ).all()


def present(session: Session, meetings: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Return who was at each of these meetings, by meeting, without those who made up for it."""
    rows = session.exec(
        select(Attendance.meeting_id, Attendance.person_id).where(
            col(Attendance.meeting_id).in_(tuple(meetings)), col(Attendance.how).in_(CAME)
        )
    )
    found: dict[int, set[int]] = {}
    for meeting, person in rows:
        found.setdefault(meeting, set()).add(person)
    return {meeting: frozenset(there) for meeting, there in found.items()}


def counts_by_person(session: Session, community: int, since: datetime, until: datetime) -> Mapping[int, int]:
    """Return how many meetings of this time each person was at or made up for."""
    counted = session.exec(
        select(Attendance.person_id, func.count())
        .join(Meeting, col(Meeting.id) == Attendance.meeting_id)
        .where(Meeting.community_id == community, Meeting.status == PLANNED)
        .where(Meeting.starts_at >= since, Meeting.starts_at < until)
        .group_by(col(Attendance.person_id))
    )
    return dict(counted.all())


def of_person(session: Session, community: int, person: int, now: datetime, most: int) -> Sequence[tuple[Meeting, str]]:
    """Return the newest `most` meetings that have begun, each with how the person was there, or "".

    Meetings from before they joined are not theirs, except those that they were at all the same.
    """
    rows = session.exec(
        select(Meeting, Attendance.how)
        .join(Attendance, and_(col(Attendance.meeting_id) == Meeting.id, Attendance.person_id == person), isouter=True)
        .join(
            Membership,
            and_(col(Membership.community_id) == Meeting.community_id, Membership.person_id == person),
            isouter=True,
        )
        .where(Meeting.community_id == community, Meeting.status == PLANNED, Meeting.starts_at <= now)
        .where(or_(col(Attendance.id).is_not(None), Meeting.starts_at >= col(Membership.joined_at)))
        .order_by(col(Meeting.starts_at).desc(), col(Meeting.id).desc())
        .limit(most)
    ).all()
    return [(meeting, how or "") for meeting, how in rows]


def missed(session: Session, meeting: Meeting) -> Sequence[Person]:
    """Return the members who answered yes or maybe, were not there, and welcome nudges."""
    attended = select(col(Attendance.person_id)).where(Attendance.meeting_id == meeting.id)
    return session.exec(
        select(Person)
        .join(Rsvp, col(Rsvp.person_id) == Person.id)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(Rsvp.meeting_id == meeting.id, col(Rsvp.answer).in_((YES, MAYBE)))
        .where(Membership.community_id == meeting.community_id, Membership.nudges, *JOINED)
        .where(col(Person.id).not_in(attended))
        .order_by(col(Person.id))
    ).all()
