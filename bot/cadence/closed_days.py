"""What becomes of a meeting on a closed day: left out, kept, or moved to another day, as its rule says."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, pairwise

from bot.cadence.rule import Closing, OnClosed, Rule, season
from bot.cadence.working_days import SATURDAY, ClosedDays

FARTHEST = timedelta(weeks=8)  # a meeting is not moved beyond a long summer's closing; it is left out
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Avoided:
    """The days on which a rule does not meet: `day in avoided`. Closed days that it keeps are not among them."""

    closing: Closing
    closed: Container[date]

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.fate(day) is not OnClosed.KEEP

    def fate(self, day: date) -> OnClosed:
        """What becomes of a meeting on this day. What the rule does not say of a closed day is SKIP."""
        if self.closing.dates and self.closing.leaves_out(day):
            return OnClosed.SKIP
        if day not in self.closed:
            return OnClosed.KEEP
        if not isinstance(self.closed, ClosedDays):
            return self.closing.own or OnClosed.SKIP
        own = [self.closing.own] if day in self.closed.closed else []
        public = [self.closing.public] if self.closed.is_holiday(day) else []
        said = [fate for fate in own + public if fate not in (OnClosed.UNSAID, OnClosed.KEEP)]
        if said:
            return said[0]
        return OnClosed.SKIP if OnClosed.UNSAID in own + public else OnClosed.KEEP


def settled(rule: Rule, named: Iterable[datetime], avoided: Avoided) -> Iterator[datetime]:
    """
    The moments at which a community meets, where `named` are those that its rule names, in order.

    A meeting is never moved out of its season, nor onto or past the one before or after it: there it is left out.
    """
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
    """The day to which a meeting moves; None if it is to be left out or there is no such day."""
    if fate is OnClosed.SKIP:
        return None
    step = {OnClosed.WEEK_LATER: _WEEK, OnClosed.DAY_AFTER: _DAY, OnClosed.DAY_BEFORE: -_DAY}[fate]
    weekends = fate is OnClosed.WEEK_LATER  # a group that meets on Saturdays stays with them
    for n in range(1, FARTHEST // abs(step) + 1):
        tried = day + n * step
        if tried not in avoided and (weekends or tried.weekday() < SATURDAY):
            return tried if _in_season(rule, tried) else None
    return None


def _in_season(rule: Rule, day: date) -> bool:
    """Months named one by one say which to count in, not when the season is: a meeting may move out of those."""
    if (rule.start and day < rule.start) or (rule.until and day > rule.until):
        return False
    return not season(rule.months) or day.month in rule.months
