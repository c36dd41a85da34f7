"""Calendar files, read back by two independent libraries, and compared with the bot's own dates."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
import vobject
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.cadence import BusinessDays, MonthDays, NthWeekdays, Rule, Weekly, occurrences
from bot.features.calendar_feeds.ics import CalendarEntry, Group, calendar

NOW = datetime(2025, 9, 1, 12, tzinfo=UTC)
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
        CalendarEntry(f"m{n}@here", at, rule.minutes, rule.zone, "Youth workers", rule_at=at)
        for n, at in enumerate(occurrences(rule, NOW, count=count))
    ]


def written(rule: Rule, entries: Sequence[CalendarEntry], usual: CalendarEntry | None = None) -> str:
    return calendar("Ours", [Group("s1@here", rule, usual or replace(entries[0], uid=""), entries)], [], NOW)


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


def test_empty_calendar_is_valid() -> None:
    assert parsed(calendar("Ours", [], [], NOW)).events == []


TYPED = st.text(max_size=200)


@given(title=TYPED, place=TYPED, words=TYPED, name=TYPED)
def test_typed_text_stays_text(title: str, place: str, words: str, name: str) -> None:
    entry = CalendarEntry("m1@here", NOW, 60, NEW_YORK, title, place, "https://example.org/a?b=c;d,e", words)
    file = parsed(calendar(name, [], [entry], NOW))
    [event] = file.events
    assert str(event["SUMMARY"]) == " ".join("".join(c for c in title if c.isprintable() or c == "\n").split())
    assert str(event["UID"]) == "m1@here"
    assert event["URL"] == "https://example.org/a?b=c;d,e"
    # The zone and the meeting: nothing that was typed made another.
    assert len(file.subcomponents) == 2
