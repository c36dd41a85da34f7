"""Who took part in the rounds of a time: counts for reports. Nothing here says what anybody wrote."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import Session, case, col, func, select

from storage.learning.rounds import GROUP, IS_NOT_PLANNED, SENT, Response, Round
from storage.people.people import Membership, Person


class RoundCount(NamedTuple):
    """A closed round, and how many answered it, of those how many late. Skips don't count."""

    round: Round
    answered: int
    late: int


class Member(NamedTuple):
    """Somebody who belongs or belonged to a community. `away_since`: none of their accounts works since."""

    person: int
    name: str
    joined_at: datetime
    left_at: datetime | None
    away_since: datetime | None
    role_group: str
    is_visible: bool

    def was_asked(self, at: datetime) -> bool:
        """Return whether they belonged to the community at this time and were not away, as far as is known."""
        is_away = self.away_since is not None and self.away_since <= at
        return self.joined_at <= at and (self.left_at is None or self.left_at > at) and not is_away


def closed_rounds(session: Session, community: int, since: datetime, until: datetime) -> Sequence[RoundCount]:
    """Return the rounds opened from `since` on and before `until` that are closed, oldest first."""
    rounds = session.exec(
        select(Round)
        .where(Round.community_id == community, Round.opened_at >= since, Round.opened_at < until, IS_NOT_PLANNED)
        .where(col(Round.closed_at).is_not(None))
        .order_by(col(Round.opened_at), col(Round.id))
    ).all()
    counted = session.exec(
        select(Response.round_id, func.count(), func.sum(case((col(Response.is_late), 1), else_=0)))
        .join(Round, col(Round.id) == Response.round_id)
        .where(Round.community_id == community, Round.opened_at >= since, Round.opened_at < until, IS_NOT_PLANNED)
        .where(Response.state == SENT, col(Response.skipped).is_(False))
        .group_by(col(Response.round_id))
    )
    counts = {round: (answered, int(late)) for round, answered, late in counted}
    return [RoundCount(row, *counts.get(row.id or 0, (0, 0))) for row in rounds]


def answers_by_person(session: Session, community: int, since: datetime, until: datetime) -> Mapping[int, int]:
    """Return how many of the rounds opened in this time each person answered. Skips don't count."""
    counted = session.exec(
        select(Response.person_id, func.count())
        .join(Round, col(Round.id) == Response.round_id)
        .where(Round.community_id == community, Round.opened_at >= since, Round.opened_at < until, IS_NOT_PLANNED)
        .where(Response.state == SENT, col(Response.skipped).is_(False))
        .group_by(col(Response.person_id))
    )
    return dict(counted.all())


def answered_by(
    session: Session, community: int, since: datetime, until: datetime, people: Collection[int]
) -> frozenset[tuple[int, int]]:
    """Return which rounds opened in this time these people answered, as (round, person). Skips don't count."""
    rows = session.execute(
        select(Response.round_id, Response.person_id)
        .join(Round, col(Round.id) == Response.round_id)
        .where(Round.community_id == community, Round.opened_at >= since, Round.opened_at < until)
        .where(Response.state == SENT, col(Response.skipped).is_(False), col(Response.person_id).in_(people))
    )
    return frozenset((round, person) for round, person in rows)


def skipped_by(session: Session, community: int, since: datetime, until: datetime) -> frozenset[int]:
    """Return who skipped a round that was opened in this time: they were heard from, and nobody is told how."""
    return frozenset(
        session.exec(
            select(Response.person_id)
            .join(Round, col(Round.id) == Response.round_id)
            .where(Round.community_id == community, Round.opened_at >= since, Round.opened_at < until, IS_NOT_PLANNED)
            .where(Response.state == SENT, col(Response.skipped))
        ).all()
    )


def shared_answers(session: Session, rounds: Sequence[int]) -> Mapping[int, Sequence[Mapping[str, Any]]]:
    """Return the answers in these rounds that everyone in the community may read: by round, as JSON by question key."""
    found: dict[int, list[Mapping[str, Any]]] = {}
    # Only two columns, since a season can have tens of thousands of rows.
    query = (
        select(Response.round_id, Response.answers)
        .where(col(Response.round_id).in_(rounds), Response.state == SENT, Response.audience == GROUP)
        .where(col(Response.skipped).is_(False), Response.answers != "")
    )
    for round, answers in session.execute(query):
        found.setdefault(round, []).append(json.loads(answers))
    return found


def members(session: Session, community: int) -> Sequence[Member]:
    """Return everybody who has joined, also those who have left since."""
    columns = (
        *(Membership.person_id, Person.name, Membership.joined_at, Membership.left_at, Person.away_since),
        *(Membership.role_group, Membership.visible),
    )
    # SQLModel types `select` for up to four columns.
    query = (
        select(*columns)  # type: ignore[call-overload]
        .join(Person, col(Person.id) == Membership.person_id)
        .where(Membership.community_id == community, col(Membership.joined_at).is_not(None))
        .order_by(col(Membership.joined_at), col(Membership.id))
    )
    return [Member(*row) for row in session.exec(query)]
