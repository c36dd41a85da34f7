"""Notes of meetings. Facilitators write them; members read them once they are shared."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from storage.database.personal import UNNAME, personal
from storage.meetings.meetings import PLANNED, Meeting


class MeetingNotes(SQLModel, table=True):
    """The notes of one meeting. Key: the meeting.

    `said` names people, and is only filled in with their consent.
    """

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    meeting_id: int = Field(foreign_key="meeting.id", unique=True)
    # The last to write them.
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
    # Grows each time they are saved, so that two people who edit at once notice.
    version: int = 0
    written_at: datetime
    # None: only facilitators read them.
    shared_at: datetime | None = None


def get(session: Session, meeting: int) -> MeetingNotes | None:
    return session.exec(select(MeetingNotes).where(MeetingNotes.meeting_id == meeting)).first()


def write(session: Session, meeting: Meeting, person: int, now: datetime, **words: str) -> MeetingNotes:
    """Save notes, in place of earlier ones. `words` are by column: decisions, resources, commitments, said."""
    assert meeting.id is not None
    row = get(session, meeting.id)
    if row is None:
        row = MeetingNotes(community_id=meeting.community_id, meeting_id=meeting.id, written_at=now)
        session.add(row)
    for column, value in words.items():
        setattr(row, column, value)
    row.person_id, row.written_at, row.version = person, now, row.version + 1
    session.flush()
    return row


def last_shared(session: Session, community: int) -> tuple[MeetingNotes, Meeting] | None:
    """Return the latest meeting that has shared notes, and the notes."""
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
