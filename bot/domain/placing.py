"""Placing: which touchpoints of a schedule come in which week, under the ceiling of calm. Pure functions.

In each calendar week a community is asked for one thing, or for as many as it chose. Who goes first is fixed, so that
the same schedule always gives the same weeks, in whatever order its rows are stored:

1. the card after a meeting, because its feedback can't be asked for in another week
2. what belongs to the coming meeting, the nearest to it first
3. what has a day of its own
4. what may come in another week: reflection prompts, and what was told that it may move

Ties go to the older touchpoint. What gives way moves or is left out, and `Placement` says which, and why.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum

from bot.domain.between_meetings import OWN_CHECKIN, REFLECTION_PROMPT, TO_CALL, Calendar, MeetingSlot, Request, period
from bot.domain.touchpoints import AtEnd, Due, Rhythm, Season, Snap, Touchpoint, Yields, expand, local_moment

# How many requests a community gets in a week, unless it chose otherwise.
USUAL_CEILING = 1
# How far a built-in kind moves to find a week, and how many working days a check-in of the community's own does.
FAR, OWN_FAR = TO_CALL, 5
# The timer that asks for a check-in privately. Its value is the touchpoint and the day.
PRIVATE = "schedule.private"
# Rhythms are placed this long before the first meeting and after the last, unless the caller says otherwise.
AROUND = timedelta(days=62)
# Where each day begins first.
FIRST_ZONE = "Pacific/Kiritimati"
# How far ahead timers are set.
AHEAD = timedelta(days=45)

Day = tuple[Touchpoint, Due]


class Reason(StrEnum):
    """Why a touchpoint doesn't come.

    Its week is TAKEN, a MEETING is in the way, or it is CLOSED until the next date of its rhythm.
    """

    TAKEN = "taken"
    MEETING = "meeting"
    CLOSED = "closed"


@dataclass(frozen=True)
class Placed:
    """A touchpoint and its request. `wanted` is the open day that it asked for.

    `to` is what it gave way to, if it came on another day because that one's week was taken.
    """

    touchpoint: Touchpoint
    request: Request
    wanted: date | None
    to: Touchpoint | None = None

    def fires_at(self, now: datetime) -> datetime:
        """Return when its timer has to fire: of what people get at their own hour, when that comes in the first zone.

        What the community's own hour hasn't come for yet is still done today.
        """
        if not self.request.on:
            return self.request.at
        first = local_moment(date.fromisoformat(self.request.on), self.touchpoint.hour, FIRST_ZONE)
        return max(first, now + timedelta(seconds=1)) if self.request.at > now else first


@dataclass(frozen=True)
class LeftOut:
    """A day of a touchpoint on which it doesn't come. `to` is what it gives way to, if its week is TAKEN."""

    touchpoint: Touchpoint
    ref: int
    day: date
    reason: Reason
    to: Touchpoint | None = None


@dataclass(frozen=True)
class Placement:
    """What comes, by time, and what doesn't, by day."""

    placed: Sequence[Placed]
    left_out: Sequence[LeftOut]

    @property
    def requests(self) -> list[Request]:
        return [each.request for each in self.placed]


def kind_of(touchpoint: Touchpoint) -> str:
    """Return the kind of the timer that sends it."""
    if touchpoint.private:
        return PRIVATE
    return OWN_CHECKIN if touchpoint.is_own else touchpoint.what


