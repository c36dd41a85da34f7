"""Gather the report for sponsors: sums over a community or a whole program, for readers outside of it.

Only how many took part. Every count of people or of what they did is rounded down in steps, so that two reports a day
apart don't tell what one person did. Nothing that anybody wrote or answered is in it, and communities aren't set beside
each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain import measures
from bot.domain.measures import Ratio
from bot.domain.suppression import LEAST, Group, ShownGroups, in_steps
from bot.features.reports import answers
from bot.features.reports.report import by_group
from bot.operations import gatherings
from storage.communities import communities
from storage.communities.communities import Community
from storage.learning import participation
from storage.learning.participation import Member
from storage.library import resources
from storage.people import absences


@dataclass(frozen=True)
class SponsorReport:
    """What sponsors read. The part of each ratio, and `resources`, is a multiple of the step: "at least so many"."""

    name: str
    communities: int
    season: str
    since: datetime
    until: datetime
    zone: ZoneInfo
    reach: Ratio
    questions: int
    answered: Ratio
    meetings: int
    attendance: Ratio | None
    resources: int
    reuse: int
    groups: ShownGroups


def gather(
    session: Session,
    every: Sequence[Community],
    *,
    name: str,
    season: str,
    since: datetime,
    until: datetime,
    zone: ZoneInfo,
) -> SponsorReport | None:
    """Return the report over these communities, or None if fewer than LEAST people took part."""
    active: dict[int, Member] = {}
    acts: dict[int, int] = {}
    lines: list[answers.RoundLine] = []
    held: list[measures.Gathering] = []
    helped: set[int] = set()
    shared = 0
    for community in every:
        id = communities.key(community)
        members = participation.members(session, id)
        absent = absences.of_community(session, id)
        here = [m for m in members if m.left_at is None and m.away_since is None]
        for person, count in answers.acts(session, id, since, until, here).items():
            acts[person] = acts.get(person, 0) + count
        # Somebody in several communities is one person, with the role of the first.
        active = {m.person: m for m in here} | active
        lines += answers.lines(session, id, since, until, members, absent)[0]
        held += gatherings.held(session, id, since, until, members, absent)
        helped |= {mark.person for mark in resources.helped(session, id, since, until)}
        shared += resources.count(session, id, until)
    took_part = sum(count > 0 for count in acts.values())
    if took_part < LEAST:
        return None
    attendance = measures.attendance(held)
    return SponsorReport(
        name=name,
        communities=len(every),
        season=season,
        since=since,
        until=until,
        zone=zone,
        reach=_stepped(Ratio(took_part, len(active))),
        questions=len(lines),
        answered=_stepped(answers.total(lines)),
        meetings=len(held),
        attendance=attendance and _stepped(attendance),
        resources=in_steps(shared),
        reuse=in_steps(len(helped)),
        groups=_stepped_groups(by_group(list(active.values()), acts)),
    )


def _stepped(ratio: Ratio) -> Ratio:
    return Ratio(in_steps(ratio.part), ratio.whole)


def _stepped_groups(groups: ShownGroups) -> ShownGroups:
    def stepped(group: Group) -> Group:
        return replace(group, part=in_steps(group.part))

    others = groups.others and stepped(groups.others)
    return replace(groups, shown=tuple(stepped(group) for group in groups.shown), others=others)
