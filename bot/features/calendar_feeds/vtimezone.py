"""Describe a time zone to calendar programs (VTIMEZONE, RFC 5545 3.6.5). Pure functions.

Each change of the clocks that comes back every year is one observance with a yearly rule: the nth or the last weekday
of a month, which is all that Outlook reads (MS-OXCICAL 2.1.3.1.1.19.2.2). A rule that ended has UNTIL. A change that
follows no such rule, as around Ramadan in Morocco, is an observance of its own with a start only. RDATE is never used,
because Outlook skips it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from bot.features.calendar_feeds.rrule import WEEKDAYS

A_DAY = timedelta(days=1)
# Before every meeting: since when a zone's offset is said to hold if nothing else does.
EVER = datetime(1970, 1, 1)  # noqa: DTZ001 (on the zone's own clock)
LAST = -1  # the place of the last weekday of its kind in a month


@dataclass(frozen=True)
class Change:
    """One change of a zone's clocks. `onset` is naive, on the clock as it was before the change."""

    onset: datetime
    before: timedelta
    after: timedelta
    name: str
    is_daylight: bool

    @property
    def places(self) -> frozenset[int]:
        """Which weekday of its kind in the month this is: from 1 to 4, and LAST."""
        nth = (self.onset.day - 1) // 7 + 1
        is_last = (self.onset + timedelta(days=7)).month != self.onset.month
        return frozenset(({nth} if nth < 5 else set()) | ({LAST} if is_last else set()))

    def repeats(self, other: "Change") -> bool:
        """Whether this could be the change that `other` was in the year before."""
        return (
            self.onset.year == other.onset.year + 1
            and (self.onset.month, self.onset.weekday(), self.onset.time())
            == (other.onset.month, other.onset.weekday(), other.onset.time())
            and (self.before, self.after, self.name) == (other.before, other.after, other.name)
        )


@lru_cache(maxsize=256)
def vtimezone(name: str, first: int, last: int) -> Timezone:
    """Return the description of a zone that holds for every meeting of the years `first` to `last`.

    `name` is an IANA zone. The component is shared: don't change it.
    """
    zone = ZoneInfo(name)
    # One year before, whose changes reach into `first`, and two after, so that a yearly rule shows itself as one.
    starts, ends = date(first - 1, 1, 1), date(last + 3, 1, 1)
    found = list(changes(zone, starts, ends))
    component = Timezone()
    component.add("tzid", name)
    if not found or found[0].onset.year >= first:
        component.add_component(_since_ever(zone, starts))
    for run in yearly_runs(found):
        component.add_component(_observance(run, goes_on=run[-1].onset.year == ends.year - 1))
    return component


def changes(zone: ZoneInfo, starts: date, ends: date) -> Iterator[Change]:
    """Yield the changes of a zone's offset between two days, in order."""
    at, end = (datetime.combine(day, time(), UTC) for day in (starts, ends))
    offset = at.astimezone(zone).utcoffset()
    while at < end:
        before, at = (at, offset), at + A_DAY
        offset = at.astimezone(zone).utcoffset()
        if offset != before[1]:
            yield _change(zone, before[0], at)


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> Change:
    """Find the change between two moments to the second."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=1) // 2)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    local = after.astimezone(zone)
    new = local.utcoffset()
    assert old is not None
    assert new is not None
    # "Daylight" is the later clock of the two, also where the law's exception is winter time, as in Ireland. It is not
    # a change for good, after which Outlook would expect another one every year.
    is_daylight = new > old and any(at.astimezone(zone).dst() for at in (before, after))
    return Change((after + old).replace(tzinfo=None), old, new, local.tzname() or "", is_daylight)


def yearly_runs(found: Sequence[Change]) -> list[list[Change]]:
    """Split changes into runs that one yearly rule makes, in the order in which the runs begin."""
    runs: list[list[Change]] = []
    for change in found:
        run = next((run for run in runs if change.repeats(run[-1]) and _places([*run, change])), None)
        if run:
            run.append(change)
        else:
            runs.append([change])
    return runs


def _places(run: Sequence[Change]) -> frozenset[int]:
    return frozenset.intersection(*(change.places for change in run))


def _observance(run: Sequence[Change], *, goes_on: bool) -> TimezoneDaylight | TimezoneStandard:
    first = run[0]
    part = TimezoneDaylight() if first.is_daylight else TimezoneStandard()
    part.add("dtstart", first.onset)
    if len(run) > 1:
        # Where both fit, as for the fourth and last Sunday in all of these years, laws say "the last".
        place = min(_places(run))
        day = f"{place}{WEEKDAYS[first.onset.weekday()]}"
        rule = {"FREQ": ["YEARLY"], "BYMONTH": [first.onset.month], "BYDAY": [day]}
        if not goes_on:
            # At the end of the year, since some programs read UNTIL on the local clock.
            rule["UNTIL"] = [datetime(run[-1].onset.year, 12, 31, 23, 59, 59, tzinfo=UTC)]
        part.add("rrule", vRecur(rule))
    part.add("tzoffsetfrom", first.before)
    part.add("tzoffsetto", first.after)
    part.add("tzname", first.name)
    return part


def _since_ever(zone: ZoneInfo, day: date) -> TimezoneStandard:
    local = datetime.combine(day, time(), UTC).astimezone(zone)
    part = TimezoneStandard()
    part.add("dtstart", EVER)
    part.add("tzoffsetfrom", local.utcoffset())
    part.add("tzoffsetto", local.utcoffset())
    part.add("tzname", local.tzname())
    return part
