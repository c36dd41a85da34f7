"""The grammar of a cadence: which clauses a phrase can be made of, and every way to cut a phrase into them.

A clause is a pattern over the signs of words (`lexicon_en`), a date being one word "q" and a time of day one word "t".
Clauses stand in any order, with or without commas and "and" between them. A word that no clause claims makes the phrase
unreadable; if a phrase can be cut in several ways, each is a reading of its own, and `parser` compares their rules.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum

from bot.cadence.parse.tokens import COMMA, Word, WordList


class Kind(StrEnum):
    DAYS = "days"
    DATES = "dates"
    PERIOD = "period"
    SEASON = "season"
    START = "start"
    UNTIL = "until"
    EXCEPT = "except"
    KEPT = "kept"
    MOVED = "moved"
    TIME = "time"
    COURSE = "course"
    YEARLY = "yearly"


# A clause of these kinds may be there more than once.
MANY = frozenset((Kind.EXCEPT, Kind.KEPT, Kind.MOVED, Kind.TIME))
# Beside these, the days of a cadence are dates.
LISTING = frozenset((Kind.DATES, Kind.YEARLY, Kind.TIME))
WITH_DATES = MANY | LISTING

_J = "[,&]*"
_JOIN = "[,&]+"
_EDGE = "i?o?(?:D,?)?(?:q|M(?:,?Y)?)(?!,?Y)"
_DATED = "i?o?(?:D,?)?(?:q|M,?Y)"
_ITEM = f"(?:D{_J})?q"
_HOLIDAYS = f"h(?:{_J}h)*"
_NTH = f"O(?:{_J}O)*D(?:{_JOIN}O(?:{_J}O)*D)*"
_LISTED = rf"D(?:,?-+D|t?{_J}D)*"

# In each kind, the longest clause that begins at a word is tried, and shorter ones for the kinds in _SHORTER.
_CLAUSES: tuple[tuple[Kind, str], ...] = (
    (Kind.TIME, f"t(?:{_J}t)*"),
    (Kind.COURSE, "C"),
    (Kind.YEARLY, "S|EQ(?=[,&]*q)"),
    (Kind.PERIOD, "E[ANO][KLQ]|E?A[KLQ]|E?[KLQ]"),
    (Kind.DAYS, "E?O?DRo?OD"),
    (Kind.DAYS, f"E?{_NTH}"),
    (Kind.DAYS, "OND|NOD"),
    (Kind.DAYS, f"E?O(?:{_J}O)*[BZ]?"),
    (Kind.DAYS, f"Z?[NO](?:{_JOIN}Z?[NO])*Z?"),
    (Kind.DAYS, f"E?N{_LISTED}|E?A?{_LISTED}{_J}A?"),
    (Kind.DAYS, "EZ"),
    (
        Kind.SEASON,
        "(?:F(?=i?M-+M))?i?M(?!,?Y)(?:,?-+M(?!,?Y)|(?!-|,-+M(?!,?Y)))"
        "(?:[,&]*i?M(?!,?Y|-|,-+M(?!,?Y))|[,&]+i?M-+M(?!,?Y))*",
    ),
    (Kind.START, f"F+{_EDGE}"),
    # "October 7 to June", "April to June 2026"
    (Kind.START, f"{_DATED}(?=,?-+{_EDGE})|M(?=-+{_DATED})"),
    (Kind.UNTIL, f"-+{_EDGE}"),
    (Kind.KEPT, f"k{_HOLIDAYS}|{_HOLIDAYS}k"),
    (
        Kind.MOVED,
        f"m{_J}[cX]{_HOLIDAYS}|[cX]{_HOLIDAYS}{_J}(?:m|X(?![hMqOND]))|(?<![Xh])(?<!h[,&]){_HOLIDAYS}{_J}m|c{_HOLIDAYS}",
    ),
    (Kind.DATES, f"{_ITEM}(?:{_J}t)?(?:{_J}{_ITEM}(?:{_J}t)?)*"),
)
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _CLAUSES)
_SHORTER = frozenset((Kind.DAYS,))
# What stands between clauses and says nothing: separators, and "of".
_BETWEEN = re.compile("[,&o]*")
_JOINED = re.compile(_J)
_THEN = re.compile(f"{_J}m")
_TO_MONTH, _TO_DATE = re.compile("-+i?M(?!,?Y)"), re.compile(f"-+(?:{_ITEM}|[NO])")
# Of an exception: what is left out, most words first.
_LEFT_OUT = tuple(
    (kind, re.compile(f"[ioF]*({pattern})" if kind in ("dates", "months") else f"[io]*({pattern})"))
    for kind, pattern in (
        ("dates", f"{_ITEM}-+(?:{_ITEM}|[NO](?:,?Y)?)|[NO]-+q"),
        ("months", "M-+i?M(?!,?Y)"),
        ("dates", "M,?Y"),
        ("date", _ITEM),
        ("month", "M(?!,?Y)"),
        ("holidays", "h"),
        ("weekdays", f"D(?:,?-+D|{_J}D)*"),
    )
)
# Readings of one phrase that are compared.
MOST = 12
# Nobody leaves out more than this between two meetings: it must be a season.
LONGEST_GAP_MONTHS, LONGEST_GAP_DAYS = 3, 45
# The numbers of words with sign "-".
TO, THROUGH, UNTIL = 0, 1, 2

Item = tuple[str, tuple[Word, ...]]


class Belongs(Enum):
    NO = 0
    MAYBE = 1
    YES = 2


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a phrase. For an exception, `items` are what it leaves out: (kind, words)."""

    kind: Kind
    words: tuple[Word, ...]
    items: tuple[Item, ...] = ()


