"""What a meeting is prepared with, as its kind asks, and the tasks that people take on for it."""

from collections.abc import Mapping, Sequence

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from storage.database.personal import UNNAME, personal
from storage.meetings.meetings import Meeting, key


class Preparation(SQLModel, table=True):
    """One thing that facilitators wrote down before a meeting, such as the venue."""

    __table_args__ = (UniqueConstraint("meeting_id", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    name: str  # as bot.domain.meeting_types calls it
    words: str


class MeetingTask(SQLModel, table=True):
    """Something to be done for a meeting; voluntary, like everything here."""

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    # None: nobody has it yet.
    person_id: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=UNNAME, leave=UNNAME, label="tasks for meetings"),
    )
    words: str
    done: bool = False


def of(session: Session, meeting: int) -> Mapping[str, str]:
    """By name."""
    rows = session.exec(select(Preparation).where(Preparation.meeting_id == meeting))
    return {row.name: row.words for row in rows}


def write(session: Session, meeting: Meeting, words: Mapping[str, str]) -> None:
    """In the place of what was there under these names; no words take it away."""
    there = {r.name: r for r in session.exec(select(Preparation).where(Preparation.meeting_id == meeting.id))}
    for name, said in words.items():
        if name in there and said:
            there[name].words = said
        elif name in there:
            session.delete(there[name])
        elif said:
            row = Preparation(community_id=meeting.community_id, meeting_id=key(meeting), name=name, words=said)
            session.add(row)
    session.flush()


def add_task(session: Session, meeting: Meeting, words: str, person: int | None) -> MeetingTask:
    row = MeetingTask(community_id=meeting.community_id, meeting_id=key(meeting), words=words, person_id=person)
    session.add(row)
    session.flush()
    return row


def task(session: Session, community: int, id: int) -> MeetingTask | None:
    row = session.get(MeetingTask, id)
    return row if row and row.community_id == community else None


def tasks(session: Session, meeting: int) -> Sequence[MeetingTask]:
    """Oldest first."""
    return session.exec(
        select(MeetingTask).where(MeetingTask.meeting_id == meeting).order_by(col(MeetingTask.id))
    ).all()
