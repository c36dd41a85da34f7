"""Schedules: what a community is asked, when, and how often at most; and what its members muted.

A community without a row has the usual schedule (`bot.domain.touchpoints.USUAL`), and so have all from before there
were schedules. What a touchpoint is stands in its definition, as JSON that `bot.domain.touchpoints` reads and writes.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, delete, select

from storage.database.personal import DELETE, personal

ANYWAY = "anyway"  # of `Touchpoint.yields`


class Limits(NamedTuple):
    """How many requests a community gets in so many weeks, and how many a week of them reach one member privately."""

    requests: int = 1
    weeks: int = 1
    private: int = 2


USUAL_LIMITS = Limits()


class Schedule(SQLModel, table=True):
    """That a community has a schedule of its own, and its limits. Key: community."""

    community_id: int = Field(foreign_key="community.id", primary_key=True)
    preset: str  # which one it began with
    # As many requests in so many weeks.
    requests_a_week: int = USUAL_LIMITS.requests
    weeks_each: int = Field(default=USUAL_LIMITS.weeks, sa_column_kwargs={"server_default": "1"})
    # What reaches a member from all their communities together has a limit of its own.
    private_a_week: int = Field(default=USUAL_LIMITS.private, sa_column_kwargs={"server_default": "2"})
    changed_at: datetime


class ScheduledTouchpoint(SQLModel, table=True):
    """One line of a community's schedule. Key: community and what."""

    __tablename__ = "touchpoint"
    __table_args__ = (UniqueConstraint("community_id", "what"),)
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id")
    what: str  # kind of the timer that sends it, or "checkin " and the id of a check-in
    definition: str  # JSON
    yields: str
    is_on: bool = True
    # The first day on which it comes again.
    paused_until: date | None = None
    # Of a check-in of the community's own: the day for which it was last opened, and the round.
    opened_on: date | None = None
    round_id: int | None = Field(default=None, foreign_key="round.id", index=True)


class TouchpointGuest(SQLModel, table=True):
    """A person whom a touchpoint names. Without any, it is for everyone, or for its role groups."""

    __table_args__ = (UniqueConstraint("touchpoint_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    touchpoint_id: int = Field(foreign_key="touchpoint.id")
    person_id: int = Field(foreign_key="person.id", index=True, sa_column_kwargs=personal(forget=DELETE, leave=DELETE))


class TouchpointMute(SQLModel, table=True):
    """That a member wants no private message about a touchpoint. Key: community, person and what."""

    __table_args__ = (UniqueConstraint("community_id", "person_id", "what"),)
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id")
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=DELETE, label="muted parts of a schedule"),
    )
    what: str


def get(session: Session, community: int) -> Schedule | None:
    return session.get(Schedule, community)


def limits(session: Session, community: int) -> Limits:
    row = get(session, community)
    return Limits(row.requests_a_week, row.weeks_each, row.private_a_week) if row else USUAL_LIMITS


def touchpoints(session: Session, community: int) -> Sequence[ScheduledTouchpoint]:
    """Return the lines of a community's own schedule, the oldest first. None are there if it has the usual one."""
    query = select(ScheduledTouchpoint).where(ScheduledTouchpoint.community_id == community)
    return session.exec(query.order_by(col(ScheduledTouchpoint.id))).all()


def touchpoint(session: Session, community: int, id: int) -> ScheduledTouchpoint | None:
    query = select(ScheduledTouchpoint).where(
        ScheduledTouchpoint.community_id == community, ScheduledTouchpoint.id == id
    )
    return session.exec(query).first()


def guests(session: Session, community: int) -> Mapping[int, Sequence[int]]:
    """Return whom the touchpoints of a community name, by touchpoint."""
    query = (
        select(TouchpointGuest)
        .join(ScheduledTouchpoint, col(ScheduledTouchpoint.id) == TouchpointGuest.touchpoint_id)
        .where(ScheduledTouchpoint.community_id == community)
        .order_by(col(TouchpointGuest.id))
    )
    found: dict[int, list[int]] = {}
    for row in session.exec(query):
        found.setdefault(row.touchpoint_id, []).append(row.person_id)
    return found


