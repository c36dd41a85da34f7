"""Makes sentences about when people meet, and works out their dates without the bot, one day of the calendar at a time.

A sentence is a kind of rule, a season, a start, an end, exceptions and a time, in any order, joined by nothing, by
commas or by "and", in English or Spanish.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

TODAY = date(2026, 9, 1)
LAST = date(2028, 12, 31)
CALENDAR = [TODAY + timedelta(days=n) for n in range((LAST - TODAY).days + 1)]
Months = frozenset[int]
YEAR: Months = frozenset(range(1, 13))
MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "es": [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
}
WEEKDAYS = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "es": ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
}
NTHS = {
    "en": {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last", -2: "second to last"},
    "es": {1: "primer", 2: "segundo", 3: "tercer", 4: "cuarto", -1: "último", -2: "penúltimo"},
}
TIMES = {
    "en": [("4pm", "16:00"), ("at 4pm", "16:00"), ("at 16:30", "16:30"), ("at noon", "12:00"), ("9:30 to 11", "09:30"),
           ("at 9am", "09:00"), ("3 to 4:30pm", "15:00"), ("from 10am to noon", "10:00")],
    "es": [("a las 16:00", "16:00"), ("16:30", "16:30"), ("al mediodía", "12:00"), ("a las 4 de la tarde", "16:00"),
           ("de 9:30 a 11", "09:30"), ("a las 9 de la mañana", "09:00"), ("a las 4 y media de la tarde", "16:30")],
}  # fmt: skip


@dataclass
class Meant:
    """What a sentence means. `named` tells whether the rule names a day of its months."""

    named: Callable[[date], bool]
    step: int = 1
    unit: str = "week"
    months: Months = YEAR
    without: Months = frozenset()
    closed: set[date] = field(default_factory=set)
    start: date | None = None
    until: date | None = None
    at: str = "16:00"
    bounds: list[int] = field(default_factory=list)
    yearly: set[str] = field(default_factory=set)

    def dates(self) -> Iterator[date]:
        """Yield the dates, from today to LAST."""
        open_months = self.months - self.without
        first = next((day for day in CALENDAR if self._in(day, open_months) and self.named(day)), None)
        if first is None:
            return
        if self.unit == "quarter":
            counted = frozenset({1, 4, 7, 10}) if self.start is None else _every(3, self._first_month())
            open_months &= counted
        elif self.unit == "month" and self.step > 1:
            open_months &= _every(self.step, self._first_month())
        for day in CALENDAR:
            if self._in(day, open_months) and self.named(day) and day not in self.closed:
                weeks = (_monday(day) - _monday(first)).days // 7
                if self.unit != "week" or weeks % self.step == 0:
                    yield day

    def _first_month(self) -> int:
        return next(day for day in CALENDAR if self._in(day, self.months) and self.named(day)).month

    def _in(self, day: date, months: Months) -> bool:
        return day.month in months and (self.start or day) <= day <= (self.until or day)


def _every(step: int, first: int) -> Months:
    return frozenset((first - 1 + n) % 12 + 1 for n in range(0, 12, step))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _span(first: int, last: int) -> Months:
    return frozenset((first - 1 + n) % 12 + 1 for n in range((last - first) % 12 + 1))


def _last_day(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _length(day: date) -> int:
    return _last_day(day.year, day.month).day


def _is_nth(day: date, n: int, weekday: int) -> bool:
    count = (day.day - 1) // 7 + 1 if n > 0 else -((_length(day) - day.day) // 7 + 1)
    return day.weekday() == weekday and count == n


def _is_working(day: date, n: int, closed: set[date]) -> bool:
    month = [day.replace(day=each) for each in range(1, _length(day) + 1)]
    working = [each for each in month if each.weekday() < 5 and each not in closed]
    return bool(working) and day == working[n - 1 if n > 0 else n]


def _rule(pick: random.Random, tongue: str) -> tuple[str, Meant]:
    """Return words for a kind of rule, and what they mean."""
    spanish = tongue == "es"
    closed: set[date] = set()
    one, two = sorted(pick.sample(range(7), 2))
    n, m = sorted(pick.sample([1, 2, 3, 4], 2))
    from_end = pick.choice([-1, -1, -2])
    name, other = WEEKDAYS[tongue][one], WEEKDAYS[tongue][two]
    nth, mth, ending = NTHS[tongue][n], NTHS[tongue][m], NTHS[tongue][from_end]

    def weekly(day: date) -> bool:
        return day.weekday() == one

    def both(day: date) -> bool:
        return day.weekday() in (one, two)

    def counted(day: date) -> bool:
        return _is_nth(day, n, one)

    def after(day: date) -> bool:
        return day.weekday() == two and any(_is_nth(day - timedelta(days=back), n, one) for back in range(1, 8))

    def before(day: date) -> bool:
        return day.weekday() == two and any(_is_nth(day + timedelta(days=ahead), m, one) for ahead in range(1, 8))

    monthly: dict[str, object] = {"unit": "month"}
    kinds: list[tuple[str, str, Callable[[date], bool], dict[str, object]]] = [
        (f"{nth} {name}", f"{nth} {name}", counted, monthly),
        (f"the {nth} {name} of each month", f"el {nth} {name} de cada mes", counted, monthly),
        (f"monthly on the {nth} {name}", f"mensual, el {nth} {name}", counted, monthly),
        (f"{ending} {name} of each month", f"{ending} {name} de cada mes",
         lambda day: _is_nth(day, from_end, one), monthly),
        (f"{nth} and {mth} {name}", f"{nth} y {mth} {name} de cada mes",
         lambda day: _is_nth(day, n, one) or _is_nth(day, m, one), monthly),
        (f"{nth} {name} and {mth} {other}", f"{nth} {name} y {mth} {other} de cada mes",
         lambda day: _is_nth(day, n, one) or _is_nth(day, m, two), monthly),
        (f"every {name}", f"cada {name}", weekly, {}),
        (f"weekly on {name}", f"todas las semanas el {name}", weekly, {}),
        (f"every {name} and {other}", f"cada {name} y {other}", both, {}),
        ("every weekday", "entre semana", lambda day: day.weekday() < 5, {}),
        (f"every other {name}", f"cada dos semanas el {name}", weekly, {"step": 2}),
        (f"every three weeks on {name}", f"cada tres semanas los {name}", weekly, {"step": 3}),
        ("15th of each month", "el 15 de cada mes", lambda day: day.day == 15, monthly),
        ("1st and 15th of each month", "los días 1 y 15 de cada mes", lambda day: day.day in (1, 15), monthly),
        ("last day of each month", "el último día de cada mes", lambda day: day.day == _length(day), monthly),
        ("last business day of each month", "último día hábil de cada mes",
         lambda day: _is_working(day, -1, closed), monthly),
        ("first business day of the month", "primer día hábil de cada mes",
         lambda day: _is_working(day, 1, closed), monthly),
        (f"the {other} after the {nth} {name}", f"el {other} después del {nth} {name} de cada mes", after, monthly),
        (f"{other} before the {mth} {name} of each month", f"{other} antes del {mth} {name} de cada mes",
         before, monthly),
        (f"every other month on the {nth} {name}", f"cada dos meses el {nth} {name}", counted,
         {"unit": "month", "step": 2}),
        (f"quarterly on the {nth} {name}", f"trimestral, el {nth} {name}", counted, {"unit": "quarter"}),
        (f"{nth} {name} of every quarter", f"{nth} {name} de cada trimestre", counted, {"unit": "quarter"}),
    ]  # fmt: skip
    english, castilian, named, more = pick.choice(kinds)
    return castilian if spanish else english, Meant(named, closed=closed, **more)  # type: ignore[arg-type]


def _dated(pick: random.Random, tongue: str, day: date) -> str:
    month = MONTHS[tongue][day.month - 1]
    if tongue == "es":
        return f"{day.day} de {month}"
    return pick.choice([f"{month} {day.day}", f"{month[:3]} {day.day}", f"{day.day} {month}"])


def _season(pick: random.Random, tongue: str, meant: Meant) -> str:
    first, last = pick.choice([(10, 6), (9, 5), (9, 6), (1, 6), (11, 4), (10, 5), (2, 11)])
    meant.months = _span(first, last)
    one, two = MONTHS[tongue][first - 1], MONTHS[tongue][last - 1]
    if tongue == "es":
        return pick.choice([f"de {one} a {two}", f"{one} a {two}", f"entre {one} y {two}"])
    return pick.choice([f"{one} to {two}", f"{one}-{two}", f"from {one} to {two}", f"{one[:3]} through {two[:3]}"])


def _start(pick: random.Random, tongue: str, meant: Meant) -> str:
    word = pick.choice(["starting", "from", "beginning"] if tongue == "en" else ["desde", "empezando", "a partir de"])
    meant.yearly.add(word)
    if pick.random() < 0.5:
        month = pick.choice([9, 10, 11, 12, 1])
        meant.start = date(2026 + (month < 9), month, 1)
        meant.bounds.append(month)
        return f"{word} {MONTHS[tongue][month - 1]}"
    meant.start = TODAY + timedelta(days=pick.randrange(0, 120))
    meant.bounds.append(0)
    the = "el " if tongue == "es" and word != "a partir de" else "del " if tongue == "es" else ""
    return f"{word.removesuffix(' de') if the == 'del ' else word} {the}{_dated(pick, tongue, meant.start)}"


def _until(pick: random.Random, tongue: str, meant: Meant) -> str:
    word = pick.choice(["until", "through"]) if tongue == "en" else "hasta"
    meant.yearly.add(word)
    if pick.random() < 0.5:
        month = pick.choice([3, 4, 5, 6, 7])
        meant.until = _last_day(2027, month)
        meant.bounds.append(month)
        return f"{word} {MONTHS[tongue][month - 1]}"
    meant.until = date(2027, 3, 1) + timedelta(days=pick.randrange(0, 120))
    meant.bounds.append(0)
    return f"{word} {'el ' if tongue == 'es' else ''}{_dated(pick, tongue, meant.until)}"


def _except(pick: random.Random, tongue: str, meant: Meant) -> str:
    spanish = tongue == "es"
    word = pick.choice(["excepto", "salvo", "menos"] if spanish else ["except", "excluding", "but not in", "skipping"])
    kind = pick.randrange(6)
    one, two = sorted(pick.sample(range(1, 13), 2))
    first = date(2026, 12, 1) + timedelta(days=pick.randrange(0, 60))
    the, and_ = ("el ", " y ") if spanish else ("", " and ")
    if kind == 0:
        meant.without = frozenset({one})
        return f"{word} {MONTHS[tongue][one - 1]}"
    if kind == 1:
        meant.without = frozenset({one, two})
        return f"{word} {MONTHS[tongue][one - 1]}{and_}{MONTHS[tongue][two - 1]}"
    if kind == 2:
        meant.closed |= set({first})
        return f"{word} {the}{_dated(pick, tongue, first)}"
    if kind == 3:
        other = first + timedelta(days=pick.randrange(5, 40))
        meant.closed |= set({first, other})
        return f"{word} {the}{_dated(pick, tongue, first)}{and_}{the}{_dated(pick, tongue, other)}"
    if kind == 5:
        meant.closed |= {first}
        meant.without = frozenset({one})
        both = [f"{the}{_dated(pick, tongue, first)}", MONTHS[tongue][one - 1]]
        pick.shuffle(both)
        return f"{word} {and_.join(both)}"
    last = first + timedelta(days=pick.randrange(5, 20))
    meant.closed |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    to = "al" if spanish else "to"
    from_ = "del " if spanish else ""
    return f"{word} {from_}{_dated(pick, tongue, first)} {to} {_dated(pick, tongue, last)}"


@dataclass(frozen=True)
class Sentence:
    text: str
    dates: tuple[date, ...]
    at: str
    minutes: int | None


def sentence(pick: random.Random) -> Sentence:
    """Return a sentence that names at least one date, and its dates."""
    while True:
        made = _sentence(pick)
        if made and made.dates:
            return made


def _sentence(pick: random.Random) -> Sentence | None:
    tongue = pick.choice(["en", "es"])
    words, meant = _rule(pick, tongue)
    clauses = [words]
    for make, likely in ((_season, 0.5), (_start, 0.5), (_until, 0.5), (_except, 0.6)):
        if pick.random() < likely:
            clauses.append(make(pick, tongue, meant))
    # "From October through June" is a season of every year. "Starting October" and "until June" are one day each.
    if len(meant.bounds) == 2 and all(meant.bounds) and meant.months == YEAR and meant.yearly == {"from", "through"}:
        meant.months, meant.start, meant.until = _span(meant.bounds[0], meant.bounds[1]), None, None
    said, meant.at = pick.choice(TIMES[tongue])
    clauses.append(said)
    pick.shuffle(clauses)
    text = before = clauses[0]
    commas = pick.choice(["none", "all", "some", "and"])
    for clause in clauses[1:]:
        # "And" before a time or a day may join it to a list, so it only comes before a clause with a word of its own.
        own_word = clause.split()[0] in _OWN_WORDS
        # "Except March through May" is one stretch to anybody.
        if clause.startswith("through") and before.startswith(("except", "excluding", "but", "skipping")):
            return None
        before = clause
        comma = commas == "all" or (commas == "some" and pick.random() < 0.5)
        text += (" y " if tongue == "es" else " and ") if commas == "and" and own_word else ", " if comma else " "
        text += clause
    return Sentence(text, tuple(meant.dates()), meant.at, None)


_OWN_WORDS = frozenset(
    [
        "starting",
        "beginning",
        "until",
        "except",
        "excluding",
        "skipping",
        "empezando",
        "hasta",
        "excepto",
        "salvo",
        "menos",
    ]
)
