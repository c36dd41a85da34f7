"""Reads the season of a repeating cadence: its months, first day and last day.

"October to June" names months of every year; "October 7 to June" and "starting Oct 7, 2025" are dates.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from bot.cadence import error_messages
from bot.cadence.parse import dates
from bot.cadence.parse.dates import DAY, TypedDate
from bot.cadence.parse.tokens import Word, WordList
from bot.cadence.rule import ALL_MONTHS

_MONTH = "M(?:&?Y)?"
# More than a month of every year.
_DATED = f"(?:{DAY}|M&?Y)"
_FROM_TO = rf"(?:F+(?:D&?)?)?{_DATED}&?-+(?:{DAY}|{_MONTH})|F*M-(?:{_DATED})"
_FROM = rf"F+(?:D&?)?(?:{DAY}|{_MONTH})(?!&?[-Y])"
_TO = rf"(?<!M)-+(?:{DAY}|{_MONTH})"
_MONTHS = "F*M(?:-+M)?(?:&M(?:-+M)?)*"
# "Starting October 7", typed on the 20th, means the day that has just passed.
RECENT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Edge:
    """The first or last day of a season, given as a date or as a whole month."""

    item: TypedDate
    whole_month: bool

    def earliest(self, day: date) -> date:
        """Return from where to search for it, so that a whole month may be the month of `day`."""
        return day.replace(day=1) if self.whole_month else day

    def last_day(self, day: date) -> date:
        return day.replace(day=monthrange(day.year, day.month)[1]) if self.whole_month else day


def take_bounds(words: WordList, today: date) -> tuple[date | None, date | None]:
    """Remove the first and last day that the phrase allows and return them. Raises ParseError if they are swapped."""
    start: date | None = None
    both = words.extract(_FROM_TO)
    if both:
        middle = both.shape.index("-")
        first, last = _edge(both.left[:middle]), _edge(both.left[middle:])
        start, end = dates.resolve([first.item, last.item], first.earliest(today - RECENT))
        return start, _not_before(start, last.last_day(end), both.text, words.text)
    only_first = words.extract(_FROM)
    if only_first:
        first = _edge(only_first.left)
        start = dates.forward(first.item, today.replace(day=1) if first.whole_month else today - RECENT)
    only_last = words.extract(_TO)
    if only_last:
        last = _edge(only_last.left)
        until = last.last_day(dates.forward(last.item, last.earliest(max(today, start or today))))
        return start, _not_before(start, until, only_last.text, words.text)
    return start, None


def take_months(words: WordList) -> tuple[int, ...]:
    """Remove the months that the phrase names and return them; all months if it names none."""
    taken = words.extract(_MONTHS)
    if not taken:
        return ALL_MONTHS
    months: set[int] = set()
    for part in re.finditer("M(-+M)?", taken.shape):
        first, last = taken.left[part.start()].number, taken.left[part.end() - 1].number
        months |= months_between(first, last)
    return tuple(sorted(months))


def months_between(first: int, last: int) -> set[int]:
    """Return the months from one to another, both included; they may cross the new year."""
    return {(first - 1 + n) % 12 + 1 for n in range((last - first) % 12 + 1)}


def _edge(words: list[Word]) -> Edge:
    named = [word for word in words if word.sign in "DMNOY"]
    whole_month = not any(word.sign in "NO" for word in named)
    return Edge(dates.item([*named, Word("N", "", 1)] if whole_month else named), whole_month)


def _not_before(start: date | None, until: date, text: str, rest: str) -> date:
    if start and until < start:
        raise error_messages.ends_before_start(text, rest)
    return until
