"""Finds the words in what was typed: dates in figures, times of day, lengths of time, and plain words."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.cadence import refusals
from bot.cadence.lexicon import COUNTS, MONTHS, SILENT, WORDS
from bot.cadence.words import Word, Words

_HALF_DAY = r"(?:a\.?m\b\.?|p\.?m\b\.?|(?:in\ the\ )?(?:morning|afternoon|evening)\b)"
_COUNT = "|".join((r"half\ an?", "an?", *COUNTS, r"[0-9]{1,4}(?:\.[0-9]{1,2})?"))
_TOKEN = re.compile(
    rf"""
      (?P<iso>    [0-9]{{4}} ([-/.]) [0-9]{{1,2}} \2 [0-9]{{1,2}} (?![0-9]) )
    | (?P<slash>  [0-9]{{1,2}} (?: / [0-9]{{1,2}} (?: / [0-9]{{2,4}} )? | \.[0-9]{{1,2}}\.[0-9]{{4}} ) (?![0-9/]) )
    | (?P<lasts>  (?:for\ )? (?P<count>{_COUNT}) [ -]?
                  (?P<unit> hours? | hrs? | minutes? | mins? )\b (?P<half>\ and\ a\ half\b )? )
    | (?P<time>   [0-9]{{1,2}} (?: [:.] [0-9]{{2}} )? \ ? {_HALF_DAY}
                | [0-9]{{1,2}} : [0-9]{{2}} (?![0-9])
                | (?: noon | midday | midnight )\b )
    | (?P<nth>    [0-9]{{1,2}} (?: st | nd | rd | th )\b )
    | (?P<yearly> (?P<times> [a-z]+ | [0-9]{{1,2}} )\ times\ (?:a|per|each|every)\ year\b )
    | (?P<year>   (?: 19 | 20 | 21 ) [0-9]{{2}} (?![0-9]) )
    | (?P<number> [0-9]{{1,2}} (?![0-9]) )
    | (?P<word>   [^\W\d_]+ (?: ' [a-z]+ )? )
    | (?P<mark>   [-@,;&+/] )
    | (?P<quiet>  [\s.:()"'] )
    | (?P<odd>    [0-9]+ | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_MARKS = {"-": "-", "@": "H"}


def lex(text: str, today: date) -> Words:
    """The words of a cleaned phrase, commas tidied; Doubt if a date or a time in it cannot be."""
    words = Words([word for found in _TOKEN.finditer(text) for word in _read(found, text, today)])
    words.tidy()
    return words


def _read(found: re.Match[str], phrase: str, today: date) -> Iterator[Word]:
    text, kind = found.group(), found.lastgroup
    if found["iso"] or found["slash"]:
        yield from _date(text, phrase)
    elif found["lasts"]:
        yield Word("d", text, _minutes(found))
    elif found["time"]:
        yield _time(text, phrase)
    elif found["yearly"]:
        yield Word("S", text, int(_count(found["times"])))
    elif kind in ("nth", "year", "number"):
        yield Word({"nth": "O", "year": "Y", "number": "N"}[kind], text, int(re.sub("[a-z]+", "", text)))
    elif kind == "word":
        yield from _word(text, today)
    elif kind == "mark":
        yield Word(_MARKS.get(text, "&"), text)
    elif kind == "odd":
        yield Word("?", text)


def _word(text: str, today: date) -> Iterator[Word]:
    if text in ("today", "tomorrow"):
        day = today + timedelta(days=text == "tomorrow")
        yield from _written(day.year, day.month, day.day, text)
    elif text not in SILENT:
        for sign, number in WORDS.get(text, [("?", 0)]):
            yield Word(sign, text, number)


def _date(text: str, phrase: str) -> Iterator[Word]:
    """A date in figures. One that could start with the month or with the day is never guessed."""
    parts = [int(part) for part in re.split("[-/.]", text)]
    if parts[0] > 31:
        yield from _written(parts[0], parts[1], parts[2], text)
        return
    first, second, *rest = parts
    year = (rest[0] + 2000 if rest[0] < 100 else rest[0]) if rest else None
    if first <= 12 and second <= 12 and first != second:
        named = [(first, second), (second, first)]
        after = f" {year}" if year else ""
        tries = [phrase.replace(text, f"{day} {MONTHS[month - 1]}{after}", 1) for month, day in named]
        raise refusals.day_or_month_first(text, *tries)
    yield from _written(year, *((first, second) if first <= 12 else (second, first)), text)


def _written(year: int | None, month: int, day: int, text: str) -> Iterator[Word]:
    if not 1 <= month <= 12:
        raise refusals.no_such_month(text)
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
        raise refusals.not_a_time(text, phrase.replace(text, " ", 1))
    loose = not half and 1 <= hour < 12 and not text.startswith("0")
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return Word("T", text, (hour * 60 + minute) % 1440, loose=loose)


def _minutes(found: re.Match[str]) -> int:
    half = 0.5 if found["half"] else 0
    return round((_count(found["count"]) + half) * (60 if found["unit"].startswith("h") else 1))


def _count(text: str) -> float:
    if text.startswith("half"):
        return 0.5
    if text in ("a", "an"):
        return 1
    return COUNTS.index(text) + 1 if text in COUNTS else float(text) if text[0].isdigit() else 0
