"""Reads the season of a repeating cadence: its months, first day and last day.

"October to June" names months of every year; "October 7 to June" and "starting Oct 7, 2025" are dates.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.cadence import error_messages
from bot.cadence.parse import dates
from bot.cadence.parse.dates import TypedDate
from bot.cadence.parse.grammar import UNTIL
from bot.cadence.parse.tokens import Word, WordList

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

    def earliest_start(self, today: date) -> date:
        return today.replace(day=1) if self.whole_month else today - RECENT

    def last_day(self, day: date) -> date:
        return day.replace(day=monthrange(day.year, day.month)[1]) if self.whole_month else day


def bounds(start: Sequence[Word], until: Sequence[Word], today: date, phrase: str) -> tuple[date | None, date | None]:
    """Return the first and last day that two clauses allow. Raises ParseError if they are swapped."""
    first, last = _edge(start) if start else None, _edge(until) if until else None
    if first is None or last is None:
        begins = dates.forward(first.item, first.earliest_start(today)) if first else None
        ends = last.last_day(dates.forward(last.item, last.earliest(today))) if last else None
        return begins, ends
    if last.item.year is None:
        begin = dates.forward(first.item, first.earliest_start(today))
        end = dates.forward(last.item, last.earliest(max(today, begin)))
    else:
        begin, end = dates.resolve([first.item, last.item], first.earliest_start(today))
    end = last.last_day(end)
    if end < begin:
        text = WordList([*start, *until]).text
        raise error_messages.ends_before_start(text, phrase.replace(text, ""))
    return begin, end


def season_of(start: Sequence[Word], until: Sequence[Word]) -> set[int]:
    """Return the months of "from October through June", which are those of every year; none for other clauses.

    "Starting October" and "until June" are one first day and one last day.
    """
    first, last = ([word for word in words if word.sign not in "io"] for words in (start, until))
    plain = [word.sign for word in first] == ["F", "M"] and [word.sign for word in last] == ["-", "M"]
    if not plain or first[0].number or last[0].number == UNTIL:
        return set()
    return months_between(first[1].number, last[1].number)


def months_of(words: Sequence[Word]) -> set[int]:
    """Return the months that a clause names: "October to December and March"."""
    months: set[int] = set()
    named = [word for word in words if word.sign in "M-"]
    for part in re.finditer("M(-+M)?", "".join(word.sign for word in named)):
        months |= months_between(named[part.start()].number, named[part.end() - 1].number)
    return months


def months_between(first: int, last: int) -> set[int]:
    """Return the months from one to another, both included; they may cross the new year."""
    return {(first - 1 + n) % 12 + 1 for n in range((last - first) % 12 + 1)}


def _edge(words: Sequence[Word]) -> Edge:
    day = next((word for word in words if word.sign == "q"), None)
    if day is not None:
        return Edge(dates.item([word for word in words if word.sign in "Dq"]), whole_month=False)
    month = next(word.number for word in words if word.sign == "M")
    year = next((word.number for word in words if word.sign == "Y"), None)
    return Edge(TypedDate(month, 1, year, None, WordList(list(words)).text), whole_month=True)
