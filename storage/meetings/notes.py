"""What facilitators write down while a community meets; members read it once it is shared."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from storage.database.personal import UNNAME, personal
from storage.meetings.meetings import PLANNED, Meeting


class MeetingNotes(SQLModel, table=True):
    """The notes of one meeting. `said` names people, so it is only ever there with their consent."""

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    meeting_id: int = Field(foreign_key="meeting.id", unique=True)
    # Who wrote last.
    person_id: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=UNNAME, leave=UNNAME, label="notes of meetings"),
    )
    decisions: str = ""
    resources: str = ""
    commitments: str = ""
    said: str = ""  # who said what
    version: int = 0  # grows with each writing, so that two who write at once notice
    written_at: datetime
    shared_at: datetime | None = None  # None: only facilitators read it


def of(session: Session, meeting: int) -> MeetingNotes | None:
    return session.exec(select(MeetingNotes).where(MeetingNotes.meeting_id == meeting)).first()


def write(session: Session, meeting: Meeting, person: int, now: datetime, **words: str) -> MeetingNotes:
    """In the place of what was there. `words` are by column: decisions, resources, commitments, said."""
    assert meeting.id is not None
    row = of(session, meeting.id)
    if row is None:
        row = MeetingNotes(community_id=meeting.community_id, meeting_id=meeting.id, written_at=now)
        session.add(row)
    for column, value in words.items():
        setattr(row, column, value)
    row.person_id, row.written_at, row.version = person, now, row.version + 1
    session.flush()
    return row


def last_shared(session: Session, community: int) -> tuple[MeetingNotes, Meeting] | None:
    """The notes of the latest meeting that has any to read."""
    return session.exec(
        select(MeetingNotes, Meeting)
        .join(Meeting, col(Meeting.id) == MeetingNotes.meeting_id)
        .where(
            MeetingNotes.community_id == community,
            Meeting.status == PLANNED,
            col(MeetingNotes.shared_at).is_not(None),
        )
        .order_by(col(Meeting.starts_at).desc(), col(Meeting.id).desc())
        .limit(1)
    ).first()
