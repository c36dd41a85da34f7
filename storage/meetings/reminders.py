"""Sent reminders: who was reminded of which meeting, and in which message.

Keeps anybody from being reminded twice, and finds the messages to rewrite when a meeting changes.
"""

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
    """That a message reminds one person, or the channel, of a meeting. Key: meeting, person, sequence and step.

    `forget_past` deletes it once every meeting in the same message has begun.
    """

    __table_args__ = (UniqueConstraint("meeting_id", "person_id", "sequence", "step"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    # None: the channel was reminded.
    person_id: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=DELETE),
    )
    # `sequence` of the meeting at that time: people are reminded again of a meeting that has moved since.
    sequence: int
    step: str  # of bot.domain.reminder_steps
    # Of the message, which may remind of several meetings.
    key: str = Field(index=True)


def own_steps(session: Session, community: int) -> set[str]:
    """Return every step that a member has chosen for themselves."""
    chosen = session.exec(
        select(Membership.remind_steps)
        .where(Membership.community_id == community, Membership.reminders, Membership.remind_steps != "", *JOINED)
        .distinct()
    )
    return {step for steps in chosen for step in steps.split()}


def recipients(session: Session, meeting: Meeting) -> Sequence[tuple[str, Person, Membership]]:
    """Return the members who welcome private reminders of this meeting, each with their RSVP, or "" if none yet."""
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
    """Return the person's other meetings that start less than `within` before or after this one, in any community.

    Only those of which they welcome private reminders.
    """
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
    """Return whether the person (None: the channel) was reminded at this step of the meeting as it is now."""
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
    """Keep the reminders valid that were sent when the meeting's sequence was `since`.

    For a change of anything but its time, after which nobody has to be reminded again.
    """
    same = (col(SentReminder.meeting_id) == meeting.id, col(SentReminder.sequence) == since)
    session.exec(update(SentReminder).where(*same).values(sequence=meeting.sequence))


def pending_key(session: Session, person: int, *, ignores_quiet_hours: bool) -> str:
    """Return the key of a reminder that was not sent yet, to add another meeting to; "" if there is none."""
    query = (
        select(SentReminder.key)
        .join(Outgoing, col(Outgoing.key) == SentReminder.key + f"@p{person}")
        .where(SentReminder.person_id == person, Outgoing.state == WAITING, Outgoing.receipt == "")
        .where(Outgoing.ignores_quiet_hours == ignores_quiet_hours)
        .order_by(col(SentReminder.id).desc())
    )
    return session.exec(query).first() or ""


def of_meeting(session: Session, meeting: int, person: int | None = None) -> Sequence[tuple[int | None, str]]:
    """Return (person, key) of each message that reminds of the meeting; the person is None for the channel's.

    With a `person`, only those to them.
    """
    query = select(SentReminder.person_id, SentReminder.key).where(SentReminder.meeting_id == meeting).distinct()
    if person is not None:
        query = query.where(SentReminder.person_id == person)
    return session.exec(query.order_by(col(SentReminder.person_id), col(SentReminder.key))).all()


def receivers(session: Session, key: str) -> Sequence[int | None]:
    """Return whom this message reminds of meetings; None stands for the channel."""
    return session.exec(select(SentReminder.person_id).where(SentReminder.key == key).distinct()).all()


def overtaken(session: Session, community: int, now: datetime) -> Sequence[tuple[int | None, str]]:
    """Return (person, key) of each message about a meeting to come that has changed since. The channel is None."""
    query = (
        select(SentReminder.person_id, SentReminder.key)
        .join(Meeting, col(Meeting.id) == SentReminder.meeting_id)
        .where(Meeting.community_id == community, Meeting.status == PLANNED, Meeting.starts_at > now)
        .where(SentReminder.sequence != Meeting.sequence)
        .distinct()
    )
    return session.exec(query.order_by(col(SentReminder.person_id), col(SentReminder.key))).all()


def meetings_in_message(
    session: Session, person: int | None, key: str
) -> Sequence[tuple[Meeting, bool, str, Community]]:
    """Return what a message to a person (None: to the channel) reminds of, in the order of the meetings.

    (meeting, whether it is still as the message says, the person's RSVP or "", the meeting's community)
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
    """Delete the rows of messages whose meetings have all begun: these messages are not rewritten any more."""
    past = select(col(Meeting.id)).where(Meeting.community_id == community, Meeting.starts_at <= now)
    beside, later = aliased(SentReminder), aliased(Meeting)
    to_come = (
        select(beside.id)
        .join(later, col(later.id) == beside.meeting_id)
        .where(beside.key == SentReminder.key, later.starts_at > now)
    )
    session.exec(delete(SentReminder).where(col(SentReminder.meeting_id).in_(past), ~to_come.exists()))
