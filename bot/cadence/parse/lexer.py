"""Cuts a phrase into words with signs: dates in digits, times of day, durations, and plain words."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from bot.cadence import error_messages
from bot.cadence.parse.languages import TONGUES, Tongue
from bot.cadence.parse.lexicon_en import MONTHS
from bot.cadence.parse.tokens import COMMA, Word, WordList

# What the number of a word "C" counts; 0 for meetings.
WEEK, MONTH = 7, 30
_MARKS = {"-": "-", "@": "H"}


@cache
def _token(tongue: str) -> re.Pattern[str]:
    t = next(each for each in TONGUES if each.tag == tongue)
    count = "|".join((t.half, t.an, *t.counts, r"[0-9]{1,4}(?:\.[0-9]{1,2})?"))
    pattern = rf"""
      (?P<iso>    [0-9]{{4}} ([-/.]) [0-9]{{1,2}} \2 [0-9]{{1,2}} (?![0-9]) )
    | (?P<slash>  [0-9]{{1,2}} (?: / [0-9]{{1,2}} (?: / [0-9]{{2,4}} )?
                | \.[0-9]{{1,2}}\.(?: [0-9]{{4}} | [0-9]{{2}} )? ) (?![0-9/]) )
    | (?P<course> (?: {t.course} (?P<much>{count})\ (?P<span>{t.spans})
                | (?P<many>{count})\ (?:{t.meetings}) )\b (?! \ (?: a|per|each|every|al|por|cada|el|la )\b ) )
    | (?P<lasts>  (?:for\ )? (?P<count>{count}) [ -]?
                  (?P<unit> {t.hours} | {t.minutes} )\b (?P<half>{t.and_a_half} )? )
    | (?P<time>   [0-9]{{1,2}} (?: [:.] [0-9]{{2}} )? \ ? {t.half_day}
                | [0-9]{{1,2}} : [0-9]{{2}} (?![0-9])
                | (?: noon | midday | midnight )\b )
    | (?P<nth>    [0-9]{{1,2}} (?:{t.nth})\b )
    | (?P<yearly> (?P<times> [a-z]+ | [0-9]{{1,2}} )\ {t.yearly}\b )
    | (?P<year>   (?: 19 | 20 | 21 ) [0-9]{{2}} (?![0-9]) )
    | (?P<number> [0-9]{{1,2}} (?![0-9]) )
    | (?P<word>   [^\W\d_]+ (?: ' [a-z]+ )? )
    | (?P<mark>   [-@,;&+/] )
    | (?P<quiet>  [\s.:()"'] )
    | (?P<odd>    [0-9]+ | . )
    """
    return re.compile(pattern, re.VERBOSE | re.DOTALL)


def lex(text: str, today: date, tongue: Tongue) -> WordList:
    """Return the words of a cleaned phrase, tidied. Raises ParseError for an impossible date or time."""
    found = _token(tongue.tag).finditer(text)
    every = [word for each in found for word in _read(each, text, today, tongue)]
    # "In" only says something before a month.
    following = [*every[1:], COMMA][: len(every)]
    words = WordList(
        [word for word, after in zip(every, following, strict=True) if word.sign != "i" or after.sign == "M"]
    )
    words.tidy()
    return words


def _read(found: re.Match[str], phrase: str, today: date, tongue: Tongue) -> Iterator[Word]:
    text, kind = found.group(), found.lastgroup
    if kind == "word":
        yield from _word(text, today, tongue)
    elif kind in ("iso", "slash"):
        yield from _date(text, phrase)
    elif kind == "course":
        lengths = {"w": WEEK, "s": WEEK, "m": MONTH}
        length = lengths[found["span"][0]] if found["span"] else 0
        yield Word("C", text, int(_count(found["much"] or found["many"], tongue)), length=length)
    elif kind == "lasts":
        yield Word("d", text, _minutes(found, tongue))
    elif kind == "time":
        yield _time(text, phrase)
    elif kind == "yearly":
        yield Word("S", text, int(_count(found["times"], tongue)))
    elif kind in ("nth", "year", "number"):
        yield Word({"nth": "O", "year": "Y", "number": "N"}[kind], text, int(re.sub(r"[a-z.]+", "", text)))
    elif kind == "mark":
        yield Word(_MARKS.get(text, "&"), text)
    elif kind == "odd":
        yield Word("?", text)


def _word(text: str, today: date, tongue: Tongue) -> Iterator[Word]:
    if text in ("today", "tomorrow"):
        day = today + timedelta(days=text == "tomorrow")
        yield from _written(day.year, day.month, day.day, text)
    elif text not in tongue.silent:
        for sign, number in tongue.words.get(text) or tongue.misspelled(text) or [("?", 0)]:
            yield Word(sign, text, number)


def _date(text: str, phrase: str) -> Iterator[Word]:
    """Read a date in digits. If it could start with the month or with the day, the bot never guesses."""
    parts = [int(part) for part in re.split("[-/.]", text.rstrip("."))]
    if parts[0] > 31 and len(parts) == 3:
        yield from _written(parts[0], parts[1], parts[2], text)
        return
    first, second, *rest = parts
    year = (rest[0] + 2000 if rest[0] < 100 else rest[0]) if rest else None
    if first <= 12 and second <= 12 and first != second:
        named = [(first, second), (second, first)]
        after = f" {year}" if year else ""
        tries = [phrase.replace(text, f"{day} {MONTHS[month - 1]}{after}", 1) for month, day in named]
        raise error_messages.day_or_month_first(text, *tries)
    yield from _written(year, *((first, second) if first <= 12 else (second, first)), text)


def _written(year: int | None, month: int, day: int, text: str) -> Iterator[Word]:
    if not 1 <= month <= 12:
        raise error_messages.no_such_month(text)
    yield Word("M", text, month)
    yield Word("N", "", day)
    if year is not None:
        yield Word("Y", "", year)


def _time(text: str, phrase: str) -> Word:
    named = {"noon": 720, "midday": 720, "midnight": 0}.get(text)
    if named is not None:
        return Word("T", text, named)
    hour, minute = (int(figures) for figures in [*re.findall("[0-9]+", text), "0"][:2])
    half = "" if text[-1].isdigit() else "am" if re.search(r"a\.?m|morning", text) else "pm"
    if minute > 59 or hour * 60 + minute > 1440 or (half == "am" and hour > 12):
        raise error_messages.not_a_time(text, phrase.replace(text, " ", 1))
    loose = not half and 1 <= hour < 12 and not text.startswith("0")
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return Word("T", text, (hour * 60 + minute) % 1440, loose=loose)


def _minutes(found: re.Match[str], tongue: Tongue) -> int:
    half = 0.5 if found["half"] else 0
    return round((_count(found["count"], tongue) + half) * (60 if found["unit"].startswith("h") else 1))


def _count(text: str, tongue: Tongue) -> float:
    if re.fullmatch(tongue.half, text, re.VERBOSE):
        return 0.5
    if re.fullmatch(tongue.an, text):
        return 1
    return tongue.counts.index(text) + 1 if text in tongue.counts else float(text) if text[0].isdigit() else 0
