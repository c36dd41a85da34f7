"""Reads the days of a repeating cadence: "second Wednesday of each month", "every other Tuesday"."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.cadence import error_messages
from bot.cadence.calendar_names import listed, weekday_name
from bot.cadence.describe import say_monthly, say_weekly
from bot.cadence.parse.tokens import COMMA, Word, WordList
from bot.cadence.rule import ALL_WEEK, BusinessDays, Days, MonthDays, NthWeekdays, RelativeWeekday, Weekly
from bot.i18n import gettext as _

_NTH = "E?O(?:&?O)*D(?:&O(?:&?O)*D)*"
_NUMBERED = (1, 2, 3, 4, 5, -1, -2)
_WEEK = "E?A?D(?:[-&]?D)*&?A?|E?ND(?:[-&]?D)*"
# "Monday Wednesday Friday" is a week; "Monday and Friday" may be two days.
SURELY_WEEKLY = 3


@dataclass(frozen=True, slots=True)
class Period:
    """How often: `unit` is "K" (weeks), "L" (months), "Q" (quarters) or "" (not said); `every` is how many of them."""

    unit: str
    every: int = 1


def read_period(clause: Sequence[Word], words: WordList) -> Period:
    """Return what a clause such as "each month" or "every other week" says; `words` are those for the days."""
    step, unit = clause[-2:] if len(clause) > 1 else (clause[0], clause[-1])
    every = {"A": 2, "N": step.number, "O": step.number}.get(step.sign, 1)
    if unit.sign == "K" and not 1 <= every <= 52:
        raise error_messages.too_many_weeks(every, *_near(words))
    if unit.sign != "K" and every not in ((1,) if unit.sign == "Q" else (1, 2, 3, 4, 6, 12)):
        raise error_messages.uneven_months(every, *_near(words))
    return Period(unit.sign, every)


def read_days(words: WordList, period: Period, *, in_months: bool = False, in_course: bool = False) -> Days:
    """Return the days that these words name. Raises ParseError, with other days.

    `in_months` if months are named, `in_course` if it is said for how long.
    """
    words.replace("t", lambda _time: COMMA)
    words.tidy()
    monthly = period.unit in ("L", "Q")
    # "el 15 y el último día de cada mes"
    if words.has("N") and re.fullmatch("Z?[NO](?:&Z?[NO])*Z?", words.shape):
        words.pull("Z")
        words.replace("N", lambda found: replace(found[0], sign="O"))
    shape = words.shape
    if period.unit == "K" and words.has("O"):
        raise error_messages.nowhere(words.text, *_near(words))
    if re.fullmatch("OND|NOD", shape):
        return _first_few(words)
    if re.fullmatch("E?O?DRo?OD", shape):
        return _relative(words)
    if re.fullmatch(_NTH, shape):
        return _nth_weekdays(words, monthly)
    if re.fullmatch("E?O(?:&?O)*B", shape):
        return BusinessDays(_order(word.number for word in words.left if word.sign == "O"))
    if re.fullmatch("E?O(?:&?O)*Z?", shape):
        # "Last day of February"
        return _month_days(words, monthly or (in_months and words.has("Z") is not None))
    if re.fullmatch(_WEEK, shape):
        return _weekly(words, period, in_course)
    if re.fullmatch("EZ", shape) and not monthly:
        return Weekly(ALL_WEEK)
    raise error_messages.nowhere(words.text, *_near(words)) if words.left else error_messages.no_days()


def likely_days(words: WordList) -> Days | None:
    """Return days that are close to what the words say, for a suggestion; None if they name none."""
    weekdays = sorted({word.number for word in words.left if word.sign == "D"})
    counted = _order(word.number for word in words.left if word.sign == "O" and word.number in _NUMBERED)
    if words.has("R") or (counted and re.search("ED", words.shape)):
        return None
    if weekdays and counted:
        return NthWeekdays(tuple((n, weekday) for n in counted for weekday in weekdays))
    if weekdays:
        return Weekly(tuple(weekdays))
    return BusinessDays(counted) if words.has("B") and counted else None


def _near(words: WordList) -> tuple[Days, ...]:
    days = likely_days(words)
    return () if days is None else (days,)


def _first_few(words: WordList) -> Days:
    """Return the days of "first two Tuesdays" or "last two Tuesdays"."""
    which, count, weekday = (words.first(sign).number for sign in "OND")
    counted = range(1, count + 1) if which == 1 else range(-count, 0)
    if which not in (1, -1) or not count or any(n not in _NUMBERED for n in counted):
        raise error_messages.nowhere(words.text)
    return NthWeekdays(tuple((n, weekday) for n in _order(counted)))


def _relative(words: WordList) -> Days:
    """Return the days of "Wednesday after the first Monday"."""
    place = words.shape.index("R")
    which = words.left[place - 2].number if place > 1 and words.left[place - 2].sign == "O" else 1
    nth = next(word.number for word in words.left[place:] if word.sign == "O")
    before = words.left[place].number < 0
    # "The second Wednesday after the first Monday" is another week, and others may fall in another month.
    if which != 1 or nth not in ((2, 3, 4, -1, -2) if before else (1, 2, 3)):
        raise error_messages.nowhere(words.text)
    return RelativeWeekday(words.left[place - 1].number, nth, words.left[-1].number, before)


def _nth_weekdays(words: WordList, monthly: bool) -> Days:
    pairs: list[tuple[int, int]] = []
    waiting: list[int] = []
    for word in words.left:
        if word.sign == "O":
            waiting.append(word.number)
        elif word.sign == "D":
            pairs += [(n, word.number) for n in waiting]
            waiting = []
    for n, weekday in pairs:
        if n not in _NUMBERED:
            raise error_messages.never_that_many(n, weekday, NthWeekdays(((-1, weekday),)))
    days = NthWeekdays(tuple(sorted(set(pairs), key=lambda pair: (pair[0] < 0, pair))))
    n, weekday = pairs[0]
    if words.left[0].sign == "E" and not monthly and len(pairs) == 1 and n > 1:
        raise error_messages.two_readings(words.text, say_monthly(days), say_weekly(Weekly((weekday,), n)), days)
    return days


def _month_days(words: WordList, monthly: bool) -> Days:
    numbers = [word.number for word in words.left if word.sign == "O"]
    wrong = next((n for n in numbers if n != -1 and not 1 <= n <= 31), None)
    if wrong is not None:
        raise error_messages.not_understood(words.text)
    days = MonthDays(_order(numbers))
    if not monthly:
        raise error_messages.no_month_named(words.text, days)
    return days


def _weekly(words: WordList, period: Period, in_course: bool) -> Days:
    named = [word for word in words.left if word.sign in "D-"]
    weekdays = weekdays_of(named)
    if period.unit in ("L", "Q"):
        raise error_messages.which_in_month(words.text, NthWeekdays(((1, weekdays[0]),)))
    other = words.has("A")
    counted = words.has("N")
    every = 2 if other else counted.number if counted else period.every
    if not 1 <= every <= 52:
        raise error_messages.too_many_weeks(every, Weekly(tuple(sorted(set(weekdays)))))
    days = Weekly(tuple(sorted(set(weekdays))), every)
    # A weekend, or "Monday to Thursday", is one thing; "Tuesday and Thursday" may take turns.
    if other and not period.unit and len(days.weekdays) > 1 and not any(word.sign == "-" for word in named):
        one_week, each_its_own = say_weekly(days), _taking_turns(days.weekdays)
        raise error_messages.two_readings(words.text, one_week, each_its_own)
    several = len(days.weekdays) >= SURELY_WEEKLY or any(
        word.text.endswith(("days", "sabados", "domingos")) or word.sign == "-" for word in named
    )
    if not (words.has("E") or other or period.unit or several or in_course):
        raise error_messages.once_or_weekly(words.text, days)
    return days


def weekdays_of(words: Sequence[Word]) -> list[int]:
    """Return the weekdays that are listed, and all between two with a "to"."""
    weekdays: list[int] = []
    named = [word for word in words if word.sign in "D-"]
    for before, word in zip([None, *named], named, strict=False):
        if before and before.sign == "-" and word.sign == "D":
            weekdays += _span(weekdays[-1], word.number)
        elif word.sign == "D":
            weekdays.append(word.number)
    return weekdays


def _taking_turns(weekdays: Sequence[int]) -> str:
    return _("{weekdays} in turn, one a week").format(weekdays=listed([weekday_name(each) for each in weekdays]))


def _span(first: int, last: int) -> list[int]:
    return [(first + n) % 7 for n in range((last - first) % 7 + 1)]


def _order(numbers: Iterable[int]) -> tuple[int, ...]:
    """Return each number once, from the start of the month to its end: negative numbers last."""
    return tuple(sorted(set(numbers), key=lambda n: (n < 0, n)))
