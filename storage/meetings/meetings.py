"""Meetings, and the series that make them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Field, Index, Session, SQLModel, UniqueConstraint, col, select

PLANNED, CANCELLED = "planned", "cancelled"
# The series' rule no longer has this meeting. The row stays: the rule may change back, and cards still show it.
DROPPED = "dropped"
# The regular meeting type of bot.domain.meeting_types.
CALL = "call"


class Series(SQLModel, table=True):
    """Meetings that follow one rule, which also says from which day until which day it holds. Key: `id`.

    Never deleted by itself; `ended` is set instead.
    """

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    title: str
    rule: str  # JSON of bot.cadence.Rule
    zone: str
    minutes: int
    place: str = ""
    link: str = ""
    meeting_type: str = CALL
    # Makes no more meetings. Those it made stay.
    ended: bool = False
    created_at: datetime


class Meeting(SQLModel, table=True):
    """One meeting: an occurrence of a series, or a single one that a facilitator added.

    Key: `id`; for occurrences also series and `original_at`. Never deleted by itself; `status` changes instead.
    """

    __table_args__ = (
        UniqueConstraint("series_id", "original_at"),
        Index("ix_meeting_when", "community_id", "starts_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id")
    series_id: int | None = Field(default=None, foreign_key="series.id")
    # When the series' rule puts it. None: a single meeting.
    original_at: datetime | None = None
    starts_at: datetime
    minutes: int
    status: str = PLANNED
    # By hand, so a change of the rule leaves it alone.
    moved: bool = False
    title: str
    place: str = ""
    link: str = ""
    # Those of place, link and minutes that differ from the series, separated by spaces.
    overridden_fields: str = ""
    # Why it was moved or cancelled, in a facilitator's words.
    note: str = ""
    # Grows with each change that people are told about.
    sequence: int = 0
    meeting_type: str = CALL
    # For a guest of a joint meeting: the row of the community that hosts it.
    host_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)


# Nearly every event runs these queries, so they are built once.
_PLANNED = select(Meeting).where(Meeting.community_id == bindparam("community"), Meeting.status == PLANNED)
NEXT = _PLANNED.where(Meeting.starts_at > bindparam("now")).order_by(col(Meeting.starts_at), col(Meeting.id))
LAST = _PLANNED.where(Meeting.starts_at <= bindparam("now")).order_by(
    col(Meeting.starts_at).desc(), col(Meeting.id).desc()
)
BETWEEN = _PLANNED.where(Meeting.starts_at >= bindparam("start"), Meeting.starts_at < bindparam("end")).order_by(
    col(Meeting.starts_at), col(Meeting.id)
)


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
    """Add a series; `rule` is JSON of bot.cadence.Rule. Its meetings appear when the timer `meetings.plan` fires."""
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
    """Return the community's series that still make meetings, oldest first."""
    return session.exec(
        select(Series).where(Series.community_id == community, col(Series.ended).is_(False)).order_by(col(Series.id))
    ).all()


def series(session: Session, community: int, id: int | None) -> Series | None:
    row = session.get(Series, id) if id else None
    return row if row and row.community_id == community else None


def ended_series_of(session: Session, community: int) -> Sequence[Series]:
    return session.exec(select(Series).where(Series.community_id == community, col(Series.ended))).all()


def end_series(session: Session, community: int, series: int) -> bool:
    """End a series; the timer `meetings.plan` then drops its future meetings.

    Returns False if the community has no such series, or it has ended already.
    """
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
    meeting_type: str = CALL,
    host: int | None = None,
) -> Meeting:
    """Add a meeting: with `series`, the occurrence at `starts_at`; with `host`, a guest's row of a joint meeting."""
    row = Meeting(
        community_id=community,
        series_id=series,
        original_at=starts_at if series else None,
        starts_at=starts_at,
        minutes=minutes,
        title=title,
        place=place,
        link=link,
        meeting_type=meeting_type,
        host_id=host,
    )
    session.add(row)
    session.flush()
    return row


def host_of(session: Session, guest: Meeting) -> Meeting | None:
    """Return the host's row of a joint meeting, which this one follows; None if this is no guest's row."""
    return session.get(Meeting, guest.host_id) if guest.host_id else None


def overlapping(session: Session, community: int, starts_at: datetime, minutes: int) -> Meeting | None:
    """Return a planned meeting that would take place at the same time, if any."""
    ends_at = starts_at + timedelta(minutes=minutes)
    # No meeting lasts longer than a day.
    around = between(session, community, starts_at - timedelta(days=1), ends_at)
    return next((m for m in around if m.starts_at + timedelta(minutes=m.minutes) > starts_at), None)


def get(session: Session, community: int, id: int) -> Meeting | None:
    row = session.get(Meeting, id)
    return row if row and row.community_id == community else None


def get_any(session: Session, id: int) -> Meeting | None:
    """Return a meeting of any community, for what a sibling community was told about it."""
    return session.get(Meeting, id)


def next_meeting(session: Session, community: int, now: datetime) -> Meeting | None:
    """Return the first planned meeting that has not begun."""
    return session.exec(NEXT, params={"community": community, "now": now}).first()


def last_meeting(session: Session, community: int, now: datetime) -> Meeting | None:
    """Return the planned meeting that began last, over or not."""
    return session.exec(LAST, params={"community": community, "now": now}).first()


def between(session: Session, community: int, start: datetime, end: datetime) -> Sequence[Meeting]:
    """Return the planned meetings that start from `start` on and before `end`, in order."""
    return session.exec(BETWEEN, params={"community": community, "start": start, "end": end}).all()


def from_now(session: Session, community: int, now: datetime) -> Sequence[Meeting]:
    """Return every future meeting, whatever its status, in order."""
    return session.exec(
        select(Meeting)
        .where(Meeting.community_id == community, Meeting.starts_at > now)
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    ).all()


def list_all(session: Session, community: int) -> Sequence[Meeting]:
    """Return every past and future meeting, cancelled ones included but not dropped ones, in order."""
    return session.exec(
        select(Meeting)
        .where(Meeting.community_id == community, Meeting.status != DROPPED)
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    ).all()


def cancelled(session: Session, community: int, now: datetime) -> Sequence[Meeting]:
    """Return the future meetings that were cancelled, in order."""
    return session.exec(
        select(Meeting)
        .where(Meeting.community_id == community, Meeting.status == CANCELLED, Meeting.starts_at > now)
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    ).all()


def occurrences_of(session: Session, series: int, now: datetime) -> Sequence[Meeting]:
    """Return a series' meetings after `now`, by the rule or as moved, whatever their status; in the rule's order."""
    return session.exec(
        select(Meeting)
        .where(Meeting.series_id == series, (col(Meeting.original_at) > now) | (col(Meeting.starts_at) > now))
        .order_by(col(Meeting.original_at), col(Meeting.id))
    ).all()
