"""Draws tables, charts and pictures as HTML.

A chart is one SVG that says in words what it shows, with its numbers in a table below. Places in it are percentages, so
that it fits any screen while its letters keep their size, and looks come from a stylesheet: no `style` anywhere, which
a strict content security policy would refuse.
"""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from adapters.html.writer import Html, join, tag
from bot.i18n import gettext as _
from bot.ui import Chart, Picture, Point, Table
from bot.ui.figure_text import NONE, is_number
from bot.ui.markup import cut

# What the drawings look like. Whoever shows them serves it.
STYLESHEET = Path(__file__).parent / "figures.css"

# In pixels.
BAR_ROW, BAR_HEIGHT, LABEL_LINE = 44, 14, 14
PLOT, PLOT_TOP, AXIS = 140, 22, 22
SPLIT_BAR, SPLIT_ROW = 26, 24
# In percent of the width: the longest bar, with room for its value behind it, and the left and right end of a plot.
LONGEST, LEFT, RIGHT = 78.0, 4.0, 96.0
LONGEST_LABEL = 44  # characters
MOST_LABELS = 4  # of an axis, on a phone
SHADES = 4


def table(table: Table) -> Html:
    """Draw a table that scrolls sideways where it is too wide, also with the keyboard."""
    columns = list(zip(*table.rows, strict=True)) or [()] * len(table.headings)
    kinds = ["number" if n and all(map(is_number, cells)) else "words" for n, cells in enumerate(columns)]
    head = tag("tr", *(tag("th", h, scope="col", class_=kind) for h, kind in zip(table.headings, kinds, strict=True)))
    body = (
        tag(
            "tr",
            *(
                tag("td", cell, class_=kind) if n else tag("th", cell, scope="row")
                for n, (cell, kind) in enumerate(zip(row, kinds, strict=True))
            ),
        )
        for row in table.rows
    )
    drawn = tag(
        "table",
        tag("caption", table.caption) if table.caption else None,
        tag("thead", head),
        tag("tbody", *body),
        class_="figures",
    )
    return tag("div", drawn, class_="table", tabindex="0", role="region", aria_label=table.caption or _("Table"))


def picture(picture: Picture) -> Html:
    """Link to a picture by what it shows. A page loads nothing from elsewhere, so that nobody else sees its readers."""
    shown = tag("a", picture.alt, href=picture.url, target="_blank", rel="noopener noreferrer")
    return tag("p", _("Picture:"), " ", shown, class_="picture-link")


def chart(chart: Chart, name: str) -> Html:
    """Draw a chart. `name` is an id that nothing else on the page begins with."""
    match chart.shape:
        case "bars":
            height, drawn = BAR_ROW * len(chart.points), join(_bars(chart))
        case "split":
            height, drawn = SPLIT_BAR + SPLIT_ROW * len(chart.points), join(_split(chart))
        case _:
            height, drawn = PLOT_TOP + PLOT + AXIS, join([*_frame(chart), *_course(chart)])
    title, says = f"{name}-title", f"{name}-says"
    image = tag(
        "svg",
        tag("title", chart.title, id=title),
        tag("desc", chart.finding, id=says),
        drawn,
        role="img",
        aria_labelledby=f"{title} {says}",
        width="100%",
        height=height,
        class_=f"chart {chart.shape}",
    )
    rows = tuple((p.label, p.shown or NONE) for p in chart.points)
    numbers = tag("details", tag("summary", _("The numbers")), table(Table(chart.headings, rows, chart.title)))
    caption = tag("figcaption", tag("strong", chart.title), tag("span", chart.finding))
    return tag("figure", caption, image if chart.points else None, numbers if rows else None, class_="chart")


def _bars(chart: Chart) -> Iterator[Html]:
    for n, point in enumerate(chart.points):
        top = BAR_ROW * n
        yield _words(point.label, 0, top + LABEL_LINE, "name")
        wide = chart.place(point.value) * LONGEST if point.value is not None else 0
        yield _rect(0, top + LABEL_LINE + 6, LONGEST, BAR_HEIGHT, "track")
        if wide:
            yield _rect(0, top + LABEL_LINE + 6, max(wide, 0.5), BAR_HEIGHT, "value")
        shown = point.shown or NONE
        yield _words(shown, LONGEST + 1.5, top + LABEL_LINE + 6 + BAR_HEIGHT - 2, "shown")


