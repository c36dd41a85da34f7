"""Who was reminded of which meeting, and in which message: nobody is twice, and every message is kept true."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, and_, col, delete, or_, select, update

from storage.communities.communities import Community
from storage.database.personal import DELETE, personal
from storage.meetings.meetings import PLANNED, Meeting
from storage.meetings.rsvps import MAYBE, YES, Rsvp
from storage.messaging.outbox import WAITING, Outgoing
from storage.people.people import JOINED, Membership, Person


class SentReminder(SQLModel, table=True):
    """A reminder that was written, to one person or to the channel. Forgotten once all it is about has begun."""

    __table_args__ = (UniqueConstraint("meeting_id", "person_id", "sequence", "step"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    # None: the channel.
    person_id: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=DELETE),
    )
    sequence: int  # of the meeting then: a moved meeting is reminded of anew
    step: str  # of bot.domain.reminder_steps
    key: str = Field(index=True)  # of the message, which may remind of several meetings


def own_steps(session: Session, community: int) -> set[str]:
    """Every step that some member chose for themselves."""
    chosen = session.exec(
        select(Membership.remind_steps)
        .where(Membership.community_id == community, Membership.reminders, Membership.remind_steps != "", *JOINED)
        .distinct()
    )
    return {step for steps in chosen for step in steps.split()}


def recipients(session: Session, meeting: Meeting) -> Sequence[tuple[str, Person, Membership]]:
    """Members who welcome private reminders of this meeting, each with what they said: "" for nothing so far."""
    rows = session.exec(
        select(Rsvp.answer, Person, Membership)
        .select_from(Membership)
        .join(Person, col(Person.id) == Membership.person_id)
        .join(Rsvp, and_(col(Rsvp.person_id) == Person.id, Rsvp.meeting_id == meeting.id), isouter=True)
        .where(Membership.community_id == meeting.community_id, Membership.reminders, *JOINED)
        .where(or_(col(Rsvp.answer).in_((YES, MAYBE)), and_(col(Rsvp.id).is_(None), Membership.remind_open)))
        .order_by(col(Person.id))
    )
    return [(answer or "", person, member) for answer, person, member in rows]


def same_hour(
    session: Session, meeting: Meeting, person: int, within: timedelta
) -> Sequence[tuple[Meeting, Membership, Community]]:
    """The person's other meetings, in any community, that begin less than `within` before or after this one."""
    start, end = meeting.starts_at - within, meeting.starts_at + within
    rows = session.exec(
        select(Meeting, Membership, Community)
        .join(Membership, col(Membership.community_id) == Meeting.community_id)
        .join(Community, col(Community.id) == Meeting.community_id)
        .join(Rsvp, and_(col(Rsvp.meeting_id) == Meeting.id, Rsvp.person_id == person), isouter=True)
        .where(Membership.person_id == person, Membership.reminders, *JOINED)
        .where(Meeting.id != meeting.id, Meeting.status == PLANNED, col(Community.paused).is_(False))
        .where(Meeting.starts_at > start, Meeting.starts_at < end)
        .where(or_(col(Rsvp.answer).in_((YES, MAYBE)), and_(col(Rsvp.id).is_(None), Membership.remind_open)))
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    )
    return [(m, member, community) for m, member, community in rows]


def was_sent(session: Session, meeting: Meeting, person: int | None, step: str) -> bool:
    """Whether they (None: the channel) were reminded of the meeting, as it is now, at this step."""
    query = select(SentReminder.id).where(
        SentReminder.meeting_id == meeting.id,
        SentReminder.person_id == person,
        SentReminder.sequence == meeting.sequence,
        SentReminder.step == step,
    )
    return session.exec(query).first() is not None


def record(session: Session, meeting: Meeting, person: int | None, step: str, key: str) -> None:
    assert meeting.id is not None
    session.add(SentReminder(meeting_id=meeting.id, person_id=person, sequence=meeting.sequence, step=step, key=key))
    session.flush()


def carry_over(session: Session, meeting: Meeting, since: int) -> None:
    """The meeting has changed since `sequence` was `since`, but not when it is: nobody has to be reminded anew."""
    same = (col(SentReminder.meeting_id) == meeting.id, col(SentReminder.sequence) == since)
    session.exec(update(SentReminder).where(*same).values(sequence=meeting.sequence))


def pending_key(session: Session, person: int, *, at_once: bool) -> str:
    """The key of a reminder that has not left yet, which another one may join; "" where there is none."""
    query = (
        select(SentReminder.key)
        .join(Outgoing, col(Outgoing.key) == SentReminder.key + f"@p{person}")
        .where(SentReminder.person_id == person, Outgoing.state == WAITING, Outgoing.receipt == "")
        .where(Outgoing.at_once == at_once)
        .order_by(col(SentReminder.id).desc())
    )
    return session.exec(query).first() or ""


def of_meeting(session: Session, meeting: int) -> Sequence[tuple[int | None, str]]:
    """(person, key) of each message that reminds somebody of the meeting; no person where it is in the channel."""
    query = select(SentReminder.person_id, SentReminder.key).where(SentReminder.meeting_id == meeting).distinct()
    return session.exec(query.order_by(col(SentReminder.person_id), col(SentReminder.key))).all()


def meetings_in_message(
    session: Session, person: int | None, key: str
) -> Sequence[tuple[Meeting, bool, str, Community]]:
    """What a message to a person (None: to the channel) reminds of.

    Each meeting, whether it is as it was then, what they said about coming, and whose meeting it is.
    """
    rows = session.exec(
        select(Meeting, SentReminder.sequence, Rsvp.answer, Community)
        .select_from(SentReminder)
        .join(Meeting, col(Meeting.id) == SentReminder.meeting_id)
        .join(Community, col(Community.id) == Meeting.community_id)
        .join(Rsvp, and_(col(Rsvp.meeting_id) == Meeting.id, Rsvp.person_id == person), isouter=True)
        .where(SentReminder.person_id == person, SentReminder.key == key)
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    )
    latest: dict[int, tuple[Meeting, bool, str, Community]] = {}
    for meeting, sequence, answer, community in rows:
        assert meeting.id is not None
        holds = meeting.status == PLANNED and sequence == meeting.sequence
        before = latest.get(meeting.id)
        latest[meeting.id] = (meeting, holds or bool(before and before[1]), answer or "", community)
    return list(latest.values())


def forget_past(session: Session, community: int, now: datetime) -> None:
    """Once every meeting that a message reminds of has begun, it is not rewritten any more."""
    past = select(col(Meeting.id)).where(Meeting.community_id == community, Meeting.starts_at <= now)
    beside, later = aliased(SentReminder), aliased(Meeting)
    to_come = (
        select(beside.id)
        .join(later, col(later.id) == beside.meeting_id)
        .where(beside.key == SentReminder.key, later.starts_at > now)
    )
    session.exec(delete(SentReminder).where(col(SentReminder.meeting_id).in_(past), ~to_come.exists()))
