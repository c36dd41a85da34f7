"""Reads one date and time: "14 Jan 4pm", "tomorrow 9:30"."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
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
        for whole in (f"{text}", f"{text} 4pm"):
            with suppress(ParseError):
                moment = _read(whole, zone, now)
                raise Unreadable(sentence, _in_words(moment, zone) or " ".join(whole.split()))
    tomorrow = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    four = datetime.combine(tomorrow, times.USUAL_TIME, ZoneInfo(zone))
    raise Unreadable(sentence, _in_words(four, zone) or f"{_written(tomorrow)} 4pm")


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
            later = today + timedelta(days=1)
            raise error_messages.past(zoned.text, f"{_written(later)} {local:%H:%M}")
    except ParseError as doubt:
        raise ParseError(str(doubt), *zoned.with_zone(doubt.nearest)) from doubt
    return moment


def _local(text: str, today: date, tongue: Tongue) -> datetime:
    """Return the local day and time, without a zone."""
    words = lex(text, today, tongue)
    check_words(words, text, today, tongue)
    times.fold(words, text)
    found = re.fullmatch(_DAY_AND_TIME, words.shape)
    if not found:
        raise _why_not(words, text, today)
    item, beside = next(dates.items(words, text))
    day = dates.forward(item, today)
    dates.check_weekday(item, day, text)
    time_word = beside or words.has("t")
    if time_word is None:
        raise error_messages.time_missing(f"{text} 4pm")
    at = times.slot(time_word, []).at
    if time_word.length:
        raise error_messages.start_only(time_word.text, f"{_written(day)} {at:%H:%M}")
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
        return error_messages.day_missing(_written(coming[0]) + hour)
    if re.search(ITEM, words.shape):
        day = dates.forward(next(dates.items(words, text))[0], today)
    else:
        day = next((day for day in coming if numbered and day.day == numbered.number), coming[0])
    return error_messages.not_one_moment(words.text, _written(day) + hour)


def _written(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year}"
