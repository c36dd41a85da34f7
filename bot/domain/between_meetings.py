"""What the bot asks between two meetings and when: one request a week, each in its place, on working days only.

After a meeting comes the after-meeting card; five working days later a reflection prompt; two weeks before the next
meeting the agenda call; one week before it the check-in. Where two of them want the same week, the one nearer to
the next meeting has it, and the other moves or is left out.

Making the agenda goes on from its call: members vote on the topics, and what they chose is published. Nobody is asked
anew for that, so it takes no week.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.cadence.working_days import add_working_days, is_closed

AFTER, REFLECTION_PROMPT, AGENDA_CALL, CHECKIN = "feedback.ask", "prompts.due", "agenda.call", "checkins.due"
REQUESTS = (AFTER, REFLECTION_PROMPT, AGENDA_CALL, CHECKIN)  # timer kinds that ask a whole community for something
VOTE, TALLY, PUBLISH = "agenda.vote", "agenda.tally", "agenda.publish"  # what becomes of the topics

MORNING = time(9)  # community time
TO_REFLECT = 5  # working days after a meeting
TO_CALL, TO_READY = timedelta(days=14), timedelta(days=7)  # before a meeting
TO_VOTE, TO_TALLY, TO_PUBLISH = timedelta(days=9), timedelta(days=7), timedelta(days=4)  # before a meeting
VOTE_AT_LEAST = 2  # working days between the opening and the close of a vote, where closed days push them together
EVENING = time(17)  # community time
AGAIN = timedelta(weeks=3)  # between two reflection prompts of a long gap
LONGEST_GAP = timedelta(days=105)  # a quarter and a week: where nobody meets for longer, they are left in peace

FEEDBACK_WINDOW = timedelta(days=7)  # from when a meeting began: how long one may say how it was

LATE = timedelta(days=3)  # a request that comes later than this, because the bot did not run, is left out


@dataclass(frozen=True)
class MeetingSlot:
    """A meeting: what it is called in requests, when it begins (aware), and how long it lasts."""

    ref: int
    start: datetime
    minutes: int

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Request:
    """One request to a community: its timer kind, the meeting it belongs to, and its moment (UTC)."""

    kind: str
    ref: int
    at: datetime


@dataclass(frozen=True)
class Calendar:
    """The days of a community: its zone, the country and region whose holidays it keeps, its own closures."""

    zone: str
    country: str = ""
    region: str = ""
    closed: Collection[date] = ()

    def day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.zone)).date()

    def morning(self, day: date) -> datetime:
        return datetime.combine(day, MORNING, ZoneInfo(self.zone)).astimezone(UTC)

    def week(self, at: datetime) -> tuple[int, int]:
        """ISO year and week of the community's own calendar."""
        return self.day(at).isocalendar()[:2]

    def is_closed(self, day: date) -> bool:
        return is_closed(day, country=self.country, region=self.region, closed=self.closed)

    def working_day(self, day: date) -> date:
        """`day`, or the first working day after it."""
        return self.later(day, 1) if self.is_closed(day) else day

    def working_day_by(self, day: date) -> date:
        """`day`, or the last working day before it."""
        return self.later(day, -1) if self.is_closed(day) else day

    def later(self, day: date, working_days: int) -> date:
        return add_working_days(day, working_days, country=self.country, region=self.region, closed=self.closed)


def agenda_steps(start: datetime, calendar: Calendar) -> dict[str, datetime]:
    """When the vote on a meeting's topics opens and closes, and when its agenda is published, in that order (UTC).

    Each on its day before the meeting, or the last working day before that.
    """
    day = calendar.day(start)
    opens, closes, out = (calendar.working_day_by(day - before) for before in (TO_VOTE, TO_TALLY, TO_PUBLISH))
    if opens == closes:
        opens = calendar.later(closes, -VOTE_AT_LEAST)
    closes_at = datetime.combine(closes, EVENING, ZoneInfo(calendar.zone)).astimezone(UTC)
    published = max(calendar.morning(out), closes_at + timedelta(hours=1))
    return {VOTE: calendar.morning(opens), TALLY: closes_at, PUBLISH: published}


def is_stale(at: datetime, now: datetime) -> bool:
    """Whether a request that was due at `at` is better left out than put now, beside what is due since."""
    return now - at > LATE


def requests(meetings: Sequence[MeetingSlot], calendar: Calendar) -> list[Request]:
    """All that is asked before, between and after these meetings, in order. `meetings` are in order of their start."""
    plan = _Plan(calendar)
    for meeting, coming in zip(meetings, [*meetings[1:], None], strict=False):  # of no meetings, none
        plan.add_after(meeting, coming)
    for before, coming in zip([None, *meetings], [*meetings, None], strict=True):
        plan.fill(before, coming)
    return sorted(plan.taken.values(), key=lambda request: request.at)


@dataclass
class _Plan:
    calendar: Calendar
    taken: dict[tuple[int, int], Request] = field(default_factory=dict)  # by week

    def add_after(self, meeting: MeetingSlot, coming: MeetingSlot | None) -> None:
        """When people have just met; on the next working morning where they met on a day that is closed."""
        at, day = meeting.end.astimezone(UTC), self.calendar.day(meeting.end)
        if self.calendar.is_closed(day):
            at = self.calendar.morning(self.calendar.working_day(day))
        if coming is None or at < coming.start:
            self.taken.setdefault(self.calendar.week(at), Request(AFTER, meeting.ref, at))

    def fill(self, before: MeetingSlot | None, coming: MeetingSlot | None) -> None:
        """Find a week for each request of the gap, the one nearest to the coming meeting first."""
        wanted = list(_wanted(before, coming, self.calendar))
        earliest = self._after_of(before) if before else None
        latest = coming.start if coming else None
        for position in range(len(wanted) - 1, -1, -1):
            kind, ref, day = wanted[position]
            at = self._place(day, earliest, latest)
            if at:
                self.taken[self.calendar.week(at)] = Request(kind, ref, at)
                latest = at

    def _after_of(self, meeting: MeetingSlot) -> datetime:
        own = (r.at for r in self.taken.values() if r.kind == AFTER and r.ref == meeting.ref)
        return max(next(own, meeting.end), meeting.end)

    def _place(self, day: date, earliest: datetime | None, latest: datetime | None) -> datetime | None:
        """The morning of `day`, else the nearest one after it, else before it, that is open and in a free week."""
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


def _wanted(
    before: MeetingSlot | None, coming: MeetingSlot | None, calendar: Calendar
) -> Iterator[tuple[str, int, date]]:
    """What the gap would hold if every day were open, in order: kind, meeting, day."""
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
