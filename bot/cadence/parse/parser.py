"""Reads a cadence in plain words. Where the words leave a doubt, it refuses and suggests the closest correct form."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.cadence import assumptions, error_messages
from bot.cadence.describe import say
from bot.cadence.errors import ParseError, Unreadable
from bot.cadence.occurrences import local_days, occurrences
from bot.cadence.parse import dates, times
from bot.cadence.parse.ambiguity import check_words
from bot.cadence.parse.date_list import DATES, chosen_dates
from bot.cadence.parse.holiday_exceptions import idle_dates, take_exceptions
from bot.cadence.parse.languages import Tongue, locale_to_read, tongue_of
from bot.cadence.parse.lexer import lex
from bot.cadence.parse.recurrence import repeating
from bot.cadence.parse.time_zone_words import Zoned, take_zone, time_there
from bot.cadence.parse.tokens import clean
from bot.cadence.rule import ALL_MONTHS, USUAL_MINUTES, Closing, Dates, Rule

ALWAYS_READABLE = "second Wednesday of each month, October to June, 4:00 PM"
# A repeating rule without a date in the next five years must be a mistake.
FORESEEN = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood, and sentences about what was assumed."""

    rule: Rule
    warnings: tuple[str, ...] = ()


def read(phrase: str, *, zone: str, today: date, minutes: int = USUAL_MINUTES) -> Reading:
    """Return the rule that `phrase` means to a community in `zone` (as `read_zone` names it) on the day `today`.

    `minutes` is the length of a meeting if the phrase gives neither a length nor an end. Raises Unreadable if words
    are unknown, contradict each other, or have two meanings.
    """
    try:
        return _read(phrase, zone, today, minutes)
    except ParseError as doubt:
        sentence, nearest = str(doubt), doubt.nearest
    for text in (*nearest, ALWAYS_READABLE):
        with suppress(ParseError):
            raise Unreadable(sentence, say(_read(str(text), zone, today, minutes).rule, locale_to_read(), minutes))
    raise Unreadable(sentence, ALWAYS_READABLE)


def _read(phrase: str, home: str, today: date, minutes: int) -> Reading:
    cleaned = clean(phrase)
    tongue = tongue_of(cleaned)
    zoned = take_zone(tongue.turned(cleaned), home, today)
    try:
        reading = _read_days(zoned, today, tongue, minutes)
    except ParseError as doubt:
        raise ParseError(str(doubt), *zoned.with_zone(doubt.nearest)) from doubt
    midnight = datetime.combine(today, time(), ZoneInfo(reading.rule.zone)) - timedelta(seconds=1)
    coming = list(occurrences(reading.rule, midnight, count=1, until=_foreseen(reading.rule, midnight)))
    if not coming:
        anyway = replace(reading.rule, months=ALL_MONTHS, until=None, closing=Closing())
        raise error_messages.no_future_date(FORESEEN.days // 366, say(anyway))
    return replace(reading, warnings=(*reading.warnings, *_zone_remark(zoned, reading.rule, midnight)))


def _read_days(zoned: Zoned, today: date, tongue: Tongue, minutes: int) -> Reading:
    words = lex(zoned.text, today, tongue)
    check_words(words, zoned.text, today, tongue)
    lengths = words.pull("d")
    times.check_lengths(lengths, zoned.text)
    times.fold(words, zoned.text)
    length_said = lengths or any(word.length for word in words.left if word.sign == "t")
    dates.share_months(words)
    exceptions = take_exceptions(words, zoned.text, today)
    if re.fullmatch(DATES, words.shape):
        rule, warnings = chosen_dates(words, lengths, zoned, today)
        if exceptions.months:
            raise error_messages.exception_unread(say(rule))
        rule = replace(rule, closing=exceptions.closing)
    else:
        rule, warnings = repeating(words, lengths, zoned.zone, today, exceptions)
    if not length_said:
        rule = replace(rule, minutes=minutes)
    return Reading(rule, (*warnings, *_idle_remark(rule, today)))


def _idle_remark(rule: Rule, today: date) -> Iterator[str]:
    named = (each.date() for each in rule.days.moments) if isinstance(rule.days, Dates) else local_days(rule, today)
    idle = idle_dates(rule, named) if rule.closing.dates else None
    if idle:
        yield assumptions.leaves_nothing_out(idle[0])


def _foreseen(rule: Rule, today: datetime) -> datetime | None:
    return None if isinstance(rule.days, Dates) else today + FORESEEN


def _zone_remark(zoned: Zoned, rule: Rule, after: datetime) -> Iterator[str]:
    if not zoned.zone_words:
        return
    for moment in occurrences(rule, after, until=after + timedelta(days=366)):
        shown = time_there(zoned.zone_words, moment, rule.zone)
        if shown:
            day = moment.astimezone(ZoneInfo(rule.zone))
            yield assumptions.not_the_time_there(zoned.zone_words, rule.zone, day.date(), shown, day.time())
            return
