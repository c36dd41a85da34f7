"""Reads single dates in a phrase, and works out the year where it is missing."""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.cadence import error_messages
from bot.cadence.parse.lexicon_en import MONTHS, WEEKDAYS
from bot.cadence.parse.tokens import COMMA, Word, WordList

# "October 14", "14th of October", each with or without a year; "June first Monday" is not a day in June.
_DAY = r"(?:M(?:N(?!oE)|O(?![DBZN]|oE|&O))|[NO]o?M)(?:&?Y)?"
# A date is the word "q"; a weekday may be beside it.
ITEM = "(?:(?:D&?)?q)"


@dataclass(frozen=True, slots=True)
class TypedDate:
    """One date as typed. The year and the weekday may be missing; `text` is for error messages."""

    month: int
    day: int
    year: int | None
    weekday: Word | None
    text: str


def fold(words: WordList, phrase: str) -> None:
    """Replace each date with one word "q": its number is the day. Raises ParseError if there is no such day."""
    _share_months(words)

    def one(found: list[Word]) -> Word:
        numbers = {word.sign: word.number for word in found}
        month, day, year = numbers["M"], numbers.get("N", numbers.get("O", 0)), numbers.get("Y")
        text = WordList(found).text
        # 2024 stands for a missing year, because it had a 29 February.
        longest = calendar.monthrange(year or 2024, month)[1]
        if not 1 <= day <= longest:
            nearest = f"{MONTHS[month - 1]} {longest} {year or ''}"
            raise error_messages.no_such_day(day, month, year, phrase.replace(text, nearest), nearest)
        return Word("q", text, day, month=month, year=year or 0)

    # From the left: "October 14 November 15" is not the 14th of November.
    left, place = words.left, 0
    while found := re.compile(_DAY).search(words.shape, place):
        left[found.start() : found.end()] = [one(left[found.start() : found.end()])]
        place = found.start() + 1


def item(words: Sequence[Word]) -> TypedDate:
    """Read words that match ITEM."""
    day = next(word for word in words if word.sign == "q")
    weekday = next((word for word in words if word.sign == "D"), None)
    return TypedDate(day.month, day.number, day.year or None, weekday, WordList(list(words)).text)


def items(words: WordList) -> Iterator[tuple[TypedDate, Word | None]]:
    """Yield each date of a list, with the time "t" beside it, if any."""
    for found in re.finditer(rf"({ITEM})(&?t)?", words.shape):
        beside = words.left[found.end(2) - 1] if found[2] else None
        yield item(words.left[found.start(1) : found.end(1)]), beside


def _share_months(words: WordList) -> None:
    """Give each day in "October 14 and 28" or "14 and 28 of October" its month."""

    def spread(found: list[Word]) -> list[Word]:
        month = next(word for word in found if word.sign == "M")
        days = [word for word in found if word.sign in "NO"]
        return [each for day in days for each in (COMMA, month, day)][1:]

    # "March first and third Monday" has no dates.
    words.replace_all("M[NO](?:&[NO])+(?![&oMYDBZE]|-)|(?<!M)N(?:&N)+o?M(?!N)|(?<!M)O(?:&O)+oM(?![N-])", spread)


def resolve(listed: Sequence[TypedDate], today: date) -> list[date]:
    """Return the dates with their years: each is the first such day after the one before, and the first from today.

    If only a later date has a year ("Oct 14, Jan 13 and Jun 9, 2026"), those before it lead up to it.
    """
    anchor = next((n for n, each in enumerate(listed) if each.year is not None), 0)
    days = [forward(listed[anchor], today)]
    for each in reversed(listed[:anchor]):
        days.insert(0, _backward(each, days[0]))
    for each in listed[anchor + 1 :]:
        days.append(forward(each, days[-1] + timedelta(days=1)))
    return days


def forward(each: TypedDate, earliest: date) -> date:
    """Return the date in its own year, or without one the first such day from `earliest` on."""
    if each.year is not None:
        return date(each.year, each.month, each.day)
    years = range(earliest.year, earliest.year + 9)
    return next(day for day in _in_years(each, years) if day >= earliest)


def check_weekday(each: TypedDate, day: date, phrase: str) -> None:
    """Raise ParseError if the weekday typed beside a date is not that of the date."""
    if each.weekday and each.weekday.number != day.weekday():
        corrected = phrase.replace(each.weekday.text, WEEKDAYS[day.weekday()], 1)
        raise error_messages.wrong_weekday(day, each.weekday.number, corrected)


def _backward(each: TypedDate, before: date) -> date:
    years = range(before.year, before.year - 9, -1)
    return next(day for day in _in_years(each, years) if day < before)


def _in_years(each: TypedDate, years: range) -> Iterator[date]:
    for year in years:
        if each.day <= calendar.monthrange(year, each.month)[1]:
            yield date(year, each.month, each.day)
