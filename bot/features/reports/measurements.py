"""Measures of a community's meetings, of who helped whom, and of its resources, from what is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.domain import measures
from bot.domain.measures import Gathering, Ratio
from storage.learning.participation import Member
from storage.library import resources
from storage.people import organizations

# How long a tie counts.
TIED_FOR = timedelta(days=90)


@dataclass(frozen=True)
class MeetingMeasures:
    """Of so many meetings where it is known who came. None: too few people, or meetings."""

    meetings: int = 0
    attendance: Ratio | None = None
    continuity: Ratio | None = None


@dataclass(frozen=True)
class TieMeasures:
    """Ties of the last TIED_FOR: that a resource of one member helped another. None: too few people."""

    density: Ratio | None = None
    isolates: Ratio | None = None
    reciprocity: Ratio | None = None
    across_roles: Ratio | None = None
    across_organizations: Ratio | None = None
    # With the facilitators, and without them.
    centralization: tuple[float, float | None] | None = None


@dataclass(frozen=True)
class LibraryMeasures:
    """How many said that resources helped them, of how many there are, and how often that came from elsewhere."""

    reuse: Ratio
    elsewhere: Ratio | None


def of_meetings(gatherings: Sequence[Gathering]) -> MeetingMeasures:
    return MeetingMeasures(len(gatherings), measures.attendance(gatherings), measures.continuity(gatherings))


def of_ties(
    session: Session, community: int, until: datetime, active: Sequence[Member], facilitators: frozenset[int]
) -> TieMeasures:
    """Measure the ties among the active members at the end of a time."""
    members = {m.person for m in active}
    helped = resources.helped(session, community, until - TIED_FOR, until)
    # The one whose resource it is gives.
    ties = {(mark.owner, mark.person) for mark in helped}
    roles = {m.person: " ".join(m.role_group.split()).casefold() for m in active}
    everyone = measures.centralization(members, ties)
    return TieMeasures(
        density=measures.density(members, ties),
        isolates=measures.isolates(members, ties),
        reciprocity=measures.reciprocity(members, ties),
        across_roles=measures.across(members, ties, roles),
        across_organizations=measures.across(members, ties, organizations.by_person(session, community)),
        centralization=None if everyone is None else (everyone, measures.centralization(members - facilitators, ties)),
    )


def of_library(session: Session, community: int, since: datetime, until: datetime) -> LibraryMeasures:
    helped = resources.helped(session, community, since, until)
    belongs: Mapping[int, str] = organizations.by_person(session, community)
    marks = [(mark.person, belongs.get(mark.person, ""), belongs.get(mark.owner, "")) for mark in helped]
    return LibraryMeasures(
        measures.reuse([(mark.person, mark.resource) for mark in helped], resources.count(session, community, until)),
        measures.reuse_elsewhere(marks),
    )
