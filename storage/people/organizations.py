"""Organizations that members belong to: typed by themselves, and confirmed by somebody else before it opens anything.

All that is read by organization is read through this module, so that an organization nobody confirmed counts for
nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, func, select

from storage.people import people
from storage.people.people import JOINED, Membership, Person

# Colleagues who are asked at once, those who joined last.
MOST_ASKED = 3


def confirmed(row: Membership | None) -> str:
    """Return the organization that a member is confirmed to belong to; "" if there is none."""
    return row.organization if row and people.is_member(row) and row.organization_confirmed else ""


def belongs_to(organization: str) -> ColumnElement[bool]:
    """Return a condition for the memberships of those who are confirmed to belong to an organization."""
    named = and_(col(Membership.organization) != "", col(Membership.organization) == organization)
    return and_(named, col(Membership.organization_confirmed), *JOINED)


def choose(session: Session, row: Membership, typed: str) -> None:
    """Set the organization that a member typed. Another one than before is not confirmed.

    One that members here belong to already is spelled as they do.
    """
    name = _spelled(session, row, " ".join(typed.split()))
    if name != row.organization:
        row.organization, row.organization_confirmed, row.organization_asked_at = name, False, None
    session.flush()


def _spelled(session: Session, row: Membership, name: str) -> str:
    if not name or name.casefold() == row.organization.casefold():
        return name and row.organization
    same = select(Membership.organization).where(
        Membership.community_id == row.community_id, func.lower(Membership.organization) == name.lower()
    )
    return (
        session.exec(same.order_by(col(Membership.organization_confirmed).desc(), col(Membership.id))).first() or name
    )


def end(row: Membership) -> None:
    """Take a member's organization away, confirmed or not."""
    row.organization, row.organization_confirmed, row.organization_asked_at = "", False, None


def colleagues(session: Session, row: Membership) -> Sequence[Person]:
    """Return who is confirmed to belong to the same organization in the same community, without the member."""
    return session.exec(
        select(Person)
        .join(Membership)
        .where(
            belongs_to(row.organization),
            Membership.community_id == row.community_id,
            Membership.person_id != row.person_id,
        )
        .order_by(col(Membership.joined_at).desc(), col(Membership.id).desc())
    ).all()


def by_person(session: Session, community: int) -> Mapping[int, str]:
    """Return the organization of each member who is confirmed to belong to one."""
    return {row.person_id: row.organization for row, _person in members(session, community, confirmed=True)}


def who_confirms(session: Session, row: Membership) -> Sequence[Person]:
    """Return whom to ask about a member: some confirmed colleagues, or else the facilitators. Never the member."""
    asked = colleagues(session, row)[:MOST_ASKED]
    return asked or [p for p in people.facilitators(session, row.community_id) if p.id != row.person_id]


def ask(row: Membership, now: datetime) -> None:
    row.organization_asked_at = now


def members(session: Session, community: int, *, confirmed: bool) -> Sequence[tuple[Membership, Person]]:
    """Return the members who typed an organization, and are confirmed or not, by organization and name."""
    return session.exec(
        select(Membership, Person)
        .join(Person)
        .where(
            Membership.community_id == community,
            Membership.organization != "",
            Membership.organization_confirmed == confirmed,
            *JOINED,
        )
        .order_by(col(Membership.organization), col(Person.name), col(Membership.id))
    ).all()


def get(session: Session, community: int, id: int) -> tuple[Membership, Person] | None:
    """Return a member of the community who typed an organization."""
    return session.exec(
        select(Membership, Person)
        .join(Person)
        .where(Membership.id == id, Membership.community_id == community, Membership.organization != "", *JOINED)
    ).first()
