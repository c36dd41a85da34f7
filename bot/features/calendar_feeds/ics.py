"""Write an iCalendar file (RFC 5545) from plain entries. Pure functions.

A series becomes one repeating event where RRULE can express its rule, with an override for each meeting that differs;
otherwise each meeting is an event of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vDuration, vRecur

from bot.cadence import Rule
from bot.features.calendar_feeds.rrule import repeating

# How often a program should fetch again. Google ignores it and fetches about twice a day.
REFRESH = timedelta(hours=1)
# Margin around the meetings for which time zone rules are written, so that whole years are covered.
A_YEAR = timedelta(days=366)


@dataclass(frozen=True)
class CalendarEntry:
    """One meeting.

    `uid` is unique and never changes. `zone` is the IANA zone that its times are written in. `sequence` grows with each
    change (RFC 5545). `rule_at` is the moment that its series' rule gave it, wherever it was moved since.
    """

    uid: str
    starts_at: datetime  # aware
    minutes: int
    zone: str
    title: str
    place: str = ""
    link: str = ""
    words: str = ""
    sequence: int = 0
    cancelled: bool = False
    rule_at: datetime | None = None


@dataclass(frozen=True)
class Group:
    """The meetings of one series: all that its rule has made so far, cancelled ones included.

    `usual` is a meeting of the series that nobody changed.
    """

    uid: str
    rule: Rule
    usual: CalendarEntry
    entries: Sequence[CalendarEntry]


def calendar(name: str, groups: Sequence[Group], singles: Sequence[CalendarEntry], now: datetime) -> str:
    """Return the whole file. Never fails on what people typed."""
    whole = Calendar()
    whole.add("prodid", "-//Commonplace//Meetings//EN")
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    for title in ("name", "x-wr-calname"):
        whole.add(title, _plain(name))
    whole.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", vDuration(REFRESH))
    for group in groups:
        for event in _group(group, now):
            whole.add_component(event)
    for entry in singles:
        whole.add_component(_event(entry, entry.uid, now))
    entries = [*(entry for group in groups for entry in group.entries), *singles]
    days = [entry.starts_at.date() for entry in entries] or [now.date()]
    whole.add_missing_timezones(first_date=min(days) - A_YEAR, last_date=max(days) + A_YEAR)
    file: bytes = whole.to_ical()
    return file.decode()


def _group(group: Group, now: datetime) -> list[Event]:
    """Return a repeating event and an override for each meeting that differs, or one event for each meeting."""
    zone = ZoneInfo(group.rule.zone)
    by_rule = {entry.rule_at: entry for entry in group.entries if entry.rule_at}
    how = repeating(group.rule, by_rule)
    if how is None:
        return [_event(entry, entry.uid, now) for entry in group.entries]
    # The repeating event has changed whenever any of its meetings has.
    changes = sum(entry.sequence for entry in group.entries)
    usual = replace(_as_usual(group.usual, by_rule[min(by_rule)]), sequence=changes)
    master = _event(usual, group.uid, now, begins=how.first.replace(tzinfo=zone))
    master.add("rrule", vRecur(how.rule))
    if how.without:
        master.add("exdate", [wall.replace(tzinfo=zone) for wall in how.without])
    if how.besides:
        master.add("rdate", [moment.astimezone(zone) for moment in how.besides])
    events = [master]
    for at, entry in sorted(by_rule.items()):
        if entry != _as_usual(group.usual, entry):
            event = _event(entry, group.uid, now)
            event.add("recurrence-id", at.astimezone(zone))
            events.append(event)
    return events


def _as_usual(usual: CalendarEntry, entry: CalendarEntry) -> CalendarEntry:
    """Return what `entry` would be if nobody had changed it."""
    at = entry.rule_at or entry.starts_at
    return CalendarEntry(
        entry.uid,
        at,
        usual.minutes,
        usual.zone,
        usual.title,
        usual.place,
        usual.link,
        usual.words,
        rule_at=entry.rule_at,
    )


def _event(entry: CalendarEntry, uid: str, now: datetime, begins: datetime | None = None) -> Event:
    begins = begins or entry.starts_at.astimezone(ZoneInfo(entry.zone))
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", begins)
    event.add("dtend", (entry.starts_at + timedelta(minutes=entry.minutes)).astimezone(ZoneInfo(entry.zone)))
    event.add("summary", _plain(entry.title))
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    if where := entry.place or entry.link:
        event.add("location", _plain(where))
    if words := "\n\n".join(filter(None, (entry.words, entry.link))):
        event.add("description", _plain(words, lines=True))
    if entry.link:
        event.add("url", entry.link)
    return event


def _plain(text: str, *, lines: bool = False) -> str:
    """Remove what the format cannot hold: control characters, and line breaks unless `lines`."""
    printable = "".join(c for c in text if c == "\n" or c.isprintable())
    return printable if lines else " ".join(printable.split())