def _split(chart: Chart) -> Iterator[Html]:
    start = 0.0
    for n, (share, point) in enumerate(zip(chart.shares(), chart.points, strict=True)):
        shade = f"value shade-{n % SHADES}"
        if share:
            yield _rect(100 * start, 0, 100 * share, SPLIT_BAR, shade)
        start += share
        top = SPLIT_BAR + SPLIT_ROW * n
        yield tag("rect", x=0, y=top + 9, width=12, height=12, class_=shade)
        yield tag("text", f"{point.label}: {point.shown or NONE}", x=20, y=top + 19, class_="name")


def _frame(chart: Chart) -> Iterator[Html]:
    """Draw the lines of the scale, the gaps, and labels for as many points as there is room for."""
    for at in (0.0, 0.5, 1.0):
        yield _line(0, _height(at), 100, _height(at), "grid")
    for value in (chart.least, chart.top):
        yield _words(f"{value:g}", 0, _height(chart.place(value)) - 4, "scale")
    count = len(chart.points)
    labelled = min(count, MOST_LABELS)
    with_label = {round(n * (count - 1) / max(1, labelled - 1)) for n in range(labelled)}
    for n, point in enumerate(chart.points):
        x = _across(n, count)
        if point.value is None:
            yield _line(x, _height(0), x, _height(1), "gap")
        if n in with_label:
            anchor = "middle" if count == 1 else "start" if n == 0 else "end" if n == count - 1 else "middle"
            label = cut(point.label, LONGEST_LABEL // MOST_LABELS)
            yield tag("text", label, x=_percent(x), y=PLOT_TOP + PLOT + 16, text_anchor=anchor, class_="name")


def _course(chart: Chart) -> Iterator[Html]:
    """Draw the values over time: a line that ends at each gap, or the ends of each spread, and a dot for each value."""
    count = len(chart.points)
    places = [(_across(n, count), p) for n, p in enumerate(chart.points)]
    if chart.shape == "line":
        for (x, one), (next_x, other) in pairwise(places):
            if one.value is not None and other.value is not None:
                heights = _height(chart.place(one.value)), _height(chart.place(other.value))
                yield _line(x, heights[0], next_x, heights[1], "course")
    for x, point in places:
        if point.value is None:
            continue
        if chart.shape == "spread":
            low, high = _ends(point, point.value)
            yield _line(x, _height(chart.place(low)), x, _height(chart.place(high)), "reach")
        middle = _height(chart.place(point.value))
        yield tag("circle", cx=_percent(x), cy=round(middle, 1), r=4.5, class_="value")


def _ends(point: Point, middle: float) -> tuple[float, float]:
    return middle if point.low is None else point.low, middle if point.high is None else point.high


def _across(n: int, count: int) -> float:
    return (LEFT + RIGHT) / 2 if count < 2 else LEFT + (RIGHT - LEFT) * n / (count - 1)


def _height(at: float) -> float:
    """Return how far down a value is whose place on the scale is `at`."""
    return PLOT_TOP + PLOT * (1 - at)


def _percent(x: float) -> str:
    return f"{round(x, 2):g}%"


def _line(x: float, y: float, to_x: float, to_y: float, kind: str) -> Html:
    return tag("line", x1=_percent(x), y1=round(y, 1), x2=_percent(to_x), y2=round(to_y, 1), class_=kind)


def _rect(x: float, y: float, width: float, height: float, kind: str) -> Html:
    return tag("rect", x=_percent(x), y=y, width=_percent(width), height=height, class_=kind)


def _words(words: str, x: float, y: float, kind: str) -> Html:
    return tag("text", cut(words, LONGEST_LABEL), x=_percent(x), y=round(y, 1), class_=kind)
