"""When a community meets: its series, each meeting they make or a facilitator adds, and who says they will come."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Field, Index, Session, SQLModel, UniqueConstraint, col, delete, func, select

from storage.people import JOINED, Membership, Person

PLANNED, CANCELLED = "planned", "cancelled"
DROPPED = "dropped"  # its series' rule no longer has it; the row stays, for the rule may come back and cards remain
YES, MAYBE, NO = "yes", "maybe", "no"
ANSWERS = (YES, MAYBE, NO)
CALL = "call"  # the usual kind of meeting, as bot.kinds calls it


class Series(SQLModel, table=True):
    """Meetings that follow one rule. The rule also says from which day and until which day it holds."""

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    title: str
    rule: str  # JSON of bot.cadence.Rule
    zone: str
    minutes: int
    place: str = ""
    link: str = ""
    kind: str = CALL
    ended: bool = False  # makes no more meetings; those it made stay
    created_at: datetime


class Meeting(SQLModel, table=True):
    """One meeting: an occurrence of a series, or one that a facilitator added by itself."""

    __table_args__ = (
        UniqueConstraint("series_id", "original_at"),
        Index("ix_meeting_when", "community_id", "starts_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id")
    series_id: int | None = Field(default=None, foreign_key="series.id")
    original_at: datetime | None = None  # when its series' rule says; None for a single meeting
    starts_at: datetime
    minutes: int
    status: str = PLANNED
    moved: bool = False  # no longer where the rule put it: a change of rule leaves it alone
    title: str
    place: str = ""
    link: str = ""
    own: str = ""  # which of place, link and minutes are not those of its series, one space between them
    note: str = ""  # why it was moved or cancelled, as a facilitator wrote it
    sequence: int = 0  # grows with each change that people are told of
    kind: str = CALL
    host_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)  # held by another community


class Rsvp(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    answer: str  # one of ANSWERS
    note: str = ""  # for the facilitators
    always: bool = False  # said for every date at once, not for this one
    at: datetime


def key(row: Meeting) -> int:
    assert row.id is not None
    return row.id


def add_series(
    session: Session,
    community: int,
    *,
    title: str,
    rule: str,
    zone: str,
    minutes: int,
    now: datetime,
    place: str = "",
    link: str = "",
) -> Series:
    """A new series; its meetings appear when `meetings.plan` next runs. `rule` is JSON of bot.cadence.Rule."""
    row = Series(
        community_id=community,
        title=title,
        rule=rule,
        zone=zone,
        minutes=minutes,
        place=place,
        link=link,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def series_of(session: Session, community: int) -> Sequence[Series]:
    """The community's series that still make meetings, oldest first."""
    return session.exec(
        select(Series).where(Series.community_id == community, col(Series.ended).is_(False)).order_by(col(Series.id))
    ).all()


def series(session: Session, community: int, id: int | None) -> Series | None:
    row = session.get(Series, id) if id else None
    return row if row and row.community_id == community else None


def ended_series_of(session: Session, community: int) -> Sequence[Series]:
    return session.exec(select(Series).where(Series.community_id == community, col(Series.ended))).all()


def end_series(session: Session, community: int, series: int) -> bool:
    """Let a series make no more meetings; `meetings.plan` then drops those to come. False: no such series here."""
    row = session.get(Series, series)
    if row is None or row.community_id != community or row.ended:
        return False
    row.ended = True
    return True


def add(
    session: Session,
    community: int,
    *,
    title: str,
    starts_at: datetime,
    minutes: int,
    place: str = "",
    link: str = "",
    series: int | None = None,
    kind: str = CALL,
    host: int | None = None,
) -> Meeting:
    """A meeting; with `series`, the occurrence that its rule puts at `starts_at`; with `host`, another community's."""
    row = Meeting(
        community_id=community,
        series_id=series,
        original_at=starts_at if series else None,
        starts_at=starts_at,
        minutes=minutes,
        title=title,
        place=place,
        link=link,
        kind=kind,
        host_id=host,
    )
    session.add(row)
    session.flush()
    return row


def host_of(session: Session, guest: Meeting) -> Meeting | None:
    """The meeting of another community that this one is held with, and follows."""
    return session.get(Meeting, guest.host_id) if guest.host_id else None


def overlapping(session: Session, community: int, starts_at: datetime, minutes: int) -> Meeting | None:
    """A planned meeting that would be going on at the same time."""
    ends_at = starts_at + timedelta(minutes=minutes)
    around = between(session, community, starts_at - timedelta(days=1), ends_at)  # none lasts longer than a day
    return next((m for m in around if m.starts_at + timedelta(minutes=m.minutes) > starts_at), None)


def get(session: Session, community: int, id: int) -> Meeting | None:
    row = session.get(Meeting, id)
    return row if row and row.community_id == community else None


def next_meeting(session: Session, community: int, now: datetime) -> Meeting | None:
    """The first meeting that is planned and has not begun."""
    return session.exec(
        select(Meeting)
        .where(Meeting.community_id == community, Meeting.status == PLANNED, Meeting.starts_at > now)
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    ).first()


