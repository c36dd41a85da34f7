"""Touchpoints: the lines of a community's schedule, and the days on which each comes. Pure functions.

Whatever is said about when, it is one thing: a series, an offset, a snap and an hour. The series is the community's
meetings, or a rhythm of its own, which is a series with no offset.

What is fixed, so that people can rely on it:

- Counting starts the day after: one working day after a Friday is Monday.
- "Before" snaps back to an open day, and everything else snaps forward, unless the touchpoint says otherwise. A date of
  a rhythm that would reach the rhythm's next date is left out.
- "The Monday before" is strictly before: for a meeting on a Monday, it is a week earlier.
- "Halfway" counts working days from one meeting to the next and rounds down. After the last meeting there is none.
- An hour that the clocks skip is the first minute after; of one that they show twice, it is the first.

`placing` finds the weeks for touchpoints, and `touchpoint_words` reads and says them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.cadence import Dates, OnClosed, Rule, Weekly, closed_for, occurrences
from bot.domain.between_meetings import (
    AFTER,
    AGENDA_CALL,
    CHECKIN,
    EVENING,
    MORNING,
    REFLECTION_PROMPT,
    Calendar,
    MeetingSlot,
)

# What a touchpoint of a check-in that people built begins with; its id follows.
OWN = "checkin "
FACILITATORS = "facilitators"
# A quarter and a week. In a longer gap, nothing is repeated between meetings: it is a summer, or the end of a season.
LONGEST_GAP = timedelta(days=105)
# What is repeated between two meetings ends three weeks before the second, when everything else is about that one.
LAST_REPEAT = timedelta(weeks=3)
MOST_DAYS, MOST_WEEKS = 120, 52
MOST_OPEN = 20  # working days
USUAL_OPEN = 3  # working days


class Unit(StrEnum):
    """What an offset counts. The values are stored."""

    DAYS = "days"
    WORKING_DAYS = "working days"
    WEEKS = "weeks"


class Snap(StrEnum):
    """To which side a day moves that is closed. The values are stored."""

    EARLIER = "earlier"
    LATER = "later"


class Yields(StrEnum):
    """What a touchpoint does when its week is taken. The values are stored.

    MOVE: to a free week nearby. KEEP: it is left out. ANYWAY: it comes all the same.
    """

    MOVE = "move"
    KEEP = "keep"
    ANYWAY = "anyway"


class Which(StrEnum):
    """Which meetings a touchpoint belongs to. The values are stored."""

    EACH = "each"
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The meetings: each, or the first or last of a season; with a `meeting_type`, only those of that type."""

    which: Which = Which.EACH
    meeting_type: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """So many days, working days or weeks after a meeting, or before it if `n` is negative.

    With `then_every`, it is repeated every so many weeks until the next meeting.
    """

    n: int
    unit: Unit = Unit.DAYS
    then_every: int = 0

    def __post_init__(self) -> None:
        _check(abs(self.n) <= (MOST_WEEKS if self.unit is Unit.WEEKS else MOST_DAYS), f"{self.n} {self.unit}")
        _check(0 <= self.then_every <= MOST_WEEKS, f"every {self.then_every} weeks")
        _check(self.n > 0 or not self.then_every, "only what comes after a meeting is repeated")


@dataclass(frozen=True, slots=True)
class OnWeekday:
    """The last such weekday (Monday is 0) strictly before a meeting, or the first strictly after it."""

    weekday: int
    before: bool

    def __post_init__(self) -> None:
        _check(0 <= self.weekday <= 6, f"weekday {self.weekday}")


@dataclass(frozen=True, slots=True)
class Halfway:
    """Halfway between a meeting and the next."""


@dataclass(frozen=True, slots=True)
class EveryWeeks:
    """Every so many weeks after a meeting, until the next."""

    weeks: int

    def __post_init__(self) -> None:
        _check(1 <= self.weeks <= MOST_WEEKS, f"every {self.weeks} weeks")


@dataclass(frozen=True, slots=True)
class AtEnd:
    """When a meeting ends; if that day is closed, the morning of the next working day."""


Offset = Counted | OnWeekday | Halfway | EveryWeeks | AtEnd


