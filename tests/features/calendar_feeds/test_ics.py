"""Calendar files, read back by two libraries and a program that knows little, and compared with the bot's own dates."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
import vobject
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from bot.cadence import BusinessDays, Days, MonthDays, NthWeekdays, RelativeWeekday, Rule, Weekly, occurrences
from bot.features.calendar_feeds.ics import CalendarEntry, Group, calendar
from tests.support import plain_calendar

NOW = datetime(2025, 9, 1, 12, tzinfo=UTC)
FARTHEST = NOW + timedelta(days=1500)
SCHOOL_YEAR = (1, 2, 3, 4, 5, 6, 10, 11, 12)
NEW_YORK = "America/New_York"
RULES = {
    "second Wednesday, October to June": Rule(NthWeekdays(((2, 2),)), time(16), NEW_YORK, months=SCHOOL_YEAR),
    "last Friday": Rule(NthWeekdays(((-1, 4),)), time(9, 30), "Europe/Berlin"),
    "every other Tuesday": Rule(Weekly((1,), 2), time(9, 30), "Australia/Sydney", start=NOW.date()),
    "the 31st": Rule(MonthDays((31,)), time(18), "America/Santiago"),
    "last working day": Rule(BusinessDays((-1,)), time(15), NEW_YORK),
    "in the hour that clocks skip": Rule(Weekly((6,)), time(2, 30), NEW_YORK),
    "in the hour that clocks repeat": Rule(Weekly((6,)), time(1, 30), NEW_YORK),
    "at midnight in Lord Howe": Rule(Weekly((0, 6)), time(0, 0), "Australia/Lord_Howe"),
}


def made(rule: Rule, count: int = 30) -> list[CalendarEntry]:
    return [
        CalendarEntry(f"m{n}@here", at, rule.minutes, rule.zone, "Youth workers", rule_at=at, changed_at=NOW)
        for n, at in enumerate(occurrences(rule, NOW, count=count, until=FARTHEST))
    ]


def written(rule: Rule, entries: Sequence[CalendarEntry], usual: CalendarEntry | None = None) -> str:
    return calendar("Ours", [Group("s1@here", rule, usual or replace(entries[0], uid=""), entries)], [])


def parsed(file: str) -> Any:
    return Calendar.from_ical(file)


def read_back(file: str) -> list[datetime]:
    """Return every meeting that a calendar application would show, in order."""
    shown = recurring_ical_events.of(parsed(file), skip_bad_series=False).between(
        NOW - timedelta(days=30), NOW + timedelta(days=2000)
    )
    return sorted(event.start.astimezone(UTC) for event in shown if str(event["status"]) != "CANCELLED")


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_calendar_shows_the_dates_of_the_rule(rule: Rule) -> None:
    entries = made(rule)
    assert read_back(written(rule, entries)) == [entry.starts_at for entry in entries]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_calendar_shows_moved_cancelled_and_dropped_meetings(rule: Rule) -> None:
    entries = made(rule, 9)
    moved = replace(entries[2], starts_at=entries[2].starts_at + timedelta(days=1, hours=2), sequence=1)
    cancelled = replace(entries[4], cancelled=True, sequence=2)
    entries = [*entries[:2], moved, entries[3], cancelled, *entries[5:7], entries[8]]
    stand = sorted(entry.starts_at for entry in entries if not entry.cancelled)
    assert read_back(written(rule, entries)) == stand


def test_change_names_its_date_and_counts_up() -> None:
    rule = RULES["second Wednesday, October to June"]
    entries = made(rule, 9)
    later = entries[2].starts_at + timedelta(days=7)
    entries[2] = replace(entries[2], starts_at=later, place="Library", sequence=3)
    file = parsed(written(rule, entries))
    master, change = file.events
    assert master["RRULE"].to_ical().startswith(b"FREQ=MONTHLY")
    assert master["UID"] == change["UID"] == "s1@here"
    assert change["RECURRENCE-ID"].dt.isoformat() == "2025-12-10T16:00:00-05:00"
    assert change.start == later.astimezone(ZoneInfo(NEW_YORK))
    assert (change["SEQUENCE"], change["LOCATION"]) == (3, "Library")
    assert master["SEQUENCE"] >= 3


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_vobject_reads_the_same_calendar(rule: Rule) -> None:
    entries = made(rule, 9)
    entries[3] = replace(entries[3], cancelled=True, sequence=1)
    read = vobject.readOne(written(rule, entries))
    zones = {str(zone.tzid.value) for zone in read.vtimezone_list}
    assert zones == {rule.zone}
    starts = {event.dtstart.value.astimezone(UTC) for event in read.vevent_list}
    assert starts <= {entry.starts_at for entry in entries}
    assert {event.status.value for event in read.vevent_list} == {"CONFIRMED", "CANCELLED"}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_vobject_expands_the_same_dates(rule: Rule) -> None:
    """vobject knows no RECURRENCE-ID, so a changed event replaces the rule's date here."""
    entries = made(rule, 9)
    moved = replace(entries[2], starts_at=entries[2].starts_at + timedelta(days=1, hours=2), sequence=1)
    entries = [*entries[:2], moved, *entries[3:6], entries[7]]
    events = vobject.readOne(written(rule, entries)).vevent_list
    zone, last = ZoneInfo(rule.zone), max(entry.starts_at for entry in entries)
    dates = {at for event in events for at in expanded(event, zone) if at <= last}
    own = {e.recurrence_id.value.astimezone(UTC) for e in events if hasattr(e, "recurrence_id")}
    assert sorted(dates - own) == sorted(entry.starts_at for entry in entries)


