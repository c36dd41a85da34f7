"""Appointments: since when and until when somebody holds a role.

What members write for the facilitators is for those who facilitate at that time. So a facilitator reads what was given
in their own times, and what one of them hands over. A facilitator without any appointment reads nothing of the kind.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import Field, Session, SQLModel, and_, col, or_, select, update

from storage.database.personal import DELETE, KEEP, personal
from storage.people.people import FACILITATOR, Account


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
    # By a role of the platform, such as a Discord role, that they have in this space. "" for both: in one of them.
    from_platform: bool = False
    platform: str = ""
    space: str = ""
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


def start(session: Session, community: int, person: int, now: datetime) -> None:
    """Begin the time in which a person facilitates by their own role, unless it is under way."""
    if not _under_way(session, community, person, FACILITATOR, col(Appointment.from_platform).is_(False)):
        _add(session, community, person, now, FACILITATOR)


def start_from_platform(
    session: Session, community: int, person: int, now: datetime, *, role: int, place: tuple[str, str]
) -> None:
    """Begin the time in which a person has a role by one of the platform, in `place`: the platform and the space."""
    _add(session, community, person, now, role, from_platform=True, platform=place[0], space=place[1])


def has_from_platform(
    session: Session, community: int, person: int, *, role: int, place: tuple[str, str] | None = None
) -> bool:
    """Return whether a person has a role by one of the platform: of this platform and space, or of any."""
    there = (col(Appointment.platform) == place[0], col(Appointment.space) == place[1]) if place else ()
    return _under_way(session, community, person, role, col(Appointment.from_platform), *there)


def facilitates_by_platform(session: Session, community: int, person: int) -> bool:
    return has_from_platform(session, community, person, role=FACILITATOR)


def all_from_platform(session: Session, person: int, platform: str, space: str) -> Sequence[Appointment]:
    """Return what a person has by roles of the platform, in all communities, where that may be one of this space."""
    there = and_(col(Appointment.platform) == platform, col(Appointment.space) == space)
    return session.exec(
        select(Appointment)
        .where(
            Appointment.person_id == person,
            col(Appointment.from_platform),
            col(Appointment.until).is_(None),
            or_(there, col(Appointment.platform) == ""),
        )
        .order_by(col(Appointment.id))
    ).all()


def holders_from_platform(session: Session, platform: str) -> Sequence[tuple[str, str]]:
    """Return the account of each person who has a role by one of the platform, with the space where that role is."""
    return session.exec(
        select(Account.external, Appointment.space)
        .join(Appointment, col(Appointment.person_id) == Account.person_id)
        .where(Account.platform == platform, Appointment.platform == platform, col(Appointment.until).is_(None))
        .distinct()
        .order_by(Account.external, Appointment.space)
    ).all()


def _under_way(session: Session, community: int, person: int, role: int, *where: Any) -> bool:
    return (
        session.exec(
            select(Appointment.id).where(
                Appointment.community_id == community,
                Appointment.person_id == person,
                Appointment.role == role,
                col(Appointment.handed_over).is_(False),
                col(Appointment.until).is_(None),
                *where,
            )
        ).first()
        is not None
    )


def _add(session: Session, community: int, person: int, now: datetime, role: int, **more: Any) -> None:
    session.add(Appointment(community_id=community, person_id=person, role=role, since=now, **more))
    session.flush()


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