@dataclass(frozen=True, slots=True)
class Around:
    """An offset from meetings."""

    anchor: Anchor
    offset: Offset

    @property
    def is_before(self) -> bool:
        """Whether it belongs to the coming meeting: it counts backwards, or it is on the day itself."""
        match self.offset:
            case Counted(n=n):
                return n <= 0
            case OnWeekday(before=before):
                return before
        return False


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A rule of its own. `in_season`: only on the days of a season of the community."""

    rule: Rule
    in_season: bool = False


When = Around | Rhythm


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom a private touchpoint asks: everyone, role groups (FACILITATORS too), or people by id.

    `is_nobody`: it was for people by name, and all of them have left.
    """

    groups: tuple[str, ...] = ()
    people: tuple[int, ...] = ()
    is_nobody: bool = False

    @property
    def is_everyone(self) -> bool:
        return not self.groups and not self.people and not self.is_nobody

    def includes(self, person: int, role_group: str, *, leads: bool) -> bool:
        """Return whether a member is asked. `leads`: they facilitate the community."""
        is_leading = leads and FACILITATORS in self.groups
        return self.is_everyone or is_leading or role_group in self.groups or person in self.people


@dataclass(frozen=True, slots=True)
class Chosen:
    """A channel that a check-in goes to: its id, and the name by which it was chosen."""

    id: int
    name: str