def expanded(event: Any, zone: ZoneInfo) -> list[datetime]:
    """Return the dates of an event, read as local time in `zone`, because vobject's rule knows no zone."""
    rules = event.getrruleset(addRDate=True)
    starts = list(rules) if rules else [event.dtstart.value]
    return [at.replace(tzinfo=zone).astimezone(UTC) for at in starts]


WEEKDAYS = st.integers(0, 6)
MONTHS = st.one_of(
    st.just(tuple(range(1, 13))),
    st.sampled_from([SCHOOL_YEAR, (1, 4, 7, 10), (2, 5, 8, 11), (3, 9), (6,), (1, 2, 3, 4, 5, 9, 10, 11, 12)]),
    st.sets(st.integers(1, 12), min_size=1).map(lambda months: tuple(sorted(months))),
)
DAYS = st.one_of(
    st.builds(
        Weekly, st.sets(WEEKDAYS, min_size=1, max_size=3).map(lambda days: tuple(sorted(days))), st.integers(1, 4)
    ),
    st.builds(
        NthWeekdays,
        st.lists(st.tuples(st.sampled_from([1, 2, 3, 4, 5, -1, -2]), WEEKDAYS), min_size=1, max_size=2).map(tuple),
    ),
    st.builds(MonthDays, st.lists(st.sampled_from([*range(1, 32), -1]), min_size=1, max_size=2).map(tuple)),
    st.builds(RelativeWeekday, WEEKDAYS, st.sampled_from([1, 2, 3]), WEEKDAYS),
    st.builds(BusinessDays, st.sampled_from([(1,), (-1,), (2, -2)])),
)
ZONES = st.sampled_from(
    ["UTC", NEW_YORK, "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca"]
)
ANY_RULE = st.builds(
    Rule,
    DAYS,
    st.sampled_from([time(0), time(9, 30), time(16), time(23, 59)]),
    ZONES,
    months=MONTHS,
    start=st.just(NOW.date()),
)
CHANGES = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(["moved", "cancelled", "dropped"]), st.integers(-300, 300)),
    max_size=6,
)


@settings(max_examples=60)
@given(ANY_RULE, CHANGES)
def test_program_that_knows_little_shows_the_dates(rule: Rule, changes: list[tuple[int, str, int]]) -> None:
    """Whatever the rule, and whatever was moved, cancelled or dropped since."""
    entries: dict[int, CalendarEntry] = dict(enumerate(made(rule, 26)))
    assume(entries)
    for n, what, hours in changes:
        if n not in entries:
            continue
        if what == "moved":
            later = entries[n].starts_at + timedelta(hours=hours)
            entries[n] = replace(entries[n], starts_at=later, sequence=1)
        elif what == "cancelled":
            entries[n] = replace(entries[n], cancelled=True, sequence=1)
        elif len(entries) > 1:
            del entries[n]
    held = sorted(entry.starts_at for entry in entries.values() if not entry.cancelled)
    file = written(rule, list(entries.values()), usual=replace(made(rule, 1)[0], uid=""))
    assert plain_calendar.meetings(file) == held
    assert read_back(file) == held


