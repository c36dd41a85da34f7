"""Reads what a phrase says about closed days: "except school holidays", "unless it is a holiday, then the week after".

Also lists of closed days (`read_stretches`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from bot.cadence import error_messages
from bot.cadence.parse import dates
from bot.cadence.parse.ambiguity import check_words
from bot.cadence.parse.dates import DAY, ITEM
from bot.cadence.parse.languages import tongue_of
from bot.cadence.parse.lexer import lex
from bot.cadence.parse.season import months_between
from bot.cadence.parse.tokens import COMMA, Word, WordList, clean
from bot.cadence.rule import Closing, OnClosed, Rule

# The number of a word with sign "h" is one of these, or 3 for both.
PUBLIC, OWN = 1, 2
_ACTIONS = {1: OnClosed.SKIP, 2: OnClosed.WEEK_LATER, 3: OnClosed.DAY_AFTER, 4: OnClosed.DAY_BEFORE}
_HOLIDAYS = "h(?:&*h)*"
_KEPT = f"k{_HOLIDAYS}|{_HOLIDAYS}k"
_MOVED = f"m&*[cX]{_HOLIDAYS}|[cX]{_HOLIDAYS}&*(?:m|X(?![hMNOD]))|(?<![Xh])(?<!h&){_HOLIDAYS}&*m|c{_HOLIDAYS}"
_STRETCH = rf"(?:{ITEM}-+(?:{DAY})|M(?:N-+N|O-+O)(?:&?Y)?|(?:N-+N|O-+O)o?M(?:&?Y)?)"
_LISTED = (_STRETCH, ITEM, "M-+M|M(?![NO])", "h")
MOST = 50  # dates and stretches of dates in one cadence


@dataclass
class Exceptions:
    """What happens on closed days of each kind (PUBLIC, OWN), and the stretches of dates and months left out."""

    fates: dict[int, OnClosed] = field(default_factory=dict)
    dates: set[tuple[date, date]] = field(default_factory=set)
    months: set[int] = field(default_factory=set)

    def say(self, kinds: int, fate: OnClosed) -> None:
        """Set what happens on closed days of these kinds. Raises ParseError if it was set to something else."""
        for kind in (PUBLIC, OWN):
            if kinds & kind and self.fates.setdefault(kind, fate) is not fate:
                raise error_messages.two_fates()

    @property
    def closing(self) -> Closing:
        if len(self.dates) > MOST:
            raise error_messages.too_many_dates(MOST)
        unsaid = OnClosed.UNSAID
        return Closing(self.fates.get(PUBLIC, unsaid), self.fates.get(OWN, unsaid), _merged(self.dates))


def take_exceptions(words: WordList, phrase: str, today: date) -> Exceptions:
    """Remove what the phrase says about closed days and return it. Raises ParseError if part of it cannot be read."""
    found = Exceptions()
    for taken in _each(words, _KEPT):
        found.say(_kinds(taken), OnClosed.KEEP)
    for taken in _each(words, _MOVED):
        action, condition = taken.has("m"), taken.has("c")
        if not action and condition and not condition.number and not taken.has("X"):
            raise error_messages.what_then(phrase.replace(condition.text, "unlessclosed"))
        found.say(_kinds(taken), _ACTIONS[action.number] if action else OnClosed.SKIP)
    while intro := words.has("X"):
        _take_list(words, words.left.index(intro), found, phrase, today)
    if any(word.sign in "chkm" for word in words.left):
        raise error_messages.exception_unread()
    return found


def read_stretches(text: str, today: date) -> list[tuple[date, date]]:
    """Return the stretches of days (first, last) in a list: "Nov 28, Dec 22 to Jan 2". Raises ParseError."""
    cleaned = clean(text)
    tongue = tongue_of(cleaned)
    turned = tongue.turned(cleaned)
    words = lex(turned, today, tongue)
    check_words(words, turned, today, tongue)
    dates.share_months(words)
    words.left.insert(0, Word("X", ""))
    found = Exceptions()
    _take_list(words, 0, found, turned, today, anything_joined=True)
    if words.left or found.months or found.fates:
        raise error_messages.not_understood(words.text or text)
    return list(_merged(found.dates))


def idle_dates(rule: Rule, named: Iterator[date]) -> tuple[date, date] | None:
    """Return a stretch that `rule` leaves out for nothing, because it names no day in it; None if there is none.

    `named` yields the days that the rule names, in order.
    """
    left = list(rule.closing.dates)
    for day in named:
        left = [(first, last) for first, last in left if not first <= day <= last]
        if not left or day > max(last for _first, last in left):
            break
    return left[0] if left else None


def _each(words: WordList, pattern: str) -> Iterator[WordList]:
    while taken := words.extract(pattern):
        yield taken


def _kinds(taken: WordList) -> int:
    kinds = 0
    for word in taken.left:
        kinds |= word.number if word.sign == "h" else 0
    return kinds


def _take_list(
    words: WordList, start: int, found: Exceptions, phrase: str, today: date, *, anything_joined: bool = False
) -> None:
    """Remove one "except" with everything it leaves out: "except July, Dec 24 to Jan 2 and public holidays".

    `start` is where the "except" is. What it leaves out goes into `found`. Unless `anything_joined`, the list ends
    where a comma alone is followed by a stretch of dates, by holidays, or by another kind of item than before.
    """
    shape, end, before = words.shape, start + 1, ""
    place = end
    while match := _next(shape, place):
        kind, first, last = match
        joined = words.left[place - 1]
        # Joined by "and", not by a comma alone.
        firmly = anything_joined or not before or joined.text != COMMA.text
        # After a comma, "October 7 to December 16" says when the season is.
        if not firmly and (kind in (_STRETCH, "h") or before != kind):
            break
        if before and kind == _LISTED[2] and before != kind:
            break
        _leave_out(words.left[first:last], kind, found, phrase, today)
        end, before = last, kind
        # The match is never None, for the pattern also matches nothing.
        place = last + len(re.match("&*", shape[last:])[0])  # type: ignore[index]
        if place == last:
            break
    if not before:
        raise error_messages.exception_unread(WordList(words.left[:start]).text)
    words.left[start:end] = [COMMA]
    words.tidy()


def _next(shape: str, place: int) -> tuple[str, int, int] | None:
    """Return the pattern in _LISTED that matches at `place`, where the match begins, and where it ends."""
    for kind in _LISTED:
        found = re.compile(f"[Fo]*({kind})").match(shape, place)
        if found:
            return kind, found.start(1), found.end()
    return None


def _leave_out(left: list[Word], kind: str, found: Exceptions, phrase: str, today: date) -> None:
    if kind == "h":
        found.say(left[0].number, OnClosed.SKIP)
    elif kind == _LISTED[2]:
        found.months |= months_between(left[0].number, left[-1].number)
    elif kind == ITEM:
        day = dates.forward(dates.item(left, phrase), today)
        dates.check_weekday(dates.item(left), day, phrase)
        found.dates.add((day, day))
    else:
        middle = next(n for n, word in enumerate(left) if word.sign == "-")
        before, after = left[:middle], [word for word in left[middle:] if word.sign != "-"]
        # The month is said once for both sides in "December 22 to 26" and "22 to 26 of December".
        month = next(word for word in left if word.sign == "M")
        sides = (side if any(word.sign == "M" for word in side) else [*side, month] for side in (before, after))
        first, last = (dates.item(side, phrase) for side in sides)
        start, end = dates.resolve([first, last], today)
        if end < start:
            raise error_messages.ends_before_start(WordList(left).text)
        found.dates.add((start, end))


def _merged(stretches: set[tuple[date, date]]) -> tuple[tuple[date, date], ...]:
    """Return the stretches in order, overlapping ones joined."""
    merged: list[tuple[date, date]] = []
    for first, last in sorted(stretches):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)