def last_meeting(session: Session, community: int, now: datetime) -> Meeting | None:
    """The meeting that began last, be it over or not."""
    return session.exec(
        select(Meeting)
        .where(Meeting.community_id == community, Meeting.status == PLANNED, Meeting.starts_at <= now)
        .order_by(col(Meeting.starts_at).desc(), col(Meeting.id).desc())
    ).first()


def between(session: Session, community: int, start: datetime, end: datetime) -> Sequence[Meeting]:
    """Planned meetings that begin from `start` on and before `end`, in order."""
    return session.exec(
        select(Meeting)
        .where(
            Meeting.community_id == community,
            Meeting.status == PLANNED,
            Meeting.starts_at >= start,
            Meeting.starts_at < end,
        )
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    ).all()


def from_now(session: Session, community: int, now: datetime) -> Sequence[Meeting]:
    """Every meeting still to come, whatever became of it, in order."""
    return session.exec(
        select(Meeting)
        .where(Meeting.community_id == community, Meeting.starts_at > now)
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    ).all()


def standing(session: Session, community: int) -> Sequence[Meeting]:
    """Every meeting there ever was or is to be, those that were cancelled too, in order."""
    return session.exec(
        select(Meeting)
        .where(Meeting.community_id == community, Meeting.status != DROPPED)
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    ).all()


def cancelled(session: Session, community: int, now: datetime) -> Sequence[Meeting]:
    """Meetings still to come that were cancelled, in order."""
    return session.exec(
        select(Meeting)
        .where(Meeting.community_id == community, Meeting.status == CANCELLED, Meeting.starts_at > now)
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    ).all()


def occurrences_of(session: Session, series: int, now: datetime) -> Sequence[Meeting]:
    """What a series has made from `now` on, by the rule's moments, whatever became of it since."""
    return session.exec(
        select(Meeting)
        .where(Meeting.series_id == series, (col(Meeting.original_at) > now) | (col(Meeting.starts_at) > now))
        .order_by(col(Meeting.original_at))
    ).all()


def rsvp(session: Session, meeting: int, person: int) -> Rsvp | None:
    return session.exec(select(Rsvp).where(Rsvp.meeting_id == meeting, Rsvp.person_id == person)).first()


def say(session: Session, meeting: int, person: int, answer: str, now: datetime, *, always: bool = False) -> Rsvp:
    """Write down what a person says about coming; saying it again changes it. `answer` is one of ANSWERS.

    `always`: they said it of every date at once.
    """
    assert answer in ANSWERS
    row = rsvp(session, meeting, person)
    if row is None:
        row = Rsvp(meeting_id=meeting, person_id=person, answer=answer, at=now)
        session.add(row)
    row.answer, row.at, row.always = answer, now, always
    session.flush()
    return row


def unsay_always(session: Session, community: int, person: int, now: datetime) -> None:
    """Take back what a person said of every date at once, of those still to come."""
    coming = select(col(Meeting.id)).where(Meeting.community_id == community, Meeting.starts_at > now)
    session.exec(delete(Rsvp).where(col(Rsvp.person_id) == person, col(Rsvp.always), col(Rsvp.meeting_id).in_(coming)))


def say_for_always(session: Session, meeting: Meeting, now: datetime) -> None:
    """For a new meeting: the answers of those who said it of every date."""
    query = select(Membership.person_id, Membership.always)
    query = query.where(Membership.community_id == meeting.community_id, Membership.always != "", *JOINED)
    for person, answer in session.exec(query).all():
        say(session, key(meeting), person, answer, now, always=True)


def notes(session: Session, meeting: int) -> Sequence[tuple[str, str, Person]]:
    """What people added to their answer, for the facilitators: the note, the answer, and whose it is; newest first."""
    return session.exec(
        select(Rsvp.note, Rsvp.answer, Person)
        .join(Person, col(Person.id) == Rsvp.person_id)
        .where(Rsvp.meeting_id == meeting, Rsvp.note != "")
        .order_by(col(Rsvp.at).desc(), col(Rsvp.id))
    ).all()


def counts(session: Session, meeting: int) -> Mapping[str, int]:
    """How many said yes, maybe and no."""
    rows = session.exec(select(Rsvp.answer, func.count()).where(Rsvp.meeting_id == meeting).group_by(Rsvp.answer)).all()
    found = dict(rows)
    return {answer: found.get(answer, 0) for answer in ANSWERS}


def replies(session: Session, meeting: int) -> Sequence[tuple[str, Person]]:
    """What each person said about coming, in the order they said it."""
    return session.exec(
        select(Rsvp.answer, Person)
        .join(Person, col(Person.id) == Rsvp.person_id)
        .where(Rsvp.meeting_id == meeting)
        .order_by(col(Rsvp.at), col(Rsvp.id))
    ).all()


def to_remind(session: Session, meeting: Meeting) -> Sequence[tuple[str, Person]]:
    """Members who said yes or maybe and keep private reminders on, each with what they said."""
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