def shape_of(words: WordList) -> str:
    """Return the signs of the words, with "," for a comma and "&" for an "and"."""
    return "".join("," if word.sign == "&" and word.text in (COMMA.text, ";") else word.sign for word in words.left)


def covers(words: WordList) -> list[tuple[Clause, ...]]:
    """Return every way to cut the words into clauses."""
    return _Search(words).run()


def left_out_by(words: WordList) -> tuple[tuple[Item, ...], WordList]:
    """Return what a list of closed days, after a word "X", leaves out, and the words from the first unreadable one."""
    search = _Search(words, anything_joined=True)
    items, end = max(search.left_out(1, ()), key=lambda found: found[1], default=((), 1))
    rest = WordList(words.left[end:])
    rest.tidy()
    return items, rest


class _Search:
    def __init__(self, words: WordList, *, anything_joined: bool = False) -> None:
        self.anything_joined = anything_joined
        self.words = words.left
        self.shape = shape_of(words)
        self.dead: set[tuple[int, frozenset[Kind]]] = set()
        self.found: list[tuple[Clause, ...]] = []

    def run(self) -> list[tuple[Clause, ...]]:
        self._from(0, (), frozenset())
        return self.found

    def _from(self, place: int, taken: tuple[Clause, ...], used: frozenset[Kind]) -> bool:
        """Add the covers of the words from `place` on."""
        place = _BETWEEN.match(self.shape, place).end()  # type: ignore[union-attr]
        if place == len(self.shape):
            self.found.append(taken)
            return True
        state = (place, used)
        if state in self.dead or len(self.found) >= MOST:
            return False
        reached = False
        for clause, end in self._next(place, used):
            kinds = used if clause.kind in MANY else used | {clause.kind}
            reached |= self._from(end, (*taken, clause), kinds)
        if not reached:
            self.dead.add(state)
        return reached

    def _next(self, place: int, used: frozenset[Kind]) -> Iterator[tuple[Clause, int]]:
        for kind, pattern in _COMPILED:
            if kind in used and kind is not Kind.PERIOD:
                continue
            if (kind is Kind.DAYS and Kind.DATES in used) or (kind is Kind.DATES and Kind.DAYS in used):
                continue
            found = pattern.match(self.shape, place)
            if not found:
                continue
            if kind is Kind.SEASON and self.shape[place] == "F" and not self._yearly(place, found.end()):
                continue
            yield Clause(kind, tuple(self.words[place : found.end()])), found.end()
            if kind in _SHORTER:
                for end in range(found.end() - 1, place, -1):
                    if self.shape[end - 1] not in "&,-" and pattern.fullmatch(self.shape, place, end):
                        yield Clause(kind, tuple(self.words[place:end])), end
        if self.shape[place] == "X":
            yield from self._exceptions(place)

    def _yearly(self, place: int, end: int) -> bool:
        """Whether "from October to June" is meant, not "starting October until June"."""
        to = next(word for word in self.words[place:end] if word.sign == "-")
        return self.words[place].number == 0 and to.number != UNTIL

    def _exceptions(self, place: int) -> Iterator[tuple[Clause, int]]:
        for items, end in self.left_out(place + 1, ()):
            yield Clause(Kind.EXCEPT, tuple(self.words[place:end]), items), end

    def left_out(self, place: int, items: tuple[Item, ...]) -> Iterator[tuple[tuple[Item, ...], int]]:
        """Yield each way to go on with what an exception leaves out, and where it ends."""
        joined = _JOINED.match(self.shape, place)[0] if items else "&"  # type: ignore[index]
        begins = place + len(joined) if items else place
        ends_here = bool(items)
        for kind, pattern in _LEFT_OUT:
            found = pattern.match(self.shape, begins)
            if not found:
                continue
            # "Beginning" says when the meetings begin.
            if any(word.sign == "F" and word.number for word in self.words[begins : found.start(1)]):
                continue
            words = tuple(self.words[found.start(1) : found.end()])
            belongs = self._belongs(kind, words, found, joined, items)
            if belongs is Belongs.NO:
                continue
            ends_here &= belongs is Belongs.MAYBE
            yield from self.left_out(found.end(), (*items, (kind, words)))
        if ends_here:
            yield items, place

    def _belongs(
        self, kind: str, words: tuple[Word, ...], found: re.Match[str], joined: str, items: tuple[Item, ...]
    ) -> Belongs:
        """Say whether something is left out too, or may be a clause of its own: a season, a start or an end."""
        end, before = found.end(), items[-1][0] if items else ""
        doubt = Belongs.YES
        follows = self._range_follows(kind, end) if kind in ("date", "month") else None
        # "Except July until August" may be both, "except July until June" is an end.
        if kind in ("dates", "months") and _is_long(kind, words) and any(word == UNTIL for word in _tos(words)):
            return Belongs.NO
        if follows is not None:
            if follows == TO or (follows == THROUGH and not self._long_follows(found.start(1), end)):
                return Belongs.NO
            doubt = Belongs.MAYBE
        if not items or self.anything_joined:
            return Belongs.YES
        if kind == "weekdays":
            return Belongs.NO
        if kind == "holidays":
            return Belongs.MAYBE if _THEN.match(self.shape, end) else Belongs.YES
        if "&" in joined:
            if kind not in ("dates", "months") or not _is_long(kind, words):
                return doubt
            return Belongs.MAYBE if kind == "dates" or before in ("month", "months") else Belongs.NO
        if "F" in found[0] or "i" in found[0]:
            return Belongs.NO
        if not joined:
            return doubt if kind == before and kind in ("date", "month") else Belongs.NO
        if kind in ("dates", "months"):
            return Belongs.NO if _is_long(kind, words) else Belongs.MAYBE if kind == "months" else Belongs.YES
        return Belongs.MAYBE if kind == "month" and before != "month" else doubt

    def _range_follows(self, kind: str, end: int) -> int | None:
        """Return the number of the "to" with which this date or month would begin a stretch; None if it does not."""
        ranged = _TO_MONTH if kind == "month" else _TO_DATE
        return self.words[end].number if ranged.match(self.shape, end) else None

    def _long_follows(self, first: int, end: int) -> bool:
        last = next(n for n in range(end, len(self.words)) if self.words[n].sign in "qMNO")
        kind = "months" if self.words[last].sign == "M" else "dates"
        return _is_long(kind, tuple(self.words[first : last + 1]))


def _tos(words: tuple[Word, ...]) -> list[int]:
    return [word.number for word in words if word.sign == "-"]


def _is_long(kind: str, words: tuple[Word, ...]) -> bool:
    """Whether this stretch is too long to be only a gap in a cadence."""
    if kind == "months":
        first, last = (word.number for word in words if word.sign == "M")
        return (last - first) % 12 + 1 > LONGEST_GAP_MONTHS
    named = [word for word in words if word.sign == "q"]
    if len(named) < 2:
        return False
    one, other = named
    days = (other.month - one.month) * 30 + other.number - one.number
    days = days + (other.year - one.year) * 365 if one.year and other.year else days % 365
    return days > LONGEST_GAP_DAYS
