"""Reads a cadence in plain words. Where the words leave a doubt, it refuses and suggests what keeps all of them."""

from collections.abc import Iterator, Sequence
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
from bot.cadence.parse.date_list import chosen_dates
from bot.cadence.parse.days import likely_days
from bot.cadence.parse.grammar import LISTING, WITH_DATES, Clause, Kind, covers
from bot.cadence.parse.holiday_exceptions import idle_dates, read_exceptions
from bot.cadence.parse.languages import Tongue, locale_to_read, tongue_of
from bot.cadence.parse.lexer import lex
from bot.cadence.parse.recurrence import repeating
from bot.cadence.parse.suggestions import keeps
from bot.cadence.parse.time_zone_words import Zoned, take_zone, time_there
from bot.cadence.parse.tokens import Word, WordList, clean
from bot.cadence.rule import ALL_MONTHS, USUAL_MINUTES, Closing, Dates, Rule

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
    for text in nearest:
        with suppress(ParseError):
            rule = _read(str(text), zone, today, minutes).rule
            tongue = tongue_of(cleaned := clean(phrase))
            if keeps(rule, take_zone(tongue.turned(cleaned), zone, today).text, tongue, today):
                raise Unreadable(sentence, say(rule, locale_to_read(), minutes))
    raise Unreadable(sentence)


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
    return Reading(reading.rule, (*reading.warnings, *_zone_remark(zoned, reading.rule, midnight)))


def _read_days(zoned: Zoned, today: date, tongue: Tongue, minutes: int) -> Reading:
    words = lex(zoned.text, today, tongue)
    check_words(words, zoned.text, today, tongue)
    lengths = words.pull("d")
    times.check_lengths(lengths, zoned.text)
    times.fold(words, zoned.text)
    length_said = lengths or any(word.length for word in words.left if word.sign == "t")
    dates.fold(words, zoned.text)
    rule, warnings = _meant(words, lengths, zoned, today)
    if not length_said and rule.minutes != minutes:
        rule = replace(rule, minutes=minutes)
    return Reading(rule, (*warnings, *_idle_remark(rule, today)))


def _meant(words: WordList, lengths: list[Word], zoned: Zoned, today: date) -> tuple[Rule, list[str]]:
    """Return the rule of the words, and warnings. Raises ParseError if they can be read in no way or in several."""
    found = covers(words)
    with_days = [cover for cover in found if any(clause.kind in (Kind.DAYS, Kind.DATES) for clause in cover)]
    readings: dict[Rule, list[str]] = {}
    doubts: list[ParseError] = []
    for cover in with_days or found:
        try:
            rule, warnings = _rule_of(cover, words, lengths, zoned, today)
            readings.setdefault(rule, warnings)
        except ParseError as doubt:
            doubts.append(doubt)
    if len(readings) > 1:
        one, other, *_more = (say(rule, locale_to_read()) for rule in readings)
        raise error_messages.two_readings(zoned.text, one, other, one)
    for rule, warnings in readings.items():
        return rule, warnings
    raise doubts[0] if doubts else _unclaimed(words, lengths, zoned, today)


def _rule_of(
    cover: Sequence[Clause], words: WordList, lengths: list[Word], zoned: Zoned, today: date
) -> tuple[Rule, list[str]]:
    exceptions = read_exceptions(cover, zoned.text, today)
    kinds = {clause.kind for clause in cover}
    if Kind.DATES not in kinds:
        return repeating(cover, words, lengths, zoned, today, exceptions)
    listed = WordList([word for clause in cover if clause.kind in LISTING for word in clause.words])
    if not kinds <= WITH_DATES:
        raise error_messages.nowhere(words.text)
    rule, warnings = chosen_dates(listed, lengths, zoned, today)
    if exceptions.months or exceptions.weekdays:
        raise error_messages.exception_unread(say(rule))
    return replace(rule, closing=exceptions.closing), warnings


def _unclaimed(words: WordList, lengths: list[Word], zoned: Zoned, today: date) -> ParseError:
    """Return the error for words of which some are no part of any clause."""
    if any(word.sign in "Xchkm" for word in words.left):
        return error_messages.exception_unread()
    days = likely_days(words)
    if days is None:
        return error_messages.nowhere(words.text)
    slot = times.one_slot(words, lengths)
    near = Rule(days, slot.at, zoned.zone, slot.minutes)
    return error_messages.nowhere(words.text, say(near))


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
