"""A calendar program that knows as little as a calendar program can: no zone by its name, no RDATE, and no library.

It reads DTSTART, RRULE, EXDATE and RECURRENCE-ID of events, and DTSTART, RRULE and the two offsets of time zones. It
refuses a rule that Outlook is known to refuse or to misread (MS-OXCICAL 2.1.3.2.2).
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from dateutil.rrule import rrulestr

WALL = "%Y%m%dT%H%M%S"
# Years that zones are followed beyond a rule's first one.
FOLLOWED = 20
ONE_DAY = re.compile(r"(-1|[1-4])(MO|TU|WE|TH|FR|SA|SU)")
SOME_DAYS = re.compile(r"(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*")
Offsets = Callable[[datetime], timedelta]
Lines = Mapping[str, list[tuple[str, str]]]  # (TZID, value) by name of the property


class Unknown(Exception):
    """Something that this program, or Outlook, does not know."""


def zones(file: str) -> dict[str, Offsets]:
    """Return for each zone how far its clocks are from UTC at a moment."""
    found = {}
    for body in _parts(file, "VTIMEZONE"):
        found[_lines(body)["TZID"][0][1]] = _offsets(body)
    return found


def _offsets(body: str) -> Offsets:
    onsets: list[tuple[datetime, timedelta]] = []
    for part in (*_parts(body, "STANDARD"), *_parts(body, "DAYLIGHT")):
        lines = {name: values[0][1] for name, values in _lines(part).items()}
        if "RDATE" in lines:
            raise Unknown("RDATE in a time zone")
        # All on the wall clock, as if that were UTC.
        start = datetime.strptime(lines["DTSTART"], WALL).replace(tzinfo=UTC)
        before, after = (_offset(lines[name]) for name in ("TZOFFSETFROM", "TZOFFSETTO"))
        for wall in _yearly(lines["RRULE"], start) if "RRULE" in lines else (start,):
            onsets.append((wall - before, after))
    onsets.sort(key=lambda each: each[0])
    starts = [at for at, _after in onsets]
    return lambda at: onsets[max(0, bisect_right(starts, at) - 1)][1]


def _yearly(rule: str, start: datetime) -> Iterator[datetime]:
    parts = _rule(rule)
    if set(parts) - {"UNTIL"} != {"FREQ", "BYDAY", "BYMONTH"} or parts["FREQ"] != "YEARLY":
        raise Unknown(rule)
    if not ONE_DAY.fullmatch(parts["BYDAY"]):
        raise Unknown(rule)
    for wall in rrulestr(rule, dtstart=start):
        if wall.year > start.year + FOLLOWED:
            return
        yield wall


def _offset(text: str) -> timedelta:
    signed = 1 if text[0] == "+" else -1
    return signed * timedelta(hours=int(text[1:3]), minutes=int(text[3:5]), seconds=int(text[5:7] or 0))


def meetings(file: str) -> list[datetime]:
    """Return when each event that is not cancelled begins, in order."""
    known, changed = zones(file), defaultdict[str, dict[datetime, Lines]](dict)
    events = [_lines(body) for body in _parts(file, "VEVENT")]
    for event in events:
        if "RECURRENCE-ID" in event:
            changed[event["UID"][0][1]][_moment(*event["RECURRENCE-ID"][0], known)] = event
    found: list[datetime | None] = []
    for event in events:
        if "RECURRENCE-ID" not in event:
            others, dates = changed[event["UID"][0][1]], _repeated(event, known)
            if apart := others.keys() - set(dates):
                raise Unknown(f"changes of dates that are none: {apart}")
            found += [_held(others[at], known) if at in others else at for at in dates]
    return sorted(at for at in found if at)


def _held(event: Lines, known: Mapping[str, Offsets]) -> datetime | None:
    return None if event["STATUS"][0][1] == "CANCELLED" else _moment(*event["DTSTART"][0], known)


def _repeated(event: Lines, known: Mapping[str, Offsets]) -> list[datetime]:
    (zone, start), (ends_in, _end) = event["DTSTART"][0], event["DTEND"][0]
    if "RDATE" in event:
        raise Unknown("RDATE")
    if zone != ends_in:
        raise Unknown("an event that ends in another zone")
    if "RRULE" not in event:
        at = _held(event, known)
        return [at] if at else []
    rule = event["RRULE"][0][1]
    _check(rule)
    last = datetime.strptime(_rule(rule)["UNTIL"], WALL + "Z").replace(tzinfo=UTC)
    without = {wall for _zone, values in event.get("EXDATE", ()) for wall in values.split(",")}
    wall = datetime.strptime(start.rstrip("Z"), WALL)  # noqa: DTZ007 (on the wall clock)
    walls = rrulestr(re.sub("UNTIL=[^;]*;?", "", rule).rstrip(";"), dtstart=wall)
    found: list[datetime] = []
    for each in walls:
        at = _moment(zone, each.strftime(WALL) + "Z" * start.endswith("Z"), known)
        if at > last:
            return found
        if each.strftime(WALL) not in {exception.rstrip("Z") for exception in without}:
            found.append(at)
    return found


def _check(rule: str) -> None:
    """Refuse what is in none of Outlook's templates."""
    parts = _rule(rule)
    by = set(parts) - {"FREQ", "INTERVAL", "UNTIL", "WKST"}
    weekly = parts["FREQ"] == "WEEKLY" and by == {"BYDAY"} and SOME_DAYS.fullmatch(parts["BYDAY"])
    nth = parts["FREQ"] == "MONTHLY" and by == {"BYDAY"} and ONE_DAY.fullmatch(parts["BYDAY"])
    day = parts["FREQ"] == "MONTHLY" and by == {"BYMONTHDAY"} and parts["BYMONTHDAY"] in map(str, (*range(1, 29), -1))
    if not (weekly or nth or day):
        raise Unknown(rule)


def _moment(zone: str, text: str, known: Mapping[str, Offsets]) -> datetime:
    """Return a time on a zone's clock in UTC. The first of two, and as late as it would be if the clocks skip it."""
    wall = datetime.strptime(text.rstrip("Z"), WALL).replace(tzinfo=UTC)
    if text.endswith("Z"):
        return wall
    # The offset before a change, as RFC 5545 3.3.5 wants for both.
    offsets = known[zone]
    earlier, later = (offsets(wall + apart) for apart in (-timedelta(days=1), timedelta(days=1)))
    fits = [wall - offset for offset in (earlier, later) if offsets(wall - offset) == offset]
    return min(fits, default=wall - earlier)


def _parts(file: str, name: str) -> list[str]:
    return re.findall(f"BEGIN:{name}\r\n(.*?)END:{name}\r\n", file, re.DOTALL)


def _lines(body: str) -> Lines:
    found = defaultdict[str, list[tuple[str, str]]](list)
    for line in body.replace("\r\n ", "").split("\r\n"):
        head, _colon, value = line.partition(":")
        name, *parameters = head.split(";")
        zone = next((each.removeprefix("TZID=") for each in parameters if each.startswith("TZID=")), "")
        found[name].append((zone, value))
    return found


def _rule(rule: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in rule.split(";"))
