"""Appointments: since when and until when somebody holds a role.

What members write for the facilitators is for those who facilitate at that time. So a facilitator reads what was given
in their own times, and what one of them hands over. A facilitator without any appointment reads nothing of the kind.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Field, Session, SQLModel, col, select, update

from storage.database.personal import DELETE, KEEP, personal
from storage.people.people import FACILITATOR


class Appointment(SQLModel, table=True):
    """One time in which a person has a role in a community. Key: `id`. It stays when they leave, and has an end then.

    With `handed_over`, it is a facilitator's time that another facilitator may read too, and gives no role.
    """

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=KEEP, label="roles held"),
    )
    role: int  # bot.core.permissions.Role: 2 facilitator, 3 admin
    since: datetime
    # None: they still have it.
    until: datetime | None = None
    # By a role of the platform, such as a Discord role.
    from_platform: bool = False
    handed_over: bool = False


class Period(NamedTuple):
    """A time in which somebody facilitated, from `since` on and before `until`; None means until now."""

    since: datetime
    until: datetime | None

    def covers(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)

    def contains(self, other: "Period") -> bool:
        return self.since <= other.since and (
            self.until is None or (other.until is not None and other.until <= self.until)
        )


def start(
    session: Session,
    community: int,
    person: int,
    now: datetime,
    *,
    role: int = FACILITATOR,
    from_platform: bool = False,
) -> None:
    """Begin an appointment, unless one like it is under way."""
    if not is_under_way(session, community, person, role=role, from_platform=from_platform):
        session.add(
            Appointment(community_id=community, person_id=person, role=role, since=now, from_platform=from_platform)
        )
        session.flush()


def is_under_way(session: Session, community: int, person: int, *, role: int, from_platform: bool) -> bool:
    return (
        session.exec(
            select(Appointment.id).where(
                Appointment.community_id == community,
                Appointment.person_id == person,
                Appointment.role == role,
                col(Appointment.from_platform).is_(from_platform),
                col(Appointment.handed_over).is_(False),
                col(Appointment.until).is_(None),
            )
        ).first()
        is not None
    )


def facilitates_by_platform(session: Session, community: int, person: int) -> bool:
    return is_under_way(session, community, person, role=FACILITATOR, from_platform=True)


def end(session: Session, community: int, person: int, now: datetime) -> None:
    """End what a person holds in a community by their own role."""
    _end(session, now, Appointment.community_id == community, Appointment.person_id == person)


def end_from_platform(session: Session, community: int, now: datetime) -> None:
    """End what roles of the platform gave in a community. It begins anew for those who still have one."""
    _end(session, now, Appointment.community_id == community, col(Appointment.from_platform))


def _end(session: Session, now: datetime, *where: object) -> None:
    session.flush()
    session.exec(
        update(Appointment).where(*where, col(Appointment.until).is_(None)).values(until=now)  # type: ignore[arg-type]
    )
    session.expire_all()


def periods(session: Session, community: int, person: int) -> Sequence[Period]:
    """Return the times whose answers to the facilitators a person may read, if they facilitate now."""
    rows = session.exec(
        select(Appointment)
        .where(Appointment.community_id == community, Appointment.person_id == person, Appointment.role == FACILITATOR)
        .order_by(col(Appointment.since), col(Appointment.id))
    )
    return [Period(row.since, row.until) for row in rows]


def hand_over(session: Session, community: int, giver: int, receiver: int, now: datetime) -> int:
    """Let `receiver` read what `giver` may read until now. Returns how many times are new to them."""
    known = set(periods(session, community, receiver))
    given = [Period(since, until or now) for since, until in periods(session, community, giver)]
    new = [each for each in given if each not in known]
    for since, until in new:
        session.add(
            Appointment(
                community_id=community, person_id=receiver, role=FACILITATOR, since=since, until=until, handed_over=True
            )
        )
    session.flush()
    return len(new)
