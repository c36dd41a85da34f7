"""Figures: tables, charts and pictures, as parts of a message or a page.

Everything in them is plain text, so what people typed may be in any of them. Chat shows tables and charts as lines of
text (`bot.ui.figure_text`); HTML draws them. The numbers are always there as text, and a chart and a picture say in
words what they show.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.ui.limits import (
    MAX_ALT,
    MAX_COLUMNS,
    MAX_FINDING,
    MAX_HEADING,
    MAX_POINTS,
    MAX_TABLE_ROWS,
    MAX_URL,
    limit,
)


@dataclass(frozen=True)
class Table:
    """Rows of short cells under headings. The first cell of a row names it; `caption` says what the table is."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    kind: Literal["table"] = "table"

    def __post_init__(self) -> None:
        limit("Columns", len(self.headings), MAX_COLUMNS)
        limit("Rows of a table", len(self.rows), MAX_TABLE_ROWS)
        limit("Caption", len(self.caption), MAX_HEADING)
        if any(len(row) != len(self.headings) for row in self.rows):
            raise ValueError("A row of a table has a cell for each heading")


@dataclass(frozen=True)
class Point:
    """One value of a chart: what it belongs to, the value, and the value as people read it ("64 %").

    Without a `value` there is none, which is a gap and not zero. In a spread, `value` is the middle, and `low` and
    `high` are the ends.
    """

    label: str
    value: float | None = None
    shown: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Chart:
    """A chart of one series.

    `shape`: "bars" has a bar for each point; "split" is one bar that all points share; "line" and "spread" go over
    time, with gaps. `finding` is one sentence that says what the chart shows: "Most said 4 or 5". `headings` name the
    labels and the values: ("Round", "Answered"). The scale goes from `least` to `most`; None is the largest value.
    """

    shape: Literal["bars", "split", "line", "spread"]
    title: str
    finding: str
    headings: tuple[str, str]
    points: tuple[Point, ...]
    least: float = 0
    most: float | None = None
    kind: Literal["chart"] = "chart"

    def __post_init__(self) -> None:
        limit("Chart title", len(self.title), MAX_HEADING)
        limit("Finding", len(self.finding), MAX_FINDING)
        limit("Points of a chart", len(self.points), MAX_POINTS)

    @property
    def top(self) -> float:
        """The upper end of the scale, above `least`."""
        values = [v for p in self.points for v in (p.value, p.high) if v is not None]
        most = self.most if self.most is not None else max(values, default=self.least)
        return most if most > self.least else self.least + 1

    def place(self, value: float) -> float:
        """Return where a value is on the scale, from 0 to 1."""
        return min(1.0, max(0.0, (value - self.least) / (self.top - self.least)))

    def shares(self) -> Sequence[float]:
        """Return the part of the whole that each point has, from 0 to 1. Without any, all are 0."""
        values = [max(0.0, p.value or 0.0) for p in self.points]
        return [value / (sum(values) or 1) for value in values]


@dataclass(frozen=True)
class Picture:
    """A picture at a web address that anyone can open, since a platform fetches it itself.

    `alt` says in words what it shows, for everyone who doesn't see it.
    """

    url: str
    alt: str
    kind: Literal["picture"] = "picture"

    def __post_init__(self) -> None:
        limit("Address of a picture", len(self.url), MAX_URL)
        limit("Words for a picture", len(self.alt), MAX_ALT)
        if not self.url.startswith(("https://", "http://")):
            raise ValueError("A picture has a web address")
        if not self.alt.strip():
            raise ValueError("A picture needs words that say what it shows")


Figure = Table | Chart | Picture
