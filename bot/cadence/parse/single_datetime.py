"""Reads one date and time: "14 Jan 4pm", "tomorrow 9:30"."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.cadence import error_messages
from bot.cadence.calendar_names import clock, long_date
from bot.cadence.errors import ParseError, Unreadable
from bot.cadence.parse import dates, times
from bot.cadence.parse.ambiguity import check_words
from bot.cadence.parse.dates import ITEM
from bot.cadence.parse.languages import ENGLISH, Tongue, tongue_of, tongue_spoken
from bot.cadence.parse.lexer import lex
from bot.cadence.parse.lexicon_en import MONTHS
from bot.cadence.parse.time_zone_words import take_zone
from bot.cadence.parse.tokens import WordList, clean

# A date without a year that is further away was probably meant to be the one that has just passed.
FAR = timedelta(days=270)
_DAY_AND_TIME = rf"t&?{ITEM}|{ITEM}(?:&?t)?"


def read_moment(phrase: str, *, zone: str, now: datetime) -> datetime:
    """Return the moment after `now`, in UTC, that `phrase` means in `zone`, or in the zone that it names.

    Raises Unreadable if the day or the time is missing, has passed, does not exist, or has two meanings.
    """
    try:
        return _read(phrase, zone, now)
    except ParseError as doubt:
        sentence, nearest = str(doubt), doubt.nearest
    for text in nearest:
        with suppress(ParseError):
            moment = _read(str(text), zone, now)
            raise Unreadable(sentence, _in_words(moment, zone) or " ".join(str(text).split()))
    raise Unreadable(sentence)


def _in_words(moment: datetime, zone: str) -> str:
    """Return a suggestion in the current language; "" for English, where what was typed is corrected instead."""
    local = moment.astimezone(ZoneInfo(zone))
    return "" if tongue_spoken() is ENGLISH else f"{long_date(local.date())}, {clock(local.time())}"


def _read(phrase: str, home: str, now: datetime) -> datetime:
    cleaned = clean(phrase)
    tongue = tongue_of(cleaned)
    zoned = take_zone(tongue.turned(cleaned), home, now.date())
    there = ZoneInfo(zoned.zone)
    today = now.astimezone(there).date()
    try:
        local = _local(zoned.text, today, tongue)
        moment = local.replace(tzinfo=there).astimezone(UTC)
        if moment <= now:
            raise error_messages.past(zoned.text)
    except ParseError as doubt:
        raise ParseError(str(doubt), *zoned.with_zone(doubt.nearest)) from doubt
    return moment


def _local(text: str, today: date, tongue: Tongue) -> datetime:
    """Return the local day and time, without a zone."""
    words = lex(text, today, tongue)
    check_words(words, text, today, tongue)
    times.fold(words, text)
    dates.fold(words, text)
    found = re.fullmatch(_DAY_AND_TIME, words.shape)
    if not found:
        raise _why_not(words, text, today)
    item, beside = next(dates.items(words))
    day = dates.forward(item, today)
    dates.check_weekday(item, day, text)
    time_word = beside or words.has("t")
    if time_word is None:
        raise error_messages.time_missing()
    at = times.slot(time_word, []).at
    if time_word.length:
        raise error_messages.start_only(time_word.text, f"{_written(day)} {at:%H:%M}")
    if item.year is None and day - today > FAR:
        raise error_messages.far_away(day, f"{_written(day)} {at:%H:%M}")
    return datetime.combine(day, at)


def _why_not(words: WordList, text: str, today: date) -> ParseError:
    """Return an error that says what is missing or too much, and suggests the day and the time that could be read."""
    weekday, numbered, time_word = words.has("D"), words.has("O"), words.has("t")
    hour = f" {times.slot(time_word, []).at:%H:%M}" if time_word else ""
    # Two months contain every day of the month, except perhaps the 31st.
    coming = [today + timedelta(days=n) for n in range(1, 63)]
    if re.fullmatch("(?:t&?)?D(?:&?t)?", words.shape) and weekday:
        day = next(day for day in coming if day.weekday() == weekday.number)
        return error_messages.which_week(weekday.text, _written(day) + hour)
    if words.shape == "t":
        return error_messages.day_missing()
    alone = re.fullmatch("(?:t&?)?O(?:&?t)?", words.shape)
    named = (day for day in coming if alone and numbered and day.day == numbered.number)
    return error_messages.not_one_moment(words.text, *(_written(day) + hour for day in islice(named, 1)))


def _written(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year}"