def still_there(chosen: Sequence[Chosen], connected: Mapping[int, str]) -> tuple[int, ...]:
    """Return which of a community's channels, names by id, are the chosen ones.

    One that was disconnected and connected again has another id, and is known by its name.
    """
    named = {each.name for each in chosen if each.id not in connected}
    ids = {each.id for each in chosen}
    return tuple(id for id, name in connected.items() if id in ids or name in named)


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """One line of a schedule.

    `what` is the kind of the timer that sends it ("prompts.due"), or OWN and the id of a check-in. `hour` is local: the
    community's for what goes to its channels, each member's own for what is `private`. `weeks` is "odd" or "even" to
    come only in such ISO weeks. `channels` are those of the community's that it goes to; without any, to all of them.
    `open_days` are working days. `paused_until` is the first day on which it comes again.
    `id` is that of its row; 0 for a touchpoint of a preset.
    """

    what: str
    when: When
    hour: time = MORNING
    snap: Snap | None = None
    weeks: str = ""
    private: bool = False
    channels: tuple[Chosen, ...] = ()
    whom: Whom = Whom()
    open_days: int = USUAL_OPEN
    nudges: bool = True
    yields: Yields = Yields.MOVE
    is_on: bool = True
    paused_until: date | None = None
    id: int = 0

    def __post_init__(self) -> None:
        _check(self.weeks in ("", "odd", "even"), f"{self.weeks} weeks")
        _check(1 <= self.open_days <= MOST_OPEN, f"open {self.open_days} days")
        if isinstance(self.when, Rhythm):
            _check(self.when.rule.at == self.hour, "a rhythm has the hour of its rule")

    @property
    def snaps(self) -> Snap:
        return self.snap or usual_snap(self.when)

    @property
    def is_own(self) -> bool:
        return self.what.startswith(OWN)

    @property
    def checkin(self) -> int:
        """The id of the check-in that it opens, 0 if it is one of the built-in kinds."""
        return int(self.what.removeprefix(OWN)) if self.is_own else 0

    def definition(self) -> str:
        """Return as JSON all of it that has no column of its own."""
        return json.dumps(
            {
                "when": _when_saved(self.when),
                "hour": self.hour.isoformat("minutes"),
                "snap": self.snap,
                "weeks": self.weeks,
                "private": self.private,
                "channels": [[each.id, each.name] for each in self.channels],
                "groups": self.whom.groups,
                "by_name": bool(self.whom.people) or self.whom.is_nobody,
                "open_days": self.open_days,
                "nudges": self.nudges,
            }
        )

    @classmethod
    def of_row(cls, row: "Row", people: Sequence[int] = ()) -> "Touchpoint":
        """Return the touchpoint of a row. Raises ValueError for a definition that `definition` did not write."""
        try:
            saved = json.loads(row.definition)
            is_nobody = saved.get("by_name", False) and not saved["groups"] and not people
            return cls(
                what=row.what,
                when=_when(saved["when"]),
                hour=time.fromisoformat(saved["hour"]),
                snap=Snap(saved["snap"]) if saved["snap"] else None,
                weeks=saved["weeks"],
                private=saved["private"],
                # Lines from before channels could be chosen have none.
                channels=tuple(Chosen(id, name) for id, name in saved.get("channels", ())),
                whom=Whom(tuple(saved["groups"]), tuple(people), is_nobody),
                open_days=saved["open_days"],
                nudges=saved["nudges"],
                yields=Yields(row.yields),
                is_on=row.is_on,
                paused_until=row.paused_until,
                id=row.id or 0,
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a touchpoint: {error}") from error


class Row(Protocol):
    """A touchpoint as it is stored."""

    id: int | None
    what: str
    definition: str
    yields: str
    is_on: bool
    paused_until: date | None


def scheduled(rows: Sequence[Row], guests: Mapping[int, Sequence[int]]) -> tuple[Touchpoint, ...]:
    """Return a schedule from its rows, and from whom they name, by row."""
    return tuple(Touchpoint.of_row(row, guests.get(row.id or 0, ())) for row in rows)


def _check(is_right: bool, what: str) -> None:
    if not is_right:
        raise ValueError(f"no such touchpoint: {what}")


def usual_snap(when: When) -> Snap:
    return Snap.EARLIER if isinstance(when, Around) and when.is_before else Snap.LATER


_OFFSETS: Mapping[str, type[Any]] = {each.__name__: each for each in (Counted, OnWeekday, Halfway, EveryWeeks, AtEnd)}


def _when_saved(when: When) -> dict[str, Any]:
    if isinstance(when, Rhythm):
        return {"rule": when.rule.to_json(), "in_season": when.in_season}
    return {"anchor": asdict(when.anchor), "offset": [type(when.offset).__name__, asdict(when.offset)]}


def _when(saved: Mapping[str, Any]) -> When:
    if "rule" in saved:
        return Rhythm(Rule.from_json(saved["rule"]), saved["in_season"])
    kind, values = saved["offset"]
    if kind == Counted.__name__:
        values = {**values, "unit": Unit(values["unit"])}
    anchor = Anchor(Which(saved["anchor"]["which"]), saved["anchor"]["meeting_type"])
    return Around(anchor, _OFFSETS[kind](**values))


# --- days


@dataclass(frozen=True, slots=True)
class Season:
    """A season of the community, from its first to its last day."""

    starts: date
    ends: date

    def __contains__(self, day: date) -> bool:
        return self.starts <= day <= self.ends


@dataclass(frozen=True, slots=True)
class Due:
    """A day on which a touchpoint comes. `ref` is its meeting, or the next one of a rhythm; 0 for none.

    `ideal` is the day if every day were open, and `day` the open day that it snaps to: None if there is none before the
    next date of its rhythm. `at` is a moment already fixed, such as the end of a meeting.
    """

    ref: int
    ideal: date
    day: date | None
    at: datetime | None = None


def local_moment(day: date, hour: time, zone: str) -> datetime:
    """Return a local hour as UTC. One that the clocks skip is the first minute after, of two it is the first."""
    local = datetime.combine(day, hour, ZoneInfo(zone))
    at = local.astimezone(UTC)
    if at.astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None):
        return at
    # Skipped. With fold=1 the hour is taken to be of the time after the change, which gives a moment before it.
    low, high = local.replace(fold=1).astimezone(UTC), at
    offset = low.astimezone(local.tzinfo).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(local.tzinfo).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def snapped(day: date, snap: Snap, calendar: Calendar) -> date:
    return calendar.working_day_by(day) if snap is Snap.EARLIER else calendar.working_day(day)


def expand(
    touchpoint: Touchpoint,
    meetings: Sequence[MeetingSlot],
    calendar: Calendar,
    *,
    first: date,
    last: date,
    seasons: Sequence[Season] = (),
) -> list[Due]:
    """Return the days of a touchpoint from `first` to `last`, by day, as if there were no ceilings.

    `meetings` are ordered by start. Days from a pause or in the wrong weeks are left out, and so is everything of a
    touchpoint that is off.
    """
    if not touchpoint.is_on:
        return []
    if isinstance(touchpoint.when, Rhythm):
        found = _dates(touchpoint.when, touchpoint.snaps, meetings, calendar, first, last, seasons)
    else:
        found = _around(touchpoint.when, touchpoint.snaps, meetings, calendar, seasons)

    def is_wanted(due: Due) -> bool:
        day = due.day or due.ideal
        fits = not touchpoint.weeks or (day.isocalendar().week % 2 == 1) == (touchpoint.weeks == "odd")
        return fits and first <= day <= last and (touchpoint.paused_until is None or day >= touchpoint.paused_until)

    return sorted(filter(is_wanted, found), key=lambda due: due.ideal)


