"""Write an iCalendar file (RFC 5545) from plain entries. Pure functions.

A series becomes one repeating event where every calendar program can read its rule, with an override for each meeting
that differs. Where a program couldn't, a meeting is an event of its own. The file says nothing about when it was
written, so it changes only when a meeting does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vDuration, vRecur

from bot.cadence import Rule
from bot.features.calendar_feeds.rrule import repeating
from bot.features.calendar_feeds.vtimezone import vtimezone

# How often a program should fetch again. Google ignores it and fetches about twice a day.
REFRESH = timedelta(hours=1)


@dataclass(frozen=True)
class CalendarEntry:
    """One meeting.

    `uid` is unique and never changes. `zone` is the IANA zone that its times are written in. `sequence` grows with each
    change (RFC 5545). `rule_at` is the moment that its series' rule gave it, wherever it was moved since. `changed_at`
    is when anything about it changed last.
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
    changed_at: datetime = field(kw_only=True, compare=False)


@dataclass(frozen=True)
class Group:
    """The meetings of one series: all that its rule has made so far, cancelled ones included.

    `usual` is a meeting of the series that nobody changed. All of them are written in the rule's zone.
    """

    uid: str
    rule: Rule
    usual: CalendarEntry
    entries: Sequence[CalendarEntry]


def calendar(name: str, groups: Sequence[Group], singles: Sequence[CalendarEntry]) -> str:
    """Return the whole file. Never fails on what people typed."""
    whole = Calendar()
    whole.add("prodid", "-//Commonplace//Meetings//EN")
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    for title in ("name", "x-wr-calname"):
        whole.add(title, _plain(name))
    whole.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", vDuration(REFRESH))
    events = [event for group in groups for event in _group(group)] + [_event(entry, entry.uid) for entry in singles]
    for event in events:
        whole.add_component(event)
    entries = [*(entry for group in groups for entry in group.entries), *singles]
    years = [at.year for entry in entries for at in (entry.starts_at, entry.rule_at) if at]
    zones = [vtimezone(zone, min(years), max(years)) for zone in sorted(whole.get_used_tzids())]
    # Before the events: some programs read a file only once.
    whole.subcomponents[:0] = zones
    file: bytes = whole.to_ical()
    return file.decode()


def _group(group: Group) -> list[Event]:
    """Return a repeating event and an override for each meeting that differs, and the others as events of their own."""
    zone = ZoneInfo(group.rule.zone)
    by_rule = {entry.rule_at: entry for entry in group.entries if entry.rule_at}
    how = repeating(group.rule, by_rule)
    if how and (far := _too_far(how.moments, by_rule, zone)):
        how = repeating(group.rule, by_rule.keys() - far)
    if how is None:
        return [_event(entry, entry.uid) for entry in group.entries]
    # The repeating event has changed whenever any of its meetings has.
    changes = sum(entry.sequence for entry in group.entries)
    changed_at = max(group.usual.changed_at, *(entry.changed_at for entry in group.entries))
    usual = replace(_as_usual(group.usual, by_rule[how.moments[0]]), sequence=changes, changed_at=changed_at)
    master = _event(usual, group.uid, begins=how.first.replace(tzinfo=zone))
    master.add("rrule", vRecur(how.rule))
    if how.without:
        master.add("exdate", [wall.replace(tzinfo=zone) for wall in how.without])
    events = [master]
    for at in how.moments:
        entry = by_rule[at]
        if entry != _as_usual(group.usual, entry):
            event = _event(entry, group.uid)
            event.add("recurrence-id", at.astimezone(zone))
            events.append(event)
    repeated = set(how.moments)
    alone = [entry for entry in group.entries if entry.rule_at not in repeated]
    return events + [_event(entry, entry.uid) for entry in alone]


def _too_far(moments: Sequence[datetime], by_rule: Mapping[datetime, CalendarEntry], zone: ZoneInfo) -> set[datetime]:
    """Return the moments whose meetings were moved to the day of the one before or after it, or past that.

    Outlook refuses such an override (ErrorOccurrenceCrossingBoundary), and then shows the meeting where it was.
    """

    def days(at: datetime) -> tuple[date, date]:
        return at.astimezone(zone).date(), by_rule[at].starts_at.astimezone(zone).date()

    found = set()
    for before, at, after in zip([None, *moments[:-1]], moments, [*moments[1:], None], strict=True):
        day, moved_to = days(at)
        too_early = before is not None and moved_to <= max(days(before))
        too_late = after is not None and moved_to >= min(days(after))
        if moved_to != day and (too_early or too_late):
            found.add(at)
    return found


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
        changed_at=entry.changed_at,
    )


def _event(entry: CalendarEntry, uid: str, begins: datetime | None = None) -> Event:
    zone = ZoneInfo(entry.zone)
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("dtstart", begins or entry.starts_at.astimezone(zone))
    event.add("dtend", (entry.starts_at + timedelta(minutes=entry.minutes)).astimezone(zone))
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
