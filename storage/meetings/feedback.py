"""Feedback after a meeting, and the facilitators' follow-up on it.

Facilitators read feedback without names, and only when enough people gave some.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from storage.database.personal import DELETE, UNNAME, personal
from storage.meetings.meetings import Meeting, key, last_meeting


class Feedback(SQLModel, table=True):
    """One person's feedback on a meeting. Key: meeting and person.

    Deleted when they withdraw it, and with the community's answers (`storage.privacy.retention`).
    """

    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(
            forget=DELETE, leave=UNNAME, label="words after meetings", written="written_at", words=("worked", "change")
        ),
    )
    worked: str = ""
    change: str = ""
    useful: int = 0  # 1 to 5; 0: no answer
    written_at: datetime


class TypeAnswer(SQLModel, table=True):
    """One person's answer to a question of the meeting's type; read by the same people as Feedback.

    Key: meeting, person and question. Deleted like Feedback.
    """

    __table_args__ = (UniqueConstraint("meeting_id", "person_id", "question"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(
            forget=DELETE, leave=UNNAME, label="answers after visits and events", written="written_at", words=("words",)
        ),
    )
    question: str  # name in bot.domain.meeting_types
    words: str
    written_at: datetime


class FollowUp(SQLModel, table=True):
    """One follow-up in a facilitator's own words: what people said after a meeting, and what was done. Key: `id`."""

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    person_id: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=UNNAME, leave=UNNAME, label="replies to what was said after meetings"),
    )
    said: str
    did: str
    at: datetime


def get(session: Session, meeting: int, person: int) -> Feedback | None:
    return session.exec(select(Feedback).where(Feedback.meeting_id == meeting, Feedback.person_id == person)).first()


def save(
    session: Session, meeting: int, person: int, *, worked: str, change: str, useful: int, now: datetime
) -> Feedback:
    """Save a person's feedback, in place of earlier feedback."""
    row = get(session, meeting, person)
    if row is None:
        row = Feedback(meeting_id=meeting, person_id=person, written_at=now)
        session.add(row)
    row.worked, row.change, row.useful, row.written_at = worked, change, useful, now
    session.flush()
    return row


def withdraw(session: Session, meeting: int, person: int) -> None:
    """Delete a person's feedback on a meeting, and their answers to the questions of its type."""
    if own := get(session, meeting, person):
        session.delete(own)
    for row in _type_answers(session, meeting, person):
        session.delete(row)
    session.flush()


def about(session: Session, meeting: int) -> Sequence[Feedback]:
    return session.exec(select(Feedback).where(Feedback.meeting_id == meeting).order_by(col(Feedback.id))).all()


def save_type_answers(session: Session, meeting: int, person: int, words: Mapping[str, str], now: datetime) -> None:
    """Save a person's answers to the questions of the meeting's type, by question, in place of all earlier ones."""
    for row in _type_answers(session, meeting, person):
        session.delete(row)
    session.flush()
    for question, text in words.items():
        if text:
            session.add(TypeAnswer(meeting_id=meeting, person_id=person, question=question, words=text, written_at=now))
    session.flush()


def type_answers_of(session: Session, meeting: int, person: int) -> dict[str, str]:
    return {row.question: row.words for row in _type_answers(session, meeting, person)}


def type_answers_to(session: Session, meeting: int, question: str) -> Sequence[TypeAnswer]:
    """Return what everybody answered to a question. Nobody reads whose answer it is."""
    asked = (TypeAnswer.meeting_id == meeting, TypeAnswer.question == question)
    return session.exec(select(TypeAnswer).where(*asked).order_by(col(TypeAnswer.id))).all()


def _type_answers(session: Session, meeting: int, person: int) -> Sequence[TypeAnswer]:
    return session.exec(
        select(TypeAnswer).where(TypeAnswer.meeting_id == meeting, TypeAnswer.person_id == person)
    ).all()


# --- follow-ups


def add_follow_up(
    session: Session, community: int, meeting: int, person: int, said: str, did: str, now: datetime
) -> FollowUp:
    row = FollowUp(community_id=community, meeting_id=meeting, person_id=person, said=said, did=did, at=now)
    session.add(row)
    session.flush()
    return row


def follow_up(session: Session, community: int, id: int) -> FollowUp | None:
    row = session.get(FollowUp, id)
    return row if row and row.community_id == community else None


def follow_ups_about(session: Session, meeting: int) -> Sequence[FollowUp]:
    """Return the follow-ups on a meeting, oldest first."""
    return session.exec(select(FollowUp).where(FollowUp.meeting_id == meeting).order_by(col(FollowUp.id))).all()


def follow_ups_before(session: Session, meeting: Meeting) -> Sequence[FollowUp]:
    """Return the follow-ups on the meeting before this one, for this one's card."""
    before = last_meeting(session, meeting.community_id, meeting.starts_at - timedelta(seconds=1))
    return follow_ups_about(session, key(before)) if before else ()
