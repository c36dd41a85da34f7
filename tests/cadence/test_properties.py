"""What must hold for every rule, and for anything that a person may type."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.cadence import (
    BusinessDays,
    ClosedDays,
    Closing,
    Dates,
    Days,
    MonthDays,
    NthWeekdays,
    OnClosed,
    RelativeWeekday,
    Rule,
    Unreadable,
    Weekly,
    occurrences,
    read,
    read_moment,
    read_zone,
    say,
)
from bot.cadence.parse.lexicon_en import CLOCKS, WITHOUT_COLON
from bot.cadence.parse.lexicon_en import WORDS as ENGLISH
from bot.cadence.parse.lexicon_es import WORDS as SPANISH
from bot.cadence.rule import season
from bot.i18n import speaking

NEW_YORK = "America/New_York"
ZONES = st.sampled_from(
    [NEW_YORK, "Europe/Berlin", "Australia/Sydney", "Asia/Kolkata", "UTC", "Pacific/Apia", "Australia/Lord_Howe"]
)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
MINUTES = st.times().map(lambda at: time(at.hour, at.minute))
WEEKDAY = st.integers(0, 6)
NTH = st.sampled_from([1, 2, 3, 4, 5, -1, -2])


def from_the_start(numbers: set[int]) -> tuple[int, ...]:
    return tuple(sorted(numbers, key=lambda n: (n < 0, n)))


def moments(chosen: set[datetime]) -> tuple[datetime, ...]:
    return tuple(sorted(moment.replace(second=0, microsecond=0) for moment in chosen))


REPEATED: st.SearchStrategy[Days] = st.one_of(
    st.builds(Weekly, st.sets(WEEKDAY, min_size=1).map(lambda days: tuple(sorted(days))), st.integers(1, 52)),
    st.sets(st.tuples(NTH, WEEKDAY), min_size=1, max_size=3).map(
        lambda pairs: NthWeekdays(tuple(sorted(pairs, key=lambda pair: (pair[0] < 0, pair))))
    ),
    st.builds(RelativeWeekday, WEEKDAY, st.sampled_from([1, 2, 3]), WEEKDAY),
    st.builds(RelativeWeekday, WEEKDAY, st.sampled_from([2, 3, 4, -1, -2]), WEEKDAY, st.just(True)),
    st.sets(st.integers(1, 31) | st.just(-1), min_size=1, max_size=4).map(from_the_start).map(MonthDays),
    st.sets(NTH, min_size=1, max_size=3).map(from_the_start).map(BusinessDays),
)


def apart(stretches: list[tuple[date, int]]) -> tuple[tuple[date, date], ...]:
    """Return periods in order, none of which begins before the one before it ends."""
    found: list[tuple[date, date]] = []
    for first, days in sorted(stretches):
        if not found or first > found[-1][1]:
            found.append((first, first + timedelta(days=days)))
    return tuple(found)


CLOSINGS = st.just(Closing()) | st.builds(
    Closing,
    st.sampled_from(OnClosed),
    st.sampled_from(OnClosed),
    st.lists(st.tuples(DAYS, st.sampled_from([0, 0, 6, 14])), max_size=3).map(apart),
)


@st.composite
def repeating(draw: st.DrawFn) -> Rule:
    days = draw(REPEATED)
    months = tuple(sorted(draw(st.sets(st.integers(1, 12), min_size=1))))
    start = draw(DAYS if isinstance(days, Weekly) and days.every > 1 else st.none() | DAYS)
    until = draw(st.none() | DAYS)
    # Weeks are counted from a day of the rule.
    if start and isinstance(days, Weekly) and days.every > 1:
        start = next(day for day in _following(start) if day.weekday() in days.weekdays and day.month in months)
    minutes = draw(st.integers(1, 1440))
    return Rule(days, draw(MINUTES), draw(ZONES), minutes, months, start, until, draw(CLOSINGS))


def _following(day: date) -> Iterator[date]:
    return (day + timedelta(days=n) for n in range(3660))


@st.composite
def chosen(draw: st.DrawFn) -> Rule:
    days = draw(st.sets(DAYS, min_size=1, max_size=12))
    listed = tuple(sorted(datetime.combine(day, draw(MINUTES)) for day in days))
    return Rule(Dates(listed), listed[0].time(), draw(ZONES), draw(st.integers(1, 1440)), closing=draw(CLOSINGS))


RULES = st.one_of(repeating(), chosen())
LOCALES = st.sampled_from(["en", "en-GB", "es", "es-MX", "es_US"])
NOW = st.datetimes(datetime(2019, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (made aware)
CLOSED = [
    "school holidays",
    "if it is a holiday",
    "then the week after",
    "salvo que caiga en feriado",
    "a las 4 y media",
]
TALK = st.lists(
    st.sampled_from(
        [
            *ENGLISH,
            *SPANISH,
            *CLOSED,
            "4pm",
            "16:00",
            "9",
            "2026",
            "15th",
            "5/6",
            "-",
            ",",
            "2026-02-30",
            "for 90 minutes",
        ]
    )
    | st.text(max_size=6),
    max_size=9,
).map(" ".join)
TYPED = st.text(max_size=200) | TALK


@given(RULES)
def test_rule_round_trips_through_storage(rule: Rule) -> None:
    assert Rule.from_json(rule.to_json()) == rule


@given(RULES, NOW)
def test_dates_go_forward_and_follow_the_rule(rule: Rule, after: datetime) -> None:
    found = list(occurrences(rule, after, count=20))
    assert found == sorted(set(found))
    assert all(moment > after and moment.tzinfo is UTC for moment in found)
    local = [moment.astimezone(ZoneInfo(rule.zone)) for moment in found]
    # A time the clocks skip just before midnight may fall on the next day, as Apia's missing day did.
    assert all(moment.month in rule.months or moment.day == 1 for moment in local)
    assert all(rule.start is None or moment.date() >= rule.start for moment in local)
    assert all(rule.until is None or moment.date() <= rule.until + timedelta(days=1) for moment in local)


@given(repeating(), NOW)
def test_dates_do_not_depend_on_how_they_are_asked_for(rule: Rule, after: datetime) -> None:
    found = list(occurrences(rule, after, count=6))
    one_by_one: list[datetime] = []
    for _ in found:
        one_by_one += occurrences(rule, one_by_one[-1] if one_by_one else after, count=1)
    assert one_by_one == found
    if found:
        assert list(occurrences(rule, after, until=found[-1])) == found
        elsewhere = after.astimezone(ZoneInfo("Asia/Tokyo"))
        assert list(occurrences(rule, elsewhere, count=6)) == found


@given(repeating(), NOW, st.data())
def test_no_date_falls_on_a_closed_day(rule: Rule, after: datetime, data: st.DataObject) -> None:
    if rule.closing.own is OnClosed.KEEP:
        rule = replace(rule, closing=replace(rule.closing, own=OnClosed.DAY_AFTER))
    usual = [moment.astimezone(ZoneInfo(rule.zone)).date() for moment in occurrences(rule, after, count=8)]
    closed = data.draw(st.sets(st.sampled_from(usual))) if usual else set()
    met = occurrences(rule, after, count=8, closed=closed)
    days = {moment.astimezone(ZoneInfo(rule.zone)).date() for moment in met if rule.at.hour > 3}
    assert not days & closed


@given(repeating(), NOW, st.data())
def test_moved_meetings_keep_their_order_and_season(rule: Rule, after: datetime, data: st.DataObject) -> None:
    """They are the same whether asked for at once or one by one."""
    there = ZoneInfo(rule.zone)
    named = [moment.astimezone(there).date() for moment in occurrences(rule, after, count=8)]
    near = [day + timedelta(days=n) for day in named for n in (-7, -1, 0, 0, 1, 7)]
    closed = ClosedDays(closed=data.draw(st.sets(st.sampled_from(near))) if near else set())
    found = list(occurrences(rule, after, count=6, closed=closed))
    assert all(earlier < later for earlier, later in pairwise([after, *found]))
    # A time that the clocks skip just before midnight may fall on the next day.
    if rule.at.hour > 3:
        days = [moment.astimezone(there).date() for moment in found]
        assert not season(rule.months) or all(day.month in rule.months for day in days)
        assert all((rule.start or day) <= day <= (rule.until or day) for day in days)
        assert rule.closing.own is OnClosed.KEEP or not set(closed.closed) & set(days)
        assert not any(rule.closing.leaves_out(day) for day in days)
    one_by_one: list[datetime] = []
    for _ in found:
        one_by_one += occurrences(rule, one_by_one[-1] if one_by_one else after, count=1, closed=closed)
    assert one_by_one == found
    elsewhere = after.astimezone(ZoneInfo("Asia/Tokyo"))
    assert list(occurrences(rule, elsewhere, count=6, closed=closed)) == found


def reading(phrase: str, zone: str, today: date) -> Rule | Unreadable:
    """Read a phrase. Any exception other than a refusal fails the test."""
    try:
        return read(phrase, zone=zone, today=today).rule
    except Unreadable as error:
        return error


@given(RULES, LOCALES)
def test_description_is_parsed_as_the_same_rule(rule: Rule, locale: str) -> None:
    again = reading(say(rule, locale), NEW_YORK, date(2020, 1, 1))
    never = isinstance(again, Unreadable) and re.search("No date|ends before it starts|has passed", str(again))
    assert never or again == rule


@given(TYPED, ZONES, DAYS, LOCALES)
def test_any_text_is_a_cadence_or_refused_with_a_readable_form(typed: str, zone: str, today: date, locale: str) -> None:
    with speaking(locale):
        rule = reading(typed, zone, today)
        if isinstance(rule, Unreadable):
            assert str(rule)
            suggestion = rule.suggestion
            if not suggestion:
                return
            rule = read(suggestion, zone=zone, today=today).rule
            assert say(rule, locale) == suggestion
        assert reading(say(rule, locale), zone, today) == rule
    midnight = datetime.combine(today, time(), ZoneInfo(rule.zone))
    assert list(occurrences(rule, midnight - timedelta(seconds=1), count=1))


def moment_of(phrase: str, zone: str, now: datetime) -> datetime | Unreadable:
    try:
        return read_moment(phrase, zone=zone, now=now)
    except Unreadable as error:
        return error


@given(TYPED, ZONES, NOW, LOCALES)
def test_any_text_is_a_moment_or_refused_with_a_readable_one(typed: str, zone: str, now: datetime, locale: str) -> None:
    with speaking(locale):
        moment = moment_of(typed, zone, now)
        if isinstance(moment, Unreadable):
            assert str(moment)
            if not moment.suggestion:
                return
            moment = read_moment(moment.suggestion, zone=zone, now=now)
    assert moment > now
    assert moment.tzinfo is UTC


@given(st.text(max_size=60))
def test_any_text_is_a_zone_or_refused_with_a_readable_one(typed: str) -> None:
    try:
        zone = read_zone(typed)
    except Unreadable as error:
        zone = read_zone(error.suggestion)
    assert ZoneInfo(zone)


@given(
    st.lists(st.sampled_from([*"0123456789", *" .:-/", "h", "hrs", "a", "p", "at ", "from ", "a las "])).map("".join)
)
def test_time_without_a_colon_is_looked_for_wherever_there_is_one(phrase: str) -> None:
    if any(pattern.search(phrase) for pattern, _words in WITHOUT_COLON):
        assert re.search(CLOCKS[0], phrase), phrase
