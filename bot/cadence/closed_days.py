"""What happens to a meeting on a closed day: its rule says whether to skip it, keep it, or move it to another day."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, pairwise

from bot.cadence.rule import Closing, OnClosed, Rule, season
from bot.cadence.working_days import SATURDAY, ClosedDays

# As long as a summer break. A meeting that would have to move farther is left out.
FARTHEST = timedelta(weeks=8)
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Avoided:
    """The days on which a rule does not meet: `day in avoided`. Closed days that the rule keeps do not count."""

    closing: Closing
    closed: Container[date]

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.fate(day) is not OnClosed.KEEP

    @property
    def is_none(self) -> bool:
        """Whether no day is closed, whatever the rule says of closed days."""
        return not self.closing.dates and self.closed == ()

    def fate(self, day: date) -> OnClosed:
        """Return what happens to a meeting on this day: KEEP if it is open, SKIP if the rule says nothing about it."""
        if self.closing.dates and self.closing.leaves_out(day):
            return OnClosed.SKIP
        if day not in self.closed:
            return OnClosed.KEEP
        if not isinstance(self.closed, ClosedDays):
            return self.closing.own or OnClosed.SKIP
        own = [self.closing.own] if day in self.closed.closed else []
        public = [self.closing.public] if self.closed.is_holiday(day) else []
        other = [fate for fate in own + public if fate not in (OnClosed.UNSAID, OnClosed.KEEP)]
        if other:
            return other[0]
        return OnClosed.SKIP if OnClosed.UNSAID in own + public else OnClosed.KEEP


def settled(rule: Rule, named: Iterable[datetime], avoided: Avoided) -> Iterator[datetime]:
    """Yield when a community meets, after closed days. `named` are the moments that its rule names, in order.

    A meeting that would have to move out of the season, or onto or past the meeting before or after it, is left out.
    """
    if avoided.is_none:
        yield from named
        return
    around: chain[datetime | None] = chain([None], named, [None])
    before: datetime | None = None
    for moment, following in pairwise(around):
        if moment is not None:
            day = moment.date()
            fate = avoided.fate(day)
            met = day if fate is OnClosed.KEEP else _moved(rule, day, fate, avoided)
            apart = met and (not before or met > before.date() or met == day)
            if met and apart and (not following or met < following.date() or met == day):
                yield datetime.combine(met, moment.time())
        before = moment


def _moved(rule: Rule, day: date, fate: OnClosed, avoided: Avoided) -> date | None:
    """Return the day to which a meeting moves; None if it is skipped, or no day will do."""
    if fate is OnClosed.SKIP:
        return None
    step = {OnClosed.WEEK_LATER: _WEEK, OnClosed.DAY_AFTER: _DAY, OnClosed.DAY_BEFORE: -_DAY}[fate]
    # A community that meets on Saturdays moves to another Saturday.
    weekends = fate is OnClosed.WEEK_LATER
    for n in range(1, FARTHEST // abs(step) + 1):
        tried = day + n * step
        if tried not in avoided and (weekends or tried.weekday() < SATURDAY):
            return tried if _in_season(rule, tried) else None
    return None


def _in_season(rule: Rule, day: date) -> bool:
    """Return whether a moved meeting is still in the rule's season.

    Months that are not one stretch are no season: they say which months to count in, and a meeting may move out of
    those.
    """
    if (rule.start and day < rule.start) or (rule.until and day > rule.until):
        return False
    return not season(rule.months) or day.month in rule.months
