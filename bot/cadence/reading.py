"""Reads a cadence in plain words, and says no, with the nearest correct form, where the words leave a doubt."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.cadence import refusals, remarks, times
from bot.cadence.chosen_dates import DATES, chosen_dates
from bot.cadence.doubts import check_words
from bot.cadence.expanding import occurrences
from bot.cadence.lexing import lex
from bot.cadence.refusals import Doubt, Unreadable
from bot.cadence.repeating import repeating
from bot.cadence.rule import ALL_MONTHS, Dates, Rule
from bot.cadence.saying import say
from bot.cadence.words import clean
from bot.cadence.zone_words import Zoned, take_zone, time_there

ALWAYS_READABLE = "second Wednesday of each month, October to June, 4:00 PM"
FORESEEN = timedelta(days=5 * 366)  # a repeating rule with no date in five years is a slip


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood, and sentences about what was taken for granted."""

    rule: Rule
    warnings: tuple[str, ...] = ()


def read(phrase: str, *, zone: str, today: date) -> Reading:
    """
    The rule that `phrase` means to a community in `zone` (a name that `read_zone` gives) on the day `today`.

    Raises Unreadable where the words are unknown, contradict each other or have two readings.
    """
    try:
        return _read(phrase, zone, today)
    except Doubt as doubt:
        sentence, nearest = str(doubt), doubt.nearest
    for text in (*nearest, ALWAYS_READABLE):
        with suppress(Doubt):
            raise Unreadable(sentence, say(_read(str(text), zone, today).rule))
    raise Unreadable(sentence, ALWAYS_READABLE)


def _read(phrase: str, home: str, today: date) -> Reading:
    zoned = take_zone(clean(phrase), home, today)
    try:
        reading = _read_days(zoned, today)
    except Doubt as doubt:
        raise Doubt(str(doubt), *zoned.with_zone(doubt.nearest)) from doubt
    midnight = datetime.combine(today, time(), ZoneInfo(reading.rule.zone)) - timedelta(seconds=1)
    coming = list(occurrences(reading.rule, midnight, count=1, until=_foreseen(reading.rule, midnight)))
    if not coming:
        anyway = replace(reading.rule, months=ALL_MONTHS, until=None)
        raise refusals.no_future_date(FORESEEN.days // 366, say(anyway))
    return replace(reading, warnings=(*reading.warnings, *_zone_remark(zoned, reading.rule, midnight)))


def _read_days(zoned: Zoned, today: date) -> Reading:
    words = lex(zoned.text, today)
    check_words(words, zoned.text, today)
    lengths = words.pull("d")
    times.check_lengths(lengths, zoned.text)
    times.fold(words, zoned.text)
    if re.fullmatch(DATES, words.shape):
        rule, warnings = chosen_dates(words, lengths, zoned, today)
    else:
        rule, warnings = repeating(words, lengths, zoned.zone, today)
    return Reading(rule, tuple(warnings))


def _foreseen(rule: Rule, today: datetime) -> datetime | None:
    return None if isinstance(rule.days, Dates) else today + FORESEEN


def _zone_remark(zoned: Zoned, rule: Rule, after: datetime) -> Iterator[str]:
    if not zoned.said:
        return
    for moment in occurrences(rule, after, until=after + timedelta(days=366)):
        shown = time_there(zoned.said, moment, rule.zone)
        if shown:
            day = moment.astimezone(ZoneInfo(rule.zone))
            yield remarks.not_the_time_there(zoned.said, rule.zone, day.date(), shown, day.time())
            return
