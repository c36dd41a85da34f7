"""Gather the report of a season from the database: counts and middles, and names only of members who agreed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.core.context import Context
from bot.domain import measures, questions
from bot.domain.measures import Ratio, Spread
from bot.domain.suppression import LEAST, Group, ShownGroups, suppress
from bot.features.reports import answers, measurements
from bot.features.reports.answers import RoundLine
from bot.features.reports.measurements import LibraryMeasures, MeetingMeasures, TieMeasures
from storage.communities import communities
from storage.communities.communities import Season
from storage.learning import anonymous_answers, checkins, participation
from storage.learning.participation import Member, RoundCount
from storage.learning.rounds import MOOD, Value
from storage.people import absences, people

# Questions whose answers are points between two ends.
POINTS = (questions.QuestionType.SCALE, questions.QuestionType.MOOD)


@dataclass(frozen=True)
class Course:
    """The answers to one question over the season: (round opened, spread or None if too few answered)."""

    words: str
    low: int
    high: int
    low_end: str
    high_end: str
    rounds: tuple[tuple[datetime, Spread | None], ...]


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
    held = measurements.gatherings(ctx.session, ctx.community_id, since, min(until, ctx.now), members, absent)
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
        courses=tuple(_courses(ctx, counts)),
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


def _courses(ctx: Context, counts: Sequence[RoundCount]) -> list[Course]:
    """Return the course of each question on points. Another scale, or swapped ends, is another question."""
    shared = participation.shared_answers(ctx.session, [count.round.id or 0 for count in counts])
    asked: dict[tuple[int, str, int, int, str], questions.Question] = {}
    found: dict[tuple[int, str, int, int, str], list[tuple[datetime, Spread | None]]] = {}
    read = cache(_questions)
    for round, _answered, _late in counts:
        version = checkins.version(ctx.session, round.version_id) if round.version_id else None
        # Check-ins once asked how it is going beside their one question.
        items = read(version.definition) if version else (OF_OLD,)
        for question in items:
            if question.type not in POINTS:
                continue
            low, high = (question.low, question.high) if question.type is questions.QuestionType.SCALE else (1, 5)
            line = (version.checkin_id if version else 0, question.key, low, high, question.low_end)
            if round.level == checkins.NOBODY_CAN_TELL:
                given = anonymous_answers.of_round(ctx.session, round.id or 0).get(question.key, ())
            else:
                given = [row.get(question.key, "") for row in shared.get(round.id or 0, ())]
            values = _points(given, low, high)
            if version or values:
                found.setdefault(line, []).append((round.opened_at, measures.spread(values)))
                asked[line] = question
    return [
        Course(asked[line].words, line[2], line[3], asked[line].low_end, asked[line].high_end, tuple(rounds))
        for line, rounds in found.items()
        if any(spread for _at, spread in rounds)
    ]


OF_OLD = questions.Question(MOOD, "", questions.QuestionType.MOOD)


def _questions(definition: str) -> Sequence[questions.Question]:
    """Return the questions of a version, or none if an older bot reads what a newer one wrote."""
    try:
        return questions.from_json(definition).questions
    except ValueError:
        return ()


def _points(given: Sequence[Value], low: int, high: int) -> list[int]:
    points = [int(value) for value in given if isinstance(value, str) and value.isdecimal()]
    return [point for point in points if low <= point <= high]
