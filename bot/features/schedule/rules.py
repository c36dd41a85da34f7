"""What can't be right about a line of the schedule, how to correct it, and what the next month is. Pure functions."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.cadence import Weekly
from bot.core.events import PICKED_CHANNEL
from bot.domain.between_meetings import AFTER, AGENDA_CALL, CHECKIN, TO_VOTE, Calendar, MeetingSlot
from bot.domain.limit_words import FROM_ALL
from bot.domain.placing import LeftOut, Placed, Placement, Reason
from bot.domain.touchpoints import (
    CALL,
    CARD,
    USUAL_OPEN,
    Around,
    AtEnd,
    Counted,
    Rhythm,
    Season,
    Touchpoint,
    Unit,
    Whom,
    expand,
)

MONTH, YEAR = timedelta(days=31), timedelta(days=400)
# How far ahead it is looked whether a touchpoint ever finds a week.
FORESEEN = timedelta(days=60)
# What a community can choose, by how it is written in a form: so many requests in so many weeks.
LIMITS = {"half": (1, 2), "1": (1, 1), "2": (2, 1), "3": (3, 1)}
# Lines of one list.
MOST_LINES = 12


def read_limits(requests: str, private: str) -> tuple[int, int, int] | None:
    """Read how many requests, in how many weeks, and how many private ones; None for what no form offers."""
    if requests not in LIMITS or private not in [str(n) for n in range(1, FROM_ALL + 1)]:
        return None
    return (*LIMITS[requests], int(private))


def with_names(line: str, names: Mapping[str, str]) -> str:
    """Return a line in which each channel that was picked from the platform's list is written as "#name".

    `names` are those of the community's channels in this space, by the platform's id.
    """
    return PICKED_CHANNEL.sub(lambda found: "#" + (names.get(found[1]) or found[2] or found[1]), line)


class Wrong(StrEnum):
    """Why a line is refused."""

    CARD = "the card comes when a meeting ends"
    CALL = "the call comes before the vote"
    BUILT_IN = "a built-in kind goes to everyone in the channel"
    PUBLIC = "what is in the channel is for everyone"
    BOTH = "it is private and in a channel"
    NEVER = "it never comes"
    OVERLAPS = "it comes again before it is closed"
    DENSE = "it asks a person too often"


@dataclass(frozen=True)
class Problem:
    """Why a line is refused, and the line as it would be right, if that is clear."""

    wrong: Wrong
    fixed: Touchpoint | None = None


def problem(
    touchpoint: Touchpoint,
    meetings: Sequence[MeetingSlot],
    calendar: Calendar,
    seasons: Sequence[Season],
    now: datetime,
    *,
    private: int = FROM_ALL,
) -> Problem | None:
    """Return what can't be right about a line; None if it can be saved."""
    when = touchpoint.when
    if touchpoint.what == AFTER and not (isinstance(when, Around) and isinstance(when.offset, AtEnd)):
        return Problem(Wrong.CARD, replace(CARD, weeks=touchpoint.weeks))
    if touchpoint.what == AGENDA_CALL and not _before_vote(touchpoint):
        return Problem(Wrong.CALL, CALL)
    plain = replace(touchpoint, private=False, channels=(), whom=Whom(), open_days=USUAL_OPEN, nudges=True)
    if not touchpoint.is_own and plain != touchpoint:
        return Problem(Wrong.BUILT_IN, plain)
    if touchpoint.private and touchpoint.channels:
        return Problem(Wrong.BOTH, replace(touchpoint, channels=()))
    if not touchpoint.private and not touchpoint.whom.is_everyone:
        return Problem(Wrong.PUBLIC, replace(touchpoint, private=True, channels=()))
    if isinstance(when, Rhythm):
        return _rhythm_problem(touchpoint, when, meetings, calendar, seasons, now, private)
    return None


def _before_vote(touchpoint: Touchpoint) -> bool:
    when = touchpoint.when
    if not isinstance(when, Around) or not when.is_before:
        return False
    match when.offset:
        case Counted(n, Unit.DAYS):
            return timedelta(days=-n) > TO_VOTE
        case Counted(n, Unit.WEEKS):
            return timedelta(weeks=-n) > TO_VOTE
        case Counted(n):
            return timedelta(days=-n * 7 / 5) > TO_VOTE
    return False