def anchors(anchor: Anchor, meetings: Sequence[MeetingSlot], calendar: Calendar, seasons: Sequence[Season]) -> set[int]:
    """Return the refs of the meetings that an anchor names."""
    if anchor.which is not Which.EACH:
        of_season = [[m.ref for m in meetings if calendar.day(m.start) in season] for season in seasons]
        ends = {refs[0 if anchor.which is Which.FIRST else -1] for refs in of_season if refs}
    else:
        ends = {m.ref for m in meetings}
    return {m.ref for m in meetings if m.ref in ends and anchor.meeting_type in ("", m.meeting_type)}


def _around(
    when: Around, snap: Snap, meetings: Sequence[MeetingSlot], calendar: Calendar, seasons: Sequence[Season]
) -> Iterator[Due]:
    named = anchors(when.anchor, meetings, calendar, seasons)
    for meeting, coming in pairwise([*meetings, None]):
        assert meeting is not None
        if meeting.ref not in named:
            continue
        if isinstance(when.offset, AtEnd):
            at = ending(meeting, calendar)
            yield Due(meeting.ref, calendar.day(meeting.end), calendar.day(at), at)
            continue
        for ideal in _ideal(when.offset, meeting, coming, calendar):
            yield Due(meeting.ref, ideal, snapped(ideal, snap, calendar))


def ending(meeting: MeetingSlot, calendar: Calendar) -> datetime:
    """Return the end of a meeting (UTC); if its day is closed, the morning of the next working day."""
    day = calendar.day(meeting.end)
    return calendar.morning(calendar.working_day(day)) if calendar.is_closed(day) else meeting.end.astimezone(UTC)


