"""Gather the report of a season from the database: counts and middles, and names only of members who agreed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.context import Context
from bot.domain import measures
from bot.domain.measures import Ratio
from bot.domain.suppression import LEAST, Group, ShownGroups, suppress
from bot.features.reports import answers, courses, measurements
from bot.features.reports.answers import RoundLine
from bot.features.reports.courses import Course
from bot.features.reports.measurements import LibraryMeasures, MeetingMeasures, TieMeasures
from bot.operations import gatherings
from storage.communities import communities
from storage.communities.communities import Season
from storage.learning import participation
from storage.learning.participation import Member
from storage.people import absences, people


@dataclass(frozen=True)
class Report:
    """A season, or all time without one.

    `answered` are answers of asks over all rounds, `before` the same in the season before. `reach` are active members
    with at least one act, of all; `groups` are that by role group. `unheard` are those without any who agreed to be
    named, by person and name.
    """

    community: str
    season: str
    since: datetime
    until: datetime
    zone: ZoneInfo
    rounds: tuple[RoundLine, ...]
    answered: Ratio
    before: Ratio | None
    reach: Ratio
    evenness: float | None
    top_share: float | None
    groups: ShownGroups
    meetings: MeetingMeasures
    ties: TieMeasures
    library: LibraryMeasures
    courses: tuple[Course, ...]
    unheard: tuple[tuple[int, str], ...]

    @property
    def unsigned(self) -> int | None:
        """At least how many answered the anonymous check-in that most answered, in steps. None without one.

        Who they are is forgotten when it closes, so they can't be added to `reach`: most did something else too.
        """
        return max((line.answered.part for line in self.rounds if line.is_anonymous), default=None)

    @property
    def late(self) -> int:
        return sum(line.late for line in self.rounds)


def gather(ctx: Context, season: Season | None) -> Report:
    """Return the report of a season, or of all time."""
    zone = ZoneInfo(ctx.community.zone)
    since, until = bounds(season, zone) if season else (ctx.community.created_at, ctx.now)
    members = participation.members(ctx.session, ctx.community_id)
    absent = absences.of_community(ctx.session, ctx.community_id)
    lines, counts = answers.lines(ctx.session, ctx.community_id, since, until, members, absent)
    earlier = _before(ctx, season)
    before = answers.lines(ctx.session, ctx.community_id, *bounds(earlier, zone), members, absent)[0] if earlier else ()
    active = [m for m in members if m.left_at is None and m.away_since is None]
    acts = answers.acts(ctx.session, ctx.community_id, since, until, active)
    reach = Ratio(sum(n > 0 for n in acts.values()), len(active))
    leading = frozenset(people.key(person) for person in people.facilitators(ctx.session, ctx.community_id))
    held = gatherings.held(ctx.session, ctx.community_id, since, min(until, ctx.now), members, absent)
    return Report(
        community=ctx.community.name,
        season=season.name if season else "",
        since=since,
        until=until,
        zone=zone,
        rounds=lines,
        answered=answers.total(lines),
        before=answers.total(before) if earlier else None,
        reach=reach,
        evenness=measures.evenness(list(acts.values())),
        top_share=measures.top_share(list(acts.values())),
        groups=by_group(active, acts),
        meetings=measurements.of_meetings(held),
        ties=measurements.of_ties(ctx.session, ctx.community_id, min(until, ctx.now), active, leading),
        library=measurements.of_library(ctx.session, ctx.community_id, since, min(until, ctx.now)),
        courses=courses.gather(ctx.session, counts, zone),
        unheard=() if any(line.is_anonymous for line in lines) else _unheard(ctx, active, acts, since, until),
    )


def bounds(season: Season, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the moments at which a season begins and is over."""
    over = season.ends + timedelta(days=1)
    return datetime.combine(season.starts, time(0), zone), datetime.combine(over, time(0), zone)


def _before(ctx: Context, season: Season | None) -> Season | None:
    """Return the season before this one."""
    if season is None:
        return None
    every = communities.seasons(ctx.session, ctx.community_id)
    return next((each for each in reversed(every) if each.ends < season.starts), None)


def by_group(active: Sequence[Member], acts: Mapping[int, int]) -> ShownGroups:
    """Return how many of each role did anything. No role that has few, and none that can be worked out."""
    names = sorted({" ".join(m.role_group.split()) for m in active}, key=lambda name: (not name, name.casefold()))
    groups = []
    for name in names:
        inside = [m for m in active if " ".join(m.role_group.split()) == name]
        groups.append(Group(name, sum(acts[m.person] > 0 for m in inside), len(inside)))
    return suppress(groups) if len(groups) > 1 else ShownGroups()


def _unheard(
    ctx: Context, active: Sequence[Member], acts: Mapping[int, int], since: datetime, until: datetime
) -> tuple[tuple[int, str], ...]:
    """Return who did nothing yet, among those who agreed that facilitators see it. Nobody in a small community.

    Not asked for a season with an anonymous check-in, since whoever only answered that did something.
    """
    if not ctx.access.is_facilitator or len(active) < LEAST:
        return ()
    skipped = participation.skipped_by(ctx.session, ctx.community_id, since, until)
    silent = (m for m in active if m.is_visible and not acts[m.person] and m.person not in skipped | {ctx.me})
    return tuple((m.person, m.name) for m in silent)
