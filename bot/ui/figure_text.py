"""Draws tables and charts as lines of text in letters of one width, for chat. Pure.

A phone shows about 40 such letters beside each other. A table that is wider is written as a list.
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import assert_never

from bot.ui.figures import Chart, Point, Table
from bot.ui.markup import SPACES, clean, cut

WIDEST = 40  # letters in a line of a table
LONGEST_LABEL = 18  # letters before a bar
BAR = 14  # letters of the longest bar
TRACK = 15  # letters of a scale that a spread is drawn on
SPLIT = 24  # letters of a split bar
FULL, NONE = "▇", "–"
SHADES = "▇▒░▓"
STEPS = "▁▂▃▄▅▆▇█"
GAP = "·"


def lines(figure: Table | Chart) -> list[str]:
    """Return the lines of a table or chart, without its title or caption."""
    if isinstance(figure, Table):
        return _table(figure)
    match figure.shape:
        case "bars":
            return _rows(figure, _bar)
        case "split":
            return _split(figure)
        case "line":
            return [*_sparkline(figure), *_rows(figure, _bar)]
        case "spread":
            return _rows(figure, _track)
        case _:
            assert_never(figure.shape)


def head(figure: Table | Chart) -> tuple[str, str]:
    """Return the title and the sentence that stand above the lines; either may be ""."""
    return (figure.caption, "") if isinstance(figure, Table) else (figure.title, figure.finding)


def spoken(figure: Table | Chart) -> list[str]:
    """Return what the figure says in words, line by line, for readers of plain text."""
    title, finding = head(figure)
    said = [title, finding]
    if isinstance(figure, Table):
        said += [f"{row[0]}: {', '.join(_named(figure.headings, row))}" for row in figure.rows if row]
    else:
        said += [f"{p.label}: {p.shown or NONE}" for p in figure.points]
    return [_one_line(line) for line in said if line]


def width(text: str) -> int:
    """Return how many letters wide a text is in a font of one width."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _one_line(typed: str) -> str:
    return SPACES.sub(" ", clean(typed)).strip()


def _pad(text: str, to: int, *, right: bool = False) -> str:
    space = " " * max(0, to - width(text))
    return space + text if right else text + space


def _table(table: Table) -> list[str]:
    rows = [[_one_line(cell) for cell in row] for row in (table.headings, *table.rows)]
    if len(rows) == 1:
        return []
    columns = list(zip(*rows, strict=True))
    widths = [max(map(width, column)) for column in columns]
    if sum(widths) + 2 * (len(widths) - 1) > WIDEST:
        return _as_list(rows[0], rows[1:])
    right = [n > 0 and all(is_number(cell) for cell in column[1:]) for n, column in enumerate(columns)]
    drawn = [[_pad(cell, to, right=r) for cell, to, r in zip(row, widths, right, strict=True)] for row in rows]
    drawn.insert(1, ["─" * to for to in widths])
    return ["  ".join(row).rstrip() for row in drawn]


def _as_list(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    drawn = []
    for row in rows:
        drawn += [row[0] or NONE, *(f"  {named}" for named in _named(headings, row))]
    return drawn


def _named(headings: Sequence[str], row: Sequence[str]) -> list[str]:
    return [f"{heading}: {cell or NONE}" for heading, cell in zip(headings[1:], row[1:], strict=True)]


def is_number(cell: str) -> bool:
    """Return whether a cell holds a number, or the sign for none, so that it stands at the right of its column."""
    return not cell or cell[0].isdecimal() or cell == NONE


def _rows(chart: Chart, draw: Callable[[Chart, Point], str]) -> list[str]:
    """Draw a line for each point: its label, what `draw` makes of it, and the value as people read it."""
    labels = [cut(_one_line(p.label), LONGEST_LABEL) for p in chart.points]
    widest = max(map(width, labels), default=0)
    drawn = zip(labels, chart.points, strict=True)
    return [f"{_pad(label, widest)}  {draw(chart, p)} {_one_line(p.shown) or NONE}".rstrip() for label, p in drawn]


def _bar(chart: Chart, point: Point) -> str:
    if point.value is None:
        return GAP
    size = round(chart.place(point.value) * BAR)
    return FULL * max(size, 1 if point.value > chart.least else 0)


def _track(chart: Chart, point: Point) -> str:
    """Draw a scale with the middle on it, and a line between the ends."""
    if point.value is None:
        return GAP * TRACK
    low = point.value if point.low is None else point.low
    high = point.value if point.high is None else point.high
    first, middle, last = (round(chart.place(value) * (TRACK - 1)) for value in (low, point.value, high))
    return "".join("●" if n == middle else "─" if first <= n <= last else GAP for n in range(TRACK))


def _sparkline(chart: Chart) -> list[str]:
    """Draw the whole course on one line, with an empty place for each gap."""
    last = len(STEPS) - 1
    drawn = [GAP if p.value is None else STEPS[round(chart.place(p.value) * last)] for p in chart.points]
    return ["".join(drawn), ""] if len(drawn) > 1 else []


def _split(chart: Chart) -> list[str]:
    """Draw one bar that all points share, and below it what each part is."""
    shades = [SHADES[n % len(SHADES)] for n in range(len(chart.points))]
    ends = [round(sum(chart.shares()[: n + 1]) * SPLIT) for n in range(len(shades))]
    sizes = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    bar = "".join(shade * size for shade, size in zip(shades, sizes, strict=True))
    parts = [
        f"{shade} {_one_line(p.label)}: {_one_line(p.shown) or NONE}"
        for shade, p in zip(shades, chart.points, strict=True)
    ]
    return [*([bar] if bar else []), *parts]