def begin(session: Session, community: int, preset: str, now: datetime) -> Schedule:
    """Give a community a schedule of its own, as yet empty, in place of any that it had. Its limits stay."""
    before = limits(session, community)
    end(session, community)
    row = Schedule(community_id=community, preset=preset, changed_at=now)
    row.requests_a_week, row.weeks_each, row.private_a_week = before
    session.add(row)
    session.flush()
    return row


def end(session: Session, community: int) -> None:
    """Give the community the usual schedule again."""
    ids = [row.id for row in touchpoints(session, community) if row.id]
    session.exec(delete(TouchpointGuest).where(col(TouchpointGuest.touchpoint_id).in_(ids)))
    session.exec(delete(ScheduledTouchpoint).where(col(ScheduledTouchpoint.community_id) == community))
    session.exec(delete(Schedule).where(col(Schedule.community_id) == community))
    session.expire_all()


def save(
    session: Session,
    community: int,
    what: str,
    *,
    definition: str,
    yields: str,
    is_on: bool = True,
    paused_until: date | None = None,
    people: Collection[int] = (),
) -> ScheduledTouchpoint:
    """Save a line of the schedule, in place of the one about the same thing, which keeps its age."""
    query = select(ScheduledTouchpoint).where(
        ScheduledTouchpoint.community_id == community, ScheduledTouchpoint.what == what
    )
    row = session.exec(query).first() or ScheduledTouchpoint(
        community_id=community, what=what, definition="", yields=""
    )
    row.definition, row.yields, row.is_on, row.paused_until = definition, yields, is_on, paused_until
    session.add(row)
    session.flush()
    session.exec(delete(TouchpointGuest).where(col(TouchpointGuest.touchpoint_id) == row.id))
    session.add_all(TouchpointGuest(touchpoint_id=row.id or 0, person_id=person) for person in dict.fromkeys(people))
    session.flush()
    return row


def remove(session: Session, row: ScheduledTouchpoint) -> None:
    session.exec(delete(TouchpointGuest).where(col(TouchpointGuest.touchpoint_id) == row.id))
    session.delete(row)
    session.flush()


def has_more(session: Session, community: int) -> bool:
    """Whether something comes no matter what, beside what the limit allows."""
    query = select(ScheduledTouchpoint.id).where(
        ScheduledTouchpoint.community_id == community,
        ScheduledTouchpoint.yields == ANYWAY,
        col(ScheduledTouchpoint.is_on),
    )
    return session.exec(query).first() is not None


def comes_anyway(session: Session, community: int, what: str) -> bool:
    """Whether the community wants this touchpoint even in a week that is taken."""
    query = select(ScheduledTouchpoint.id).where(
        ScheduledTouchpoint.community_id == community,
        ScheduledTouchpoint.what == what,
        ScheduledTouchpoint.yields == ANYWAY,
    )
    return session.exec(query).first() is not None


def muted(session: Session, community: int, person: int) -> frozenset[str]:
    """Return what a member muted."""
    query = select(TouchpointMute.what).where(
        TouchpointMute.community_id == community, TouchpointMute.person_id == person
    )
    return frozenset(session.exec(query))


def muted_by(session: Session, community: int, what: str) -> frozenset[int]:
    """Return who muted a touchpoint."""
    query = select(TouchpointMute.person_id).where(
        TouchpointMute.community_id == community, TouchpointMute.what == what
    )
    return frozenset(session.exec(query))


def set_muted(session: Session, community: int, person: int, whats: Collection[str]) -> None:
    """Make these all that a member has muted here."""
    of_person = (col(TouchpointMute.community_id) == community) & (col(TouchpointMute.person_id) == person)
    session.exec(delete(TouchpointMute).where(of_person))
    session.add_all(
        TouchpointMute(community_id=community, person_id=person, what=what) for what in dict.fromkeys(whats)
    )
    session.flush()
