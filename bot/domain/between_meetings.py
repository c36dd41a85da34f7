"""When a community is asked for something between two meetings: at most one request a week, on working days only.

After a meeting comes the after-meeting card, five working days later a reflection prompt, two weeks before the next
meeting the call for topics, and one week before it the check-in. If two of them fall into the same week, the one nearer
to the next meeting has it, and the other moves or is left out.

After the call for topics, members vote, and the agenda is published. These steps belong to the call: they are no
requests of their own and take no week.

A facilitator's own question takes its week from the bot's. Only the after-meeting card comes all the same: feedback on
a meeting can't be asked for in another week. Whatever is left out is said where it was announced: in the week ahead,
among what moves with a meeting, and to the facilitator who asks.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.cadence.working_days import add_working_days, is_closed

# Kinds of the timers that ask a whole community for something.
AFTER, REFLECTION_PROMPT, AGENDA_CALL, CHECKIN = "feedback.ask", "prompts.due", "agenda.call", "checkins.due"
REQUESTS = (AFTER, REFLECTION_PROMPT, AGENDA_CALL, CHECKIN)
# Kinds of the timers that make an agenda of the topics.
VOTE, TALLY, PUBLISH = "agenda.vote", "agenda.tally", "agenda.publish"

# In the community's time zone.
MORNING, EVENING = time(9), time(17)
TO_REFLECT = 5  # working days after a meeting
# Before a meeting.
TO_CALL, TO_READY = timedelta(days=14), timedelta(days=7)
TO_VOTE, TO_TALLY, TO_PUBLISH = timedelta(days=9), timedelta(days=7), timedelta(days=4)
# Working days from the opening to the close of a vote, where closed days would push both onto one day.
VOTE_AT_LEAST = 2
# Between two reflection prompts in a long gap.
AGAIN = timedelta(weeks=3)
# A quarter and a week. In a longer gap there is only the first reflection prompt.
LONGEST_GAP = timedelta(days=105)

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
    """One request to a community: the kind of its timer, the `ref` of its meeting, and its time (UTC)."""

    kind: str
    ref: int
    at: datetime


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


def has_room(own: str, holder: str) -> bool:
    """Return whether a request can be made in a week that `holder` has. Both are "kind value"; "" for nobody."""
    if holder in ("", own):
        return True
    return own.startswith(f"{AFTER} ") and not holder.startswith(f"{AFTER} ")


def displaced(
    timed: Iterable[tuple[str, str, datetime]],
    own: str,
    now: datetime,
    zone: str,
    *,
    beside: str = "",
    open_until: datetime | None = None,
) -> list[tuple[str, str, datetime]]:
    """Return those of these timers, (kind, value, at), that are left out if `own` takes this week now.

    With `open_until`, `own` is open until then, and a timer of the kind `beside` opens nothing in that time.
    """
    week = now.astimezone(ZoneInfo(zone)).isocalendar()[:2]

    def is_displaced(kind: str, value: str, at: datetime) -> bool:
        if kind == beside and open_until and at < open_until:
            return True
        is_this_week = at > now and at.astimezone(ZoneInfo(zone)).isocalendar()[:2] == week
        return kind in REQUESTS and is_this_week and not has_room(f"{kind} {value}", own)

    return [each for each in timed if is_displaced(*each)]


def is_stale(at: datetime, now: datetime) -> bool:
    """Return whether a request that was due at `at` is too late to be made now."""
    return now - at > LATE


def requests(meetings: Sequence[MeetingSlot], calendar: Calendar) -> list[Request]:
    """Return all requests before, between and after these meetings, by time. `meetings` are ordered by start."""
    plan = _Plan(calendar)
    # Not strict: with no meetings, the second list has one element more.
    for meeting, coming in zip(meetings, [*meetings[1:], None], strict=False):
        plan.add_after(meeting, coming)
    for before, coming in zip([None, *meetings], [*meetings, None], strict=True):
        plan.fill(before, coming)
    return sorted(plan.taken.values(), key=lambda request: request.at)


@dataclass
class _Plan:
    """Requests by the week that each of them takes."""

    calendar: Calendar
    taken: dict[tuple[int, int], Request] = field(default_factory=dict)

    def add_after(self, meeting: MeetingSlot, coming: MeetingSlot | None) -> None:
        """Add the after-meeting card: at the end of the meeting, or on the next working morning after a closed day."""
        at, day = meeting.end.astimezone(UTC), self.calendar.day(meeting.end)
        if self.calendar.is_closed(day):
            at = self.calendar.morning(self.calendar.working_day(day))
        if coming is None or at < coming.start:
            self.taken.setdefault(self.calendar.week(at), Request(AFTER, meeting.ref, at))

    def fill(self, before: MeetingSlot | None, coming: MeetingSlot | None) -> None:
        """Find a week for each request in the gap, starting with the one nearest to the coming meeting."""
        ideal = list(_ideal_requests(before, coming, self.calendar))
        earliest = self._card_time(before) if before else None
        latest = coming.start if coming else None
        for position in range(len(ideal) - 1, -1, -1):
            kind, ref, day = ideal[position]
            at = self._place(day, earliest, latest)
            if at:
                self.taken[self.calendar.week(at)] = Request(kind, ref, at)
                latest = at

    def _card_time(self, meeting: MeetingSlot) -> datetime:
        own = (r.at for r in self.taken.values() if r.kind == AFTER and r.ref == meeting.ref)
        return max(next(own, meeting.end), meeting.end)

    def _place(self, day: date, earliest: datetime | None, latest: datetime | None) -> datetime | None:
        """Return the morning of `day`, or the nearest later one, or the nearest earlier one, in a free week.

        It is on a working day, at most TO_CALL away, between `earliest` and `latest`. Returns None if there is none.
        """
        for step in (1, -1):
            tried = day
            if self.calendar.is_closed(day) or step < 0:
                tried = self.calendar.later(day, step)
            while abs(tried - day) <= TO_CALL:
                at = self.calendar.morning(tried)
                inside = (earliest is None or earliest < at) and (latest is None or at < latest)
                if inside and self.calendar.week(at) not in self.taken:
                    return at
                tried = self.calendar.later(tried, step)
        return None


def _ideal_requests(
    before: MeetingSlot | None, coming: MeetingSlot | None, calendar: Calendar
) -> Iterator[tuple[str, int, date]]:
    """Yield the requests of a gap as if every day were a working day, by day: kind, meeting, day."""
    call = calendar.day(coming.start) - TO_CALL if coming else None
    if before:
        day = calendar.later(calendar.day(before.end), TO_REFLECT)
        yield REFLECTION_PROMPT, before.ref, day
        if coming and call and coming.start - before.start <= LONGEST_GAP:
            while (day := day + AGAIN) <= call - timedelta(days=7):
                yield REFLECTION_PROMPT, before.ref, day
    if coming and call:
        yield AGENDA_CALL, coming.ref, call
        yield CHECKIN, coming.ref, calendar.day(coming.start) - TO_READY
