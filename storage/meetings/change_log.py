"""The history of meetings: every change of one, when, and by whom. The meeting's own row only says how it is now."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Field, Index, Session, SQLModel, col, func, select

from storage.database.personal import UNNAME, personal
from storage.meetings.meetings import Meeting
from storage.people.people import Person

PLANNED, MOVED, CANCELLED, RESTORED = "planned", "moved", "cancelled", "restored"
# The place, link or length of this meeting alone.
ADJUSTED = "adjusted"
# Changes of this meeting alone were withdrawn, so that it follows its series again.
RESET_TO_SERIES = "as the rule says"
# By a change of the rule or of the closed days.
DROPPED, REVIVED = "dropped", "revived"


class MeetingChange(SQLModel, table=True):
    """One change of a meeting. Key: `id`."""

    __table_args__ = (Index("ix_meetingchange_meeting", "meeting_id", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    # None: no person did it by hand.
    person_id: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=UNNAME, leave=UNNAME, label="changes of meetings"),
    )
    what: str  # one of the words above
    # Before the change, if it changed when the meeting starts.
    was_at: datetime | None = None
    is_at: datetime
    # Why, in a facilitator's words.
    note: str = ""
    at: datetime


def record(
    session: Session,
    meeting: Meeting,
    person: int | None,
    what: str,
    now: datetime,
    *,
    was: datetime | None = None,
    note: str = "",
) -> None:
    """Record a change. `was` is when the meeting started before, if that has changed."""
    assert meeting.id is not None
    session.add(
        MeetingChange(
            meeting_id=meeting.id,
            person_id=person,
            what=what,
            was_at=was,
            is_at=meeting.starts_at,
            note=note,
            at=now,
        )
    )
    session.flush()


def newest(
    session: Session, community: int, most: int, meeting: int | None = None
) -> Sequence[tuple[MeetingChange, Meeting, Person | None]]:
    """Return the newest `most` changes of a community's meetings, or of one `meeting`, with who made them."""
    query = (
        select(MeetingChange, Meeting, Person)
        .join(Meeting, col(Meeting.id) == MeetingChange.meeting_id)
        .join(Person, col(Person.id) == MeetingChange.person_id, isouter=True)
        .where(Meeting.community_id == community)
    )
    if meeting is not None:
        query = query.where(MeetingChange.meeting_id == meeting)
    rows = session.exec(query.order_by(col(MeetingChange.at).desc(), col(MeetingChange.id).desc()).limit(most))
    return [(change, m, person) for change, m, person in rows]


def last(session: Session, meeting: int) -> tuple[MeetingChange, Person | None] | None:
    """Return the latest change of a meeting, with who made it."""
    found = session.exec(
        select(MeetingChange, Person)
        .join(Person, col(Person.id) == MeetingChange.person_id, isouter=True)
        .where(MeetingChange.meeting_id == meeting)
        .order_by(col(MeetingChange.id).desc())
    ).first()
    return (found[0], found[1]) if found else None


def last_changed_at(session: Session, community: int) -> Mapping[int, datetime]:
    """Return when each of a community's meetings changed last, by id; meetings that never changed are left out."""
    rows = session.exec(
        select(MeetingChange.meeting_id, func.max(MeetingChange.at))
        .join(Meeting, col(Meeting.id) == MeetingChange.meeting_id)
        .where(Meeting.community_id == community)
        .group_by(col(MeetingChange.meeting_id))
    )
    return dict(rows.all())