def _rhythm_problem(
    touchpoint: Touchpoint,
    when: Rhythm,
    meetings: Sequence[MeetingSlot],
    calendar: Calendar,
    seasons: Sequence[Season],
    now: datetime,
    private: int,
) -> Problem | None:
    days = coming_days(touchpoint, meetings, calendar, seasons, now)
    if not days:
        tries = (
            replace(touchpoint, weeks=""),
            replace(touchpoint, when=Rhythm(when.rule)),
            replace(touchpoint, when=Rhythm(when.rule), weeks=""),
        )
        fixed = next((each for each in tries if coming_days(each, meetings, calendar, seasons, now)), None)
        return Problem(Wrong.NEVER, fixed)
    gaps = [_working_days(one, other, calendar) for one, other in itertools.pairwise(days)]
    shortest = min(gaps, default=touchpoint.open_days)
    if touchpoint.is_own and shortest < touchpoint.open_days:
        return Problem(Wrong.OVERLAPS, replace(touchpoint, open_days=max(shortest, 1)))
    if touchpoint.what == CHECKIN and shortest <= USUAL_OPEN and gaps:
        return Problem(Wrong.OVERLAPS, _fewer_days(touchpoint, when, 1))
    if touchpoint.private and _most_a_week(days) > private:
        return Problem(Wrong.DENSE, _fewer_days(touchpoint, when, private))
    return None


def _fewer_days(touchpoint: Touchpoint, when: Rhythm, most: int) -> Touchpoint | None:
    """Return the line with at most so many of its weekdays, spread over the week. None if it isn't about weekdays."""
    if not isinstance(when.rule.days, Weekly):
        return None
    days = when.rule.days.weekdays
    fewer = replace(when.rule.days, weekdays=days[:: -(-len(days) // most)])
    return replace(touchpoint, when=replace(when, rule=replace(when.rule, days=fewer)))


def coming_days(
    touchpoint: Touchpoint,
    meetings: Sequence[MeetingSlot],
    calendar: Calendar,
    seasons: Sequence[Season],
    now: datetime,
) -> list[date]:
    """Return the open days on which a touchpoint comes within a year and a bit."""
    today = calendar.day(now)
    found = expand(touchpoint, meetings, calendar, first=today, last=calendar.day(now + YEAR), seasons=seasons)
    return [due.day for due in found if due.day and (due.at or calendar.morning(due.day)) > now - timedelta(hours=12)]


def _working_days(one: date, other: date, calendar: Calendar) -> int:
    return sum(not calendar.is_closed(one + timedelta(days=n)) for n in range(1, (other - one).days + 1))


def _most_a_week(days: Sequence[date]) -> int:
    weeks = [day.isocalendar()[:2] for day in days]
    return max((weeks.count(week) for week in set(weeks)), default=0)


@dataclass(frozen=True)
class Month:
    """What comes from now on, and what doesn't, in order; of a touchpoint, how many of its days find a week."""

    comes: Sequence[Placed]
    left_out: Sequence[LeftOut]
    found: int = 0
    sought: int = 0
    crowded: Sequence[date] = ()


def month(placement: Placement, what: str, calendar: Calendar, now: datetime) -> Month:
    """Return the month ahead, and how the touchpoint about `what` fares for as long as FORESEEN.

    `crowded` are the days on which it would be left out because their week is taken.
    """
    until = now + FORESEEN
    comes = [each for each in placement.placed if now < each.request.at <= until]
    out = [each for each in placement.left_out if calendar.day(now) <= each.day <= calendar.day(until)]
    own = [each for each in comes if each.touchpoint.what == what]
    own_out = [each for each in out if each.touchpoint.what == what and each.reason is Reason.TAKEN]
    near = calendar.day(now + MONTH)
    return Month(
        [each for each in comes if each.request.at <= now + MONTH],
        [each for each in out if each.day <= near],
        found=len(own),
        sought=len(own) + len(own_out),
        crowded=sorted({each.day for each in own_out}),
    )
