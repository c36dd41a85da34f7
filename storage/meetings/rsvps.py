"""RSVPs: yes, maybe or no to a meeting, and standing replies for all future meetings."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, delete, func, select

from storage.database.personal import DELETE, personal
from storage.meetings.meetings import Meeting, key
from storage.people.people import BELONGS, JOINED, Membership, Person

YES, MAYBE, NO = "yes", "maybe", "no"
ANSWERS = (YES, MAYBE, NO)


class Rsvp(SQLModel, table=True):
    """One person's RSVP to a meeting. Key: meeting and person.

    When a standing reply is withdrawn, what it said about future meetings is deleted.
    """

    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=DELETE, label="replies to meetings", words=("note",)),
    )
    answer: str  # one of ANSWERS
    note: str = ""  # for those who facilitate when it is written
    noted_at: datetime | None = None
    # From a standing reply, not given for this meeting.
    from_standing_reply: bool = False
    at: datetime


# Every view of a meeting runs this query, so it is built once.
COUNTS = (
    select(Rsvp.answer, func.count())
    .join(Person, col(Person.id) == Rsvp.person_id)
    .where(Rsvp.meeting_id == bindparam("meeting"), col(Person.away_since).is_(None))
    .group_by(col(Rsvp.answer))
)


def get(session: Session, meeting: int, person: int) -> Rsvp | None:
    return session.exec(select(Rsvp).where(Rsvp.meeting_id == meeting, Rsvp.person_id == person)).first()


def say(
    session: Session, meeting: int, person: int, answer: str, now: datetime, *, from_standing_reply: bool = False
) -> Rsvp:
    """Save a person's RSVP, in place of an earlier one. `from_standing_reply`: it comes from their standing reply."""
    assert answer in ANSWERS
    row = get(session, meeting, person)
    if row is None:
        row = Rsvp(meeting_id=meeting, person_id=person, answer=answer, at=now)
        session.add(row)
    row.answer, row.at, row.from_standing_reply = answer, now, from_standing_reply
    session.flush()
    return row


def withdraw_standing_reply(session: Session, community: int, person: int, now: datetime) -> None:
    """Delete the RSVPs to future meetings that come from a person's standing reply."""
    coming = select(col(Meeting.id)).where(Meeting.community_id == community, Meeting.starts_at > now)
    session.exec(
        delete(Rsvp).where(
            col(Rsvp.person_id) == person, col(Rsvp.from_standing_reply), col(Rsvp.meeting_id).in_(coming)
        )
    )


def apply_standing_reply(session: Session, meeting: Meeting, now: datetime) -> None:
    """Save the RSVPs of everybody with a standing reply to a new meeting."""
    query = select(Membership.person_id, Membership.standing_reply)
    # Also of those who are away, whose replies count again when they are back.
    query = query.where(Membership.community_id == meeting.community_id, Membership.standing_reply != "", *BELONGS)
    for person, answer in session.exec(query).all():
        say(session, key(meeting), person, answer, now, from_standing_reply=True)


def notes(session: Session, meeting: int) -> Sequence[tuple[Rsvp, Person]]:
    """Return RSVPs with a note, newest first. Only for those who facilitated when it was written."""
    return session.exec(
        select(Rsvp, Person)
        .join(Person, col(Person.id) == Rsvp.person_id)
        .where(Rsvp.meeting_id == meeting, Rsvp.note != "")
        .order_by(col(Rsvp.at).desc(), col(Rsvp.id))
    ).all()


def counts(session: Session, meeting: int) -> Mapping[str, int]:
    """Return how many said yes, maybe and no, by answer."""
    found = dict(session.exec(COUNTS, params={"meeting": meeting}).all())
    return {answer: found.get(answer, 0) for answer in ANSWERS}


def respondents(session: Session, meeting: int) -> Sequence[int]:
    """Return who has answered, whatever they said."""
    return session.exec(select(Rsvp.person_id).where(Rsvp.meeting_id == meeting).order_by(col(Rsvp.id))).all()


def replies(session: Session, meeting: int) -> Sequence[tuple[str, Person]]:
    """Return (answer, person) of every RSVP to a meeting, in the order they were given, without those who are away."""
    return session.exec(
        select(Rsvp.answer, Person)
        .join(Person, col(Person.id) == Rsvp.person_id)
        .where(Rsvp.meeting_id == meeting, col(Person.away_since).is_(None))
        .order_by(col(Rsvp.at), col(Rsvp.id))
    ).all()


def to_remind(session: Session, meeting: Meeting) -> Sequence[tuple[str, Person]]:
    """Return (answer, person) of members who said yes or maybe and welcome private reminders."""
    return session.exec(
        select(Rsvp.answer, Person)
        .join(Person, col(Person.id) == Rsvp.person_id)
        .join(Membership, col(Membership.person_id) == Rsvp.person_id)
        .where(
            Rsvp.meeting_id == meeting.id,
            col(Rsvp.answer).in_((YES, MAYBE)),
            Membership.community_id == meeting.community_id,
            Membership.reminders,
            *JOINED,
        )
        .order_by(col(Rsvp.person_id))
    ).all()


def planned_for(session: Session, person: int, now: datetime) -> Sequence[Meeting]:
    """Return the meetings to come that a person has answered."""
    return session.exec(
        select(Meeting)
        .join(Rsvp, col(Rsvp.meeting_id) == Meeting.id)
        .where(Rsvp.person_id == person, Meeting.starts_at > now)
        .order_by(col(Meeting.id))
    ).all()