FORMS = {
    "second Wednesday": (NthWeekdays(((2, 2),)), None, "FREQ=MONTHLY;INTERVAL=1;BYDAY=2WE"),
    "last Friday": (NthWeekdays(((-1, 4),)), None, "FREQ=MONTHLY;INTERVAL=1;BYDAY=-1FR"),
    "in a season": (NthWeekdays(((2, 2),)), SCHOOL_YEAR, "FREQ=MONTHLY;INTERVAL=1;BYDAY=2WE"),
    "quarterly": (NthWeekdays(((2, 2),)), (1, 4, 7, 10), "FREQ=MONTHLY;INTERVAL=3;BYDAY=2WE"),
    "twice a year": (NthWeekdays(((1, 4),)), (3, 9), "FREQ=MONTHLY;INTERVAL=6;BYDAY=1FR"),
    "the 15th": (MonthDays((15,)), None, "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=15"),
    "the last day": (MonthDays((-1,)), None, "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=-1"),
    "Tuesday and Thursday": (Weekly((1, 3)), None, "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU,TH"),
    "every other Sunday": (Weekly((6,), 2), None, "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=MO"),
    # Outlook leaves out the whole event, or misreads it.
    "first and third Tuesday": (NthWeekdays(((1, 1), (3, 1))), None, ""),
    "fifth Monday": (NthWeekdays(((5, 0),)), None, ""),
    "last but one Monday": (NthWeekdays(((-2, 0),)), None, ""),
    "the 1st and 15th": (MonthDays((1, 15)), None, ""),
    "the 30th": (MonthDays((30,)), None, ""),
    "last working day": (BusinessDays((-1,)), None, ""),
    "Wednesday after the first Monday": (RelativeWeekday(2, 1, 0), None, ""),
    "months without a beat": (NthWeekdays(((2, 2),)), (1, 6, 12), ""),
}


@pytest.mark.parametrize(("days", "months", "form"), FORMS.values(), ids=FORMS)
def test_rule_has_a_form_that_every_program_reads_or_none(days: Days, months: tuple[int, ...], form: str) -> None:
    rule = Rule(days, time(16), NEW_YORK, months=months or tuple(range(1, 13)), start=NOW.date())
    entries = made(rule, 12)
    events = parsed(written(rule, entries)).events
    rules = [event["RRULE"].to_ical().decode() for event in events if "RRULE" in event]
    parts = [";".join(part for part in each.split(";") if not part.startswith("UNTIL")) for each in rules]
    assert [sorted(each.split(";")) for each in parts] == ([sorted(form.split(";"))] if form else [])
    assert len(events) == (1 if form else len(entries))


@pytest.mark.parametrize(("days", "stays"), [(6, True), (-6, True), (7, False), (-7, False), (8, False), (30, False)])
def test_meeting_moved_past_another_becomes_an_event_of_its_own(days: int, stays: bool) -> None:
    """Outlook refuses an override on or beyond the day of the meeting before or after it."""
    rule = Rule(Weekly((2,)), time(16), NEW_YORK)
    entries = made(rule, 9)
    entries[4] = replace(entries[4], starts_at=entries[4].starts_at + timedelta(days=days), sequence=1)
    file = parsed(written(rule, entries))
    [other] = [event for event in file.events if "RRULE" not in event]
    assert ("RECURRENCE-ID" in other) is stays
    assert other["UID"] == ("s1@here" if stays else "m4@here")
    assert read_back(file.to_ical().decode()) == sorted(entry.starts_at for entry in entries)


def test_dates_that_the_rule_does_not_make_are_events_of_their_own() -> None:
    """Such as after a holiday, or from before a rule changed. Google leaves out RDATE after UNTIL."""
    rule = RULES["second Wednesday, October to June"]
    entries = made(rule, 9)
    for n in (0, 4, 8):
        at = entries[n].starts_at + timedelta(days=1)
        entries[n] = replace(entries[n], starts_at=at, rule_at=at)
    file = written(rule, entries)
    assert "RDATE" not in file
    assert plain_calendar.meetings(file) == [entry.starts_at for entry in entries]
    assert sorted(str(event["UID"]) for event in parsed(file).events) == ["m0@here", "m4@here", "m8@here", "s1@here"]


def test_empty_calendar_is_valid() -> None:
    assert parsed(calendar("Ours", [], [])).events == []


TYPED = st.text(max_size=200)


@given(title=TYPED, place=TYPED, words=TYPED, name=TYPED)
def test_typed_text_stays_text(title: str, place: str, words: str, name: str) -> None:
    entry = CalendarEntry(
        "m1@here", NOW, 60, NEW_YORK, title, place, "https://example.org/a?b=c;d,e", words, changed_at=NOW
    )
    file = parsed(calendar(name, [], [entry]))
    [event] = file.events
    assert str(event["SUMMARY"]) == " ".join("".join(c for c in title if c.isprintable() or c == "\n").split())
    assert str(event["UID"]) == "m1@here"
    assert event["URL"] == "https://example.org/a?b=c;d,e"
    # The zone and the meeting: nothing that was typed made another.
    assert len(file.subcomponents) == 2