def place(
    schedule: Iterable[Touchpoint],
    meetings: Sequence[MeetingSlot],
    calendar: Calendar,
    *,
    first: date | None = None,
    last: date | None = None,
    seasons: Sequence[Season] = (),
    ceiling: int = USUAL_CEILING,
    weeks: int = 1,
) -> Placement:
    """Place all touchpoints of a schedule before, between and after these meetings, which are ordered by start.

    Rhythms are placed from `first` to `last`, by default around the meetings. Private touchpoints take no week of the
    community's: they count for each person who gets one.
    """
    days = [calendar.day(m.start) for m in meetings]
    found: list[Day] = []
    # Those of a preset have no id, and are in the order of the preset.
    for touchpoint in sorted(schedule, key=lambda each: each.id):
        start, end = date.min, date.max
        if isinstance(touchpoint.when, Rhythm):
            if not (days or (first and last)):
                continue
            start, end = first or days[0] - AROUND, last or days[-1] + AROUND
        dues = expand(touchpoint, meetings, calendar, first=start, last=end, seasons=seasons)
        found += [(touchpoint, due) for due in dues]
    placing = _Placing(calendar, ceiling, weeks, _gaps(meetings))
    placing.run(found)
    return Placement(
        sorted(placing.placed, key=lambda each: each.request.at),
        sorted(placing.left_out, key=lambda each: each.day),
    )


class _Rank(IntEnum):
    """Who goes first."""

    AFTER = 1
    COMING = 2
    FIXED = 3
    MOVABLE = 4


def _rank(touchpoint: Touchpoint) -> _Rank:
    moves = touchpoint.yields is Yields.MOVE
    if isinstance(touchpoint.when, Rhythm):
        return _Rank.MOVABLE if moves else _Rank.FIXED
    if isinstance(touchpoint.when.offset, AtEnd):
        return _Rank.AFTER
    if touchpoint.when.is_before:
        return _Rank.COMING
    return _Rank.MOVABLE if moves or touchpoint.what == REFLECTION_PROMPT else _Rank.FIXED


@dataclass
class _Gap:
    """The time between two meetings, of which one may be missing. What is placed in it comes after `earliest` and, if
    it belongs to a meeting and may move, before `latest`, so that a gap keeps its order.
    """

    before: MeetingSlot | None
    coming: MeetingSlot | None
    earliest: datetime | None
    latest: datetime | None

    def has(self, day: Day) -> bool:
        touchpoint, due = day
        if isinstance(touchpoint.when, Rhythm):
            return False
        meeting = self.coming if touchpoint.when.is_before else self.before
        return meeting is not None and meeting.ref == due.ref


def _gaps(meetings: Sequence[MeetingSlot]) -> list[_Gap]:
    around = zip([None, *meetings], [*meetings, None], strict=True)
    return [_Gap(b, c, b.end if b else None, c.start if c else None) for b, c in around]


