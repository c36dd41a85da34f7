"""Who was at which meeting: said by themselves, marked by a facilitator, or made up for afterwards."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, and_, col, delete, func, select

from storage.database.personal import DELETE, personal
from storage.meetings.meetings import PLANNED, Meeting
from storage.meetings.rsvps import MAYBE, YES, Rsvp
from storage.people.people import JOINED, Membership, Person

THERE, MARKED, MADE_UP = "said so", "marked", "made up"
CAME = (THERE, MARKED)


class Attendance(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=DELETE, label="meetings you were at", written="at"),
    )
    how: str  # THERE, MARKED or MADE_UP
    answer: str = ""  # to the one question for who was not there; facilitators read it
    at: datetime


def of(session: Session, meeting: int, person: int) -> Attendance | None:
    return session.exec(
        select(Attendance).where(Attendance.meeting_id == meeting, Attendance.person_id == person)
    ).first()


def put(session: Session, meeting: int, person: int, how: str, now: datetime, answer: str = "") -> Attendance:
    """Write it down; having been there outweighs having made up for it, whose answer then stays."""
    row = of(session, meeting, person)
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
    """By person."""
    rows = session.exec(select(Attendance).where(Attendance.meeting_id == meeting)).all()
    return {row.person_id: row for row in rows}


def counts(session: Session, meetings: Collection[int]) -> Mapping[int, int]:
    """How many were at each meeting; those who made up for it are not counted."""
    rows = session.exec(
        select(Attendance.meeting_id, func.count())
        .where(col(Attendance.meeting_id).in_(tuple(meetings)), col(Attendance.how).in_(CAME))
        .group_by(col(Attendance.meeting_id))
    ).all()
    found = dict(rows)
    return {id: found.get(id, 0) for id in meetings}


def made_up(session: Session, meeting: int) -> Sequence[tuple[str, Person]]:
    """What those wrote who were not there, in the order they wrote it."""
    return session.exec(
        select(Attendance.answer, Person)
        .join(Person, col(Person.id) == Attendance.person_id)
        .where(Attendance.meeting_id == meeting, Attendance.how == MADE_UP)
        .order_by(col(Attendance.at), col(Attendance.id))
    ).all()


def held(session: Session, community: int, since: datetime, now: datetime) -> Sequence[Meeting]:
    """Meetings that were held from `since` on and at which somebody was noted, oldest first."""
    noted = select(Attendance.id).where(Attendance.meeting_id == Meeting.id, col(Attendance.how).in_(CAME)).exists()
    return session.exec(
        select(Meeting)
        .where(Meeting.community_id == community, Meeting.status == PLANNED)
        .where(Meeting.starts_at >= since, Meeting.starts_at <= now, noted)
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    ).all()


def by_person(session: Session, meetings: Collection[int]) -> Mapping[int, int]:
    """At how many of these meetings each person was, or made up for it."""
    return dict(
        session.exec(
            select(Attendance.person_id, func.count())
            .where(col(Attendance.meeting_id).in_(tuple(meetings)))
            .group_by(col(Attendance.person_id))
        ).all()
    )


def own(session: Session, community: int, person: int, now: datetime, most: int) -> Sequence[tuple[Meeting, str]]:
    """The newest meetings that have begun, each with how the person was there: "" for not."""
    rows = session.exec(
        select(Meeting, Attendance.how)
        .join(Attendance, and_(col(Attendance.meeting_id) == Meeting.id, Attendance.person_id == person), isouter=True)
        .where(Meeting.community_id == community, Meeting.status == PLANNED, Meeting.starts_at <= now)
        .order_by(col(Meeting.starts_at).desc(), col(Meeting.id).desc())
        .limit(most)
    ).all()
    return [(meeting, how or "") for meeting, how in rows]


def missed(session: Session, meeting: Meeting) -> Sequence[Person]:
    """Members who said yes or maybe, were not there, and welcome a private question."""
    there = select(col(Attendance.person_id)).where(Attendance.meeting_id == meeting.id)
    return session.exec(
        select(Person)
        .join(Rsvp, col(Rsvp.person_id) == Person.id)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(Rsvp.meeting_id == meeting.id, col(Rsvp.answer).in_((YES, MAYBE)))
        .where(Membership.community_id == meeting.community_id, Membership.nudges, *JOINED)
        .where(col(Person.id).not_in(there))
        .order_by(col(Person.id))
    ).all()