def _ideal(offset: Offset, meeting: MeetingSlot, coming: MeetingSlot | None, calendar: Calendar) -> Iterator[date]:
    day, next_day = calendar.day(meeting.end), calendar.day(coming.start) if coming else None
    match offset:
        case Counted(n, unit, then_every):
            day = _counted(calendar.day(meeting.start) if n <= 0 else day, n, unit, calendar)
            yield day
            if then_every:
                yield from _repeated(day, then_every, meeting, coming, calendar)
        case OnWeekday(weekday, before=True):
            day = calendar.day(meeting.start)
            yield day - timedelta(days=(day.weekday() - weekday - 1) % 7 + 1)
        case OnWeekday(weekday):
            yield day + timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)
        case Halfway():
            if next_day and (days := working_days_between(day, next_day, calendar) // 2):
                yield calendar.later(day, days)
        case EveryWeeks(weeks):
            yield from _repeated(day, weeks, meeting, coming, calendar)


def _repeated(
    day: date, weeks: int, meeting: MeetingSlot, coming: MeetingSlot | None, calendar: Calendar
) -> Iterator[date]:
    if coming is None or coming.start - meeting.start > LONGEST_GAP:
        return
    latest = calendar.day(coming.start) - LAST_REPEAT
    while (day := day + timedelta(weeks=weeks)) <= latest:
        yield day


def _counted(day: date, n: int, unit: Unit, calendar: Calendar) -> date:
    if unit is Unit.WORKING_DAYS:
        return calendar.later(day, n)
    return day + timedelta(days=n * (7 if unit is Unit.WEEKS else 1))


def working_days_between(first: date, last: date, calendar: Calendar) -> int:
    """Return how many working days come after `first`, up to and with `last`."""
    return sum(not calendar.is_closed(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def _dates(
    when: Rhythm,
    snap: Snap,
    meetings: Sequence[MeetingSlot],
    calendar: Calendar,
    first: date,
    last: date,
    seasons: Sequence[Season],
) -> Iterator[Due]:
    rule = when.rule
    closed = closed_for(rule, calendar.country, calendar.region, calendar.closed)
    # What the rule doesn't say of closed days is said here: such a day snaps to an open one.
    unsaid = rule.closing.public is OnClosed.UNSAID and rule.closing.own is OnClosed.UNSAID
    # From a little earlier, because a date may snap to a later day, and a day later for the date after the last.
    after = calendar.morning(first - timedelta(days=60))
    until = calendar.morning(last + timedelta(days=400 if isinstance(rule.days, Dates) else 90))
    named = [calendar.day(at) for at in occurrences(rule, after, until=until, closed=() if unsaid else closed)]
    for n, ideal in enumerate(named):
        if not first - timedelta(days=60) <= ideal <= last or (when.in_season and not _in_season(ideal, seasons)):
            continue
        day: date | None = snapped(ideal, snap, calendar) if unsaid else ideal
        following = named[n + 1] if n + 1 < len(named) else None
        before = named[n - 1] if n else None
        if day != ideal and day and ((following and day >= following) or (before and day <= before)):
            day = None
        yield Due(_next_ref(ideal, meetings, calendar), ideal, day)


def _in_season(day: date, seasons: Sequence[Season]) -> bool:
    return any(day in season for season in seasons)


def _next_ref(day: date, meetings: Sequence[MeetingSlot], calendar: Calendar) -> int:
    coming = (m.ref for m in meetings if calendar.day(m.start) >= day)
    return next(coming, meetings[-1].ref if meetings else 0)


def closing(opens: datetime, touchpoint: Touchpoint, calendar: Calendar, again: date | None = None) -> datetime:
    """Return when a check-in closes that opens now: in the evening of its last working day (UTC).

    `again` is the next day on which the same touchpoint comes: it closes before that, whatever its length.
    """
    last = calendar.later(calendar.day(opens), touchpoint.open_days)
    closes = local_moment(last, EVENING, calendar.zone)
    if again:
        closes = min(closes, local_moment(again, touchpoint.hour, calendar.zone) - timedelta(minutes=1))
    return closes


# --- presets


class Preset(StrEnum):
    """The schedules that a community begins with. The values are stored."""

    USUAL = "usual"
    LIGHT = "light"
    QUARTERLY = "quarterly"
    WEEKLY = "weekly"


EACH = Anchor()
CARD = Touchpoint(AFTER, Around(EACH, AtEnd()))
REFLECTION = Touchpoint(REFLECTION_PROMPT, Around(EACH, Counted(5, Unit.WORKING_DAYS, then_every=3)))
CALL = Touchpoint(AGENDA_CALL, Around(EACH, Counted(-2, Unit.WEEKS)), snap=Snap.LATER)
READY = Touchpoint(CHECKIN, Around(EACH, Counted(-1, Unit.WEEKS)), snap=Snap.LATER)
# One request in each week between two meetings that are a month apart.
USUAL = (CARD, REFLECTION, CALL, READY)
# A gap shorter than this has room for two requests at most; one of three weeks and more has room for all.
SHORT, MONTHLY, LONG = timedelta(days=10), timedelta(days=21), timedelta(days=46)
# How far apart meetings are taken to be while there is one alone, or none.
USUAL_GAP = timedelta(days=28)
THURSDAY = 3


def usual_gap(starts: Sequence[datetime]) -> timedelta:
    """Return how far apart meetings with these starts usually are; of one alone, or none, USUAL_GAP."""
    gaps = [(coming - before).total_seconds() for before, coming in pairwise(starts)]
    return timedelta(seconds=median(gaps)) if gaps else USUAL_GAP


def preset(name: Preset, starts: Sequence[datetime], zone: str) -> tuple[Touchpoint, ...]:
    """Return the touchpoints of a preset for a community whose meetings start then.

    A weekly check-in comes on Thursdays, at the touchpoints' usual hour in `zone`.
    """
    gap, weekly = usual_gap(starts), Rule(Weekly((THURSDAY,)), MORNING, zone)
    every_week = Touchpoint(CHECKIN, Rhythm(weekly), hour=weekly.at, yields=Yields.KEEP)
    if gap < SHORT:
        odd, even = replace(CARD, weeks="odd"), replace(every_week, weeks="even")
        return (odd,) if name is Preset.LIGHT else (odd, even)
    match name:
        case Preset.LIGHT if gap < MONTHLY:
            return (CARD,)
        case Preset.LIGHT if gap < LONG:
            return (CARD, CALL)
        case Preset.LIGHT:
            return (CARD, replace(REFLECTION, when=Around(EACH, Halfway())), CALL)
        case Preset.QUARTERLY:
            return (CARD, replace(REFLECTION, when=Around(EACH, EveryWeeks(4))), CALL, READY)
        case Preset.WEEKLY:
            return (CARD, every_week)
    return USUAL if gap >= MONTHLY else (CARD, READY)
