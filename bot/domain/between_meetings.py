"""What a community is asked between two meetings: the kinds, the working days, and whether a week has room.

After a meeting comes the after-meeting card, then a reflection prompt, before the next meeting the call for topics, and
then the check-in. `touchpoints` says when, and `placing` finds a week for each. After the call for topics, members
vote, and the agenda is published. These steps belong to the call: they are no requests of their own and take no week.

A facilitator's own question takes its week from the bot's. Only the after-meeting card comes all the same: feedback on
a meeting can't be asked for in another week. Whatever is left out is said where it was announced: in the week ahead,
among what moves with a meeting, and to the facilitator who asks.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.cadence.working_days import add_working_days, is_closed

# Kinds of the timers that ask a whole community for something.
AFTER, REFLECTION_PROMPT, AGENDA_CALL, CHECKIN = "feedback.ask", "prompts.due", "agenda.call", "checkins.due"
# Opens a check-in that the community made itself. Its value is the touchpoint.
OWN_CHECKIN = "schedule.due"
REQUESTS = (AFTER, REFLECTION_PROMPT, AGENDA_CALL, CHECKIN, OWN_CHECKIN)
# Kinds of the timers that make an agenda of the topics.
VOTE, TALLY, PUBLISH = "agenda.vote", "agenda.tally", "agenda.publish"

# In the community's time zone.
MORNING, EVENING = time(9), time(17)
# Before a meeting. The call is on that day unless the community's schedule says otherwise.
TO_CALL = timedelta(days=14)
TO_VOTE, TO_TALLY, TO_PUBLISH = timedelta(days=9), timedelta(days=7), timedelta(days=4)
# Working days from the opening to the close of a vote, where closed days would push both onto one day.
VOTE_AT_LEAST = 2

# How long after the start of a meeting its feedback can be given.
FEEDBACK_WINDOW = timedelta(days=7)

# A request later than this, because the bot was down, is left out.
LATE = timedelta(days=3)


@dataclass(frozen=True)
class MeetingSlot:
    """A meeting. `ref` is what requests call it by, and `start` is aware."""

    ref: int
    start: datetime
    minutes: int
    meeting_type: str = ""

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Request:
    """One request: the kind of its timer, the `ref` of its meeting or touchpoint, and its time (UTC).

    `on` is the day of one that each person gets at their own hour: "2025-10-06".
    """

    kind: str
    ref: int
    at: datetime
    on: str = ""

    @property
    def value(self) -> str:
        """The value of its timer."""
        return f"{self.ref}.{self.on}" if self.on else str(self.ref)


@dataclass(frozen=True)
class Calendar:
    """A community's working days: its time zone, the country and region of its public holidays, its closed days."""

    zone: str
    country: str = ""
    region: str = ""
    closed: Collection[date] = ()

    def day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.zone)).date()

    def morning(self, day: date) -> datetime:
        """Return the time at MORNING of `day`, in UTC."""
        return datetime.combine(day, MORNING, ZoneInfo(self.zone)).astimezone(UTC)

    def week(self, at: datetime) -> tuple[int, int]:
        """Return ISO year and week, in the community's time zone."""
        return self.day(at).isocalendar()[:2]

    def is_closed(self, day: date) -> bool:
        return is_closed(day, country=self.country, region=self.region, closed=self.closed)

    def working_day(self, day: date) -> date:
        """Return `day`, or the first working day after it."""
        return self.later(day, 1) if self.is_closed(day) else day

    def working_day_by(self, day: date) -> date:
        """Return `day`, or the last working day before it."""
        return self.later(day, -1) if self.is_closed(day) else day

    def later(self, day: date, working_days: int) -> date:
        """Return the day that many working days after `day`, or before it if negative."""
        return add_working_days(day, working_days, country=self.country, region=self.region, closed=self.closed)


def agenda_steps(start: datetime, calendar: Calendar) -> dict[str, datetime]:
    """Return when the vote on a meeting's topics opens and closes and the agenda is published, in that order (UTC).

    Each is on its day before the meeting, or on the last working day before that.
    """
    day = calendar.day(start)
    opens, closes, out = (calendar.working_day_by(day - before) for before in (TO_VOTE, TO_TALLY, TO_PUBLISH))
    if opens == closes:
        opens = calendar.later(closes, -VOTE_AT_LEAST)
    closes_at = datetime.combine(closes, EVENING, ZoneInfo(calendar.zone)).astimezone(UTC)
    published = max(calendar.morning(out), closes_at + timedelta(hours=1))
    return {VOTE: calendar.morning(opens), TALLY: closes_at, PUBLISH: published}


def period(day: date, weeks: int = 1) -> int:
    """Return the number of a day's calendar week, or of the `weeks` that share a limit, counted from one Monday on."""
    return (day.toordinal() - 1) // 7 // weeks


def has_room(own: str, holders: Collection[str], ceiling: int = 1) -> bool:
    """Return whether a request can be made in a week that `holders` have. All are "kind value"."""
    if own in holders:
        return True
    if own.startswith(f"{AFTER} "):
        holders = [holder for holder in holders if holder.startswith(f"{AFTER} ")]
    return len(holders) < ceiling


def displaced(
    timed: Iterable[tuple[str, str, datetime]],
    own: str,
    now: datetime,
    zone: str,
    *,
    beside: str = "",
    open_until: datetime | None = None,
    ceiling: int = 1,
    weeks: int = 1,
) -> list[tuple[str, str, datetime]]:
    """Return those of these timers, (kind, value, at) by time, that are left out if `own` takes this week now, or
    the `weeks` that share its limit.

    With `open_until`, `own` is open until then, and a timer of the kind `beside` opens nothing in that time.
    """
    holders = [own]

    def number(at: datetime) -> int:
        return period(at.astimezone(ZoneInfo(zone)).date(), weeks)

    def is_displaced(kind: str, value: str, at: datetime) -> bool:
        if kind == beside and open_until and at < open_until:
            return True
        is_this_week = at > now and number(at) == number(now)
        if kind not in REQUESTS or not is_this_week:
            return False
        if has_room(each := f"{kind} {value}", holders, ceiling):
            # The card after a meeting takes nobody's place.
            holders.extend([each] if kind != AFTER else [])
            return False
        return True

    return [each for each in timed if is_displaced(*each)]


def is_stale(at: datetime, now: datetime) -> bool:
    """Return whether a request that was due at `at` is too late to be made now."""
    return now - at > LATE
