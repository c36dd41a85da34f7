"""Reads what a phrase says about closed days: "except school holidays", "unless it is a holiday, then the week after".

Also lists of closed days (`read_stretches`).
"""

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from bot.cadence import error_messages
from bot.cadence.parse import dates
from bot.cadence.parse.ambiguity import check_words
from bot.cadence.parse.dates import TypedDate
from bot.cadence.parse.days import weekdays_of
from bot.cadence.parse.grammar import Clause, Kind, left_out_by
from bot.cadence.parse.languages import tongue_of
from bot.cadence.parse.lexer import lex
from bot.cadence.parse.lexicon_en import MONTHS
from bot.cadence.parse.season import months_between
from bot.cadence.parse.tokens import Word, WordList, clean
from bot.cadence.rule import Closing, OnClosed, Rule

# The number of a word with sign "h" is one of these, or 3 for both.
PUBLIC, OWN = 1, 2
_ACTIONS = {1: OnClosed.SKIP, 2: OnClosed.WEEK_LATER, 3: OnClosed.DAY_AFTER, 4: OnClosed.DAY_BEFORE}
# Days. A longer stretch without a year ends before it begins.
LONGEST_GAP = 300
MOST = 50  # dates and stretches of dates in one cadence


@dataclass
class Exceptions:
    """What happens on closed days of each kind (PUBLIC, OWN), and the dates, months and weekdays left out."""

    fates: dict[int, OnClosed] = field(default_factory=dict)
    dates: set[tuple[date, date]] = field(default_factory=set)
    months: set[int] = field(default_factory=set)
    weekdays: set[int] = field(default_factory=set)

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


def read_exceptions(clauses: Iterable[Clause], phrase: str, today: date) -> Exceptions:
    """Return what the clauses of a phrase say about closed days. Raises ParseError if they contradict each other."""
    found = Exceptions()
    for clause in clauses:
        if clause.kind is Kind.KEPT:
            found.say(_kinds(WordList(list(clause.words))), OnClosed.KEEP)
        elif clause.kind is Kind.MOVED:
            words = WordList(list(clause.words))
            action, condition = words.has("m"), words.has("c")
            if not action and condition and not condition.number and not words.has("X"):
                raise error_messages.what_then(phrase.replace(condition.text, "unlessclosed"))
            found.say(_kinds(words), _ACTIONS[action.number] if action else OnClosed.SKIP)
        for kind, left_out in clause.items:
            _leave_out(list(left_out), kind, found, phrase, today)
    return found


def read_stretches(text: str, today: date) -> list[tuple[date, date]]:
    """Return the stretches of days (first, last) in a list: "Nov 28, Dec 22 to Jan 2". Raises ParseError."""
    cleaned = clean(text)
    tongue = tongue_of(cleaned)
    turned = tongue.turned(cleaned)
    words = lex(turned, today, tongue)
    check_words(words, turned, today, tongue)
    dates.fold(words, turned)
    words.left.insert(0, Word("X", ""))
    found = Exceptions()
    items, rest = left_out_by(words)
    for kind, left_out in items:
        if kind in ("month", "months"):
            found.dates.add(_whole_months(list(left_out), today))
        else:
            _leave_out(list(left_out), kind, found, turned, today)
    if rest.left or not found.dates or found.fates or found.weekdays:
        raise error_messages.not_understood(rest.text or words.text or text)
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


def _kinds(taken: WordList) -> int:
    kinds = 0
    for word in taken.left:
        kinds |= word.number if word.sign == "h" else 0
    return kinds


def _leave_out(left: list[Word], kind: str, found: Exceptions, phrase: str, today: date) -> None:
    if kind == "holidays":
        found.say(left[0].number, OnClosed.SKIP)
    elif kind == "weekdays":
        found.weekdays |= set(weekdays_of(left))
    elif kind in ("month", "months"):
        named = [word.number for word in left if word.sign == "M"]
        found.months |= months_between(named[0], named[-1])
    elif kind == "date":
        day = dates.forward(dates.item(left), today)
        dates.check_weekday(dates.item(left), day, phrase)
        found.dates.add((day, day))
    elif any(word.sign == "M" for word in left):
        month, year = (next(word.number for word in left if word.sign == sign) for sign in "MY")
        found.dates.add((date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])))
    else:
        first, last = _both_sides(left, phrase)
        start, end = dates.resolve([first, last], today)
        # "December 22 to 20" is no year without one day. With years it is as typed.
        if end < start or (not last.year and (end - start).days > LONGEST_GAP):
            raise error_messages.ends_before_start(WordList(left).text)
        found.dates.add((start, end))


def _whole_months(left: list[Word], today: date) -> tuple[date, date]:
    """Return the first and last day of "July", or of "July to August": the first such months that aren't over."""
    named = [word.number for word in left if word.sign == "M"]
    count = (named[-1] - named[0]) % 12
    for year in (today.year - 1, today.year, today.year + 1):
        years, month = divmod(named[0] - 1 + count, 12)
        last = date(year + years, month + 1, calendar.monthrange(year + years, month + 1)[1])
        if last >= today:
            return date(year, named[0], 1), last
    raise AssertionError(named)


def _both_sides(left: list[Word], phrase: str) -> tuple[TypedDate, TypedDate]:
    """Return the first and last day of a stretch. The month may be said once: "December 22 to 26"."""
    middle = next(n for n, word in enumerate(left) if word.sign == "-")
    whole = next(word for word in left if word.sign == "q")
    year = next((word.number for word in left if word.sign == "Y"), whole.year)
    sides = []
    for side in (left[:middle], [word for word in left[middle:] if word.sign not in "-Y"]):
        bare = next((word for word in side if word.sign in "NO"), None)
        shared = [Word("M", MONTHS[whole.month - 1], whole.month), bare] if bare else []
        words = WordList([*shared, Word("Y", "", year)] if bare and year else shared or side)
        dates.fold(words, phrase)
        sides.append(dates.item(words.left))
    return sides[0], sides[1]


def _merged(stretches: set[tuple[date, date]]) -> tuple[tuple[date, date], ...]:
    """Return the stretches in order, overlapping ones joined."""
    merged: list[tuple[date, date]] = []
    for first, last in sorted(stretches):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)
