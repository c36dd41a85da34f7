"""When a community meets: its series, and each meeting they make or a facilitator adds."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Field, Index, Session, SQLModel, UniqueConstraint, col, select

PLANNED, CANCELLED = "planned", "cancelled"
DROPPED = "dropped"  # its series' rule no longer has it; the row stays, for the rule may come back and cards remain
CALL = "call"  # the usual kind of meeting, as bot.domain.meeting_types calls it


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
    overridden_fields: str = ""  # which of place, link and minutes are not those of its series, one space between them
    note: str = ""  # why it was moved or cancelled, as a facilitator wrote it
    sequence: int = 0  # grows with each change that people are told of
    kind: str = CALL
    host_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)  # held by another community


# Asked at nearly every event, so they are put together once.
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
    return session.exec(NEXT, params={"community": community, "now": now}).first()


def last_meeting(session: Session, community: int, now: datetime) -> Meeting | None:
    """The meeting that began last, be it over or not."""
    return session.exec(LAST, params={"community": community, "now": now}).first()


def between(session: Session, community: int, start: datetime, end: datetime) -> Sequence[Meeting]:
    """Planned meetings that begin from `start` on and before `end`, in order."""
    return session.exec(BETWEEN, params={"community": community, "start": start, "end": end}).all()


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
        .order_by(col(Meeting.original_at), col(Meeting.id))
    ).all()