@dataclass
class _Placing:
    """The weeks that are taken so far, by whom."""

    calendar: Calendar
    ceiling: int
    weeks_each: int
    gaps: Sequence[_Gap]
    placed: list[Placed] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    weeks: dict[int, list[Touchpoint]] = field(default_factory=dict)

    def run(self, days: Sequence[Day]) -> None:
        ranked: dict[_Rank, list[Day]] = {rank: [] for rank in _Rank}
        for day in days:
            if day[0].private:
                self._put(day, None)
            else:
                ranked[_rank(day[0])].append(day)
        for gap in self.gaps:
            for day in filter(gap.has, ranked[_Rank.AFTER]):
                self._put_card(day, gap)
        for gap in self.gaps:
            self._fill(gap, ranked[_Rank.COMING])
        for day in sorted(ranked[_Rank.FIXED], key=_ideal):
            self._put(day, next((gap for gap in self.gaps if gap.has(day)), None))
        for gap in self.gaps:
            self._fill(gap, ranked[_Rank.MOVABLE])
        for day in sorted(ranked[_Rank.MOVABLE], key=_ideal):
            if isinstance(day[0].when, Rhythm):
                self._put(day, None)

    def _put_card(self, day: Day, gap: _Gap) -> None:
        touchpoint, due = day
        assert due.at is not None, "at the end of a meeting"
        if gap.coming and due.at >= gap.coming.start:
            self.left_out.append(LeftOut(touchpoint, due.ref, due.ideal, Reason.MEETING))
        elif self._has_room(touchpoint, due.at):
            self._take(touchpoint, due, due.at)
            gap.earliest = max(due.at, gap.earliest or due.at)
        else:
            self._leave_out(touchpoint, due, due.at)

    def _fill(self, gap: _Gap, days: Sequence[Day]) -> None:
        """Find a week for each day in the gap, starting with the one nearest to the coming meeting."""
        for day in sorted(filter(gap.has, days), key=_ideal, reverse=True):
            at = self._put(day, gap)
            if at and day[0].yields is Yields.MOVE:
                gap.latest = at

    def _put(self, day: Day, gap: _Gap | None) -> datetime | None:
        """Place one day, or leave it out. Returns when it comes."""
        touchpoint, due = day
        if due.day is None:
            self.left_out.append(LeftOut(touchpoint, due.ref, due.ideal, Reason.CLOSED))
            return None
        for tried in self._tries(touchpoint, due):
            at = self._moment(touchpoint, tried)
            if _is_inside(at, gap, touchpoint) and self._has_room(touchpoint, at):
                self._take(touchpoint, due, at)
                return at
        at = self._moment(touchpoint, due.day)
        if _is_inside(at, gap, touchpoint):
            self._leave_out(touchpoint, due, at)
        else:
            self.left_out.append(LeftOut(touchpoint, due.ref, due.day, Reason.MEETING))
        return None

    def _tries(self, touchpoint: Touchpoint, due: Due) -> Iterator[date]:
        """Yield the days that a touchpoint can come on: its own first, then nearby ones on the side it snaps to."""
        assert due.day is not None
        if touchpoint.private or touchpoint.yields is not Yields.MOVE:
            yield due.day
            return
        forward = touchpoint.snaps is Snap.LATER
        for step in (1, -1) if forward else (-1, 1):
            tried, steps = due.ideal, 0
            if self.calendar.is_closed(due.ideal) or (step > 0) is not forward:
                tried = self.calendar.later(due.ideal, step)
            while (steps <= OWN_FAR) if touchpoint.is_own else (abs(tried - due.ideal) <= FAR):
                yield tried
                tried, steps = self.calendar.later(tried, step), steps + 1

    def _moment(self, touchpoint: Touchpoint, day: date) -> datetime:
        return local_moment(day, touchpoint.hour, self.calendar.zone)

    def _week(self, at: datetime) -> int:
        return period(self.calendar.day(at), self.weeks_each)

    def _has_room(self, touchpoint: Touchpoint, at: datetime) -> bool:
        is_free = len(self.weeks.get(self._week(at), ())) < self.ceiling
        return is_free or touchpoint.private or touchpoint.yields is Yields.ANYWAY

    def _take(self, touchpoint: Touchpoint, due: Due, at: datetime) -> None:
        wanted = self._moment(touchpoint, due.day) if due.day else at
        moved = self.calendar.day(at) != due.day and not self._has_room(touchpoint, wanted)
        ref = touchpoint.id if touchpoint.is_own else due.ref
        to = self.weeks[self._week(wanted)][0] if moved else None
        on = due.day.isoformat() if touchpoint.private and due.day else ""
        self.placed.append(Placed(touchpoint, Request(kind_of(touchpoint), ref, at, on), due.day, to))
        # What comes no matter what is one more than the ceiling, and takes nothing from the others.
        if not touchpoint.private and touchpoint.yields is not Yields.ANYWAY:
            self.weeks.setdefault(self._week(at), []).append(touchpoint)

    def _leave_out(self, touchpoint: Touchpoint, due: Due, at: datetime) -> None:
        holders = self.weeks.get(self._week(at), ())
        self.left_out.append(
            LeftOut(touchpoint, due.ref, self.calendar.day(at), Reason.TAKEN, holders[0] if holders else None)
        )


def _ideal(day: Day) -> date:
    return day[1].ideal


def _is_inside(at: datetime, gap: _Gap | None, touchpoint: Touchpoint) -> bool:
    if gap is None:
        return True
    start = gap.coming.start if gap.coming else None
    latest = gap.latest if touchpoint.yields is Yields.MOVE else start
    return (gap.earliest is None or gap.earliest < at) and (latest is None or at < latest)
