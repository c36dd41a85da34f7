"""How a meeting is prepared: details that its type asks for, such as the venue, and tasks that people take on."""

from collections.abc import Mapping, Sequence

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from storage.database.personal import UNNAME, personal
from storage.meetings.meetings import Meeting, key


class Preparation(SQLModel, table=True):
    """One detail that facilitators wrote down before a meeting. Key: meeting and name. Deleted when its words are."""

    __table_args__ = (UniqueConstraint("meeting_id", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    name: str  # name in bot.domain.meeting_types
    words: str


class MeetingTask(SQLModel, table=True):
    """A task for a meeting, which people take on voluntarily. Key: `id`."""

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    # None: nobody has taken it on.
    person_id: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=UNNAME, leave=UNNAME, label="tasks for meetings"),
    )
    words: str
    done: bool = False


def details_of(session: Session, meeting: int) -> Mapping[str, str]:
    """Return the words of each detail by name."""
    rows = session.exec(select(Preparation).where(Preparation.meeting_id == meeting))
    return {row.name: row.words for row in rows}


def write(session: Session, meeting: Meeting, words: Mapping[str, str]) -> None:
    """Save details by name, in place of earlier ones with these names. Empty words delete a detail."""
    existing = {r.name: r for r in session.exec(select(Preparation).where(Preparation.meeting_id == meeting.id))}
    for name, text in words.items():
        if name in existing and text:
            existing[name].words = text
        elif name in existing:
            session.delete(existing[name])
        elif text:
            row = Preparation(community_id=meeting.community_id, meeting_id=key(meeting), name=name, words=text)
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
    """Return the tasks of a meeting, oldest first."""
    return session.exec(
        select(MeetingTask).where(MeetingTask.meeting_id == meeting).order_by(col(MeetingTask.id))
    ).all()
