"""Every change of a meeting: what became of it, when, and by whom. The row of the meeting says only how it is now."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Index, Session, SQLModel, col, select

from storage.database.personal import UNNAME, personal
from storage.meetings.meetings import Meeting
from storage.people.people import Person

PLANNED, MOVED, CANCELLED, RESTORED = "planned", "moved", "cancelled", "restored"
ADJUSTED = "adjusted"  # place, link or length of this one
RESET_TO_SERIES = "as the rule says"  # what was changed for this one was withdrawn
DROPPED, REVIVED = "dropped", "revived"  # by a change of the rule or of the closed days


class MeetingChange(SQLModel, table=True):
    __table_args__ = (Index("ix_meetingchange_meeting", "meeting_id", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    # None: nobody by hand.
    person_id: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=UNNAME, leave=UNNAME, label="changes of meetings"),
    )
    what: str
    was_at: datetime | None = None  # where the date changed
    is_at: datetime
    note: str = ""  # why, as a facilitator wrote it
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


def of(
    session: Session, community: int, most: int, meeting: int | None = None
) -> Sequence[tuple[MeetingChange, Meeting, Person | None]]:
    """The newest changes of a community's meetings, or of one of them, with who made them."""
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
    found = session.exec(
        select(MeetingChange, Person)
        .join(Person, col(Person.id) == MeetingChange.person_id, isouter=True)
        .where(MeetingChange.meeting_id == meeting)
        .order_by(col(MeetingChange.id).desc())
    ).first()
    return (found[0], found[1]) if found else None
