"""Tables and charts as lines of text: what a person reads in chat, and what they hear."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui import Chart, Picture, Point, Table, figure_text

MOODS = (Point("1", 0, "0"), Point("2", 1, "1"), Point("10", 4, "4"), Point("gone"))
COURSE = (Point("Oct 8", 50, "50 %"), Point("Nov 5"), Point("Dec 3", 100, "100 %"))
SPREADS = (Point("Oct 8", 3, "3 (2 to 4)", 2, 4), Point("Nov 5"), Point("Dec 3", 5, "5"))


def chart(shape: str, points: tuple[Point, ...], least: float = 0, most: float | None = None) -> Chart:
    return Chart(shape, "Plate", "It went up.", ("Round", "Plate"), points, least, most)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("figure", "lines"),
    [
        (chart("bars", MOODS), ["1      0", "2     ▇▇▇▇ 1", "10    ▇▇▇▇▇▇▇▇▇▇▇▇▇▇ 4", "gone  · –"]),
        (
            chart("line", COURSE, most=100),
            ["▅·█", "", "Oct 8  ▇▇▇▇▇▇▇ 50 %", "Nov 5  · –", "Dec 3  ▇▇▇▇▇▇▇▇▇▇▇▇▇▇ 100 %"],
        ),
        (
            chart("spread", SPREADS, 1, 5),
            ["Oct 8  ····───●───···· 3 (2 to 4)", "Nov 5  ··············· –", "Dec 3  ··············● 5"],
        ),
        (
            chart("split", (Point("Yes", 2, "2"), Point("No", 1, "1"), Point("Maybe", 0, "0"))),
            ["▇" * 16 + "▒" * 8, "▇ Yes: 2", "▒ No: 1", "░ Maybe: 0"],
        ),
        (chart("split", (Point("Yes", 0, "0"), Point("No"))), ["▇ Yes: 0", "▒ No: –"]),
        (chart("bars", ()), []),
        (
            Table(("Round", "Asked", "Share"), (("Oct 8", "14", "64 %"), ("Nov 5", "9", "–"))),
            ["Round  Asked  Share", "─────  ─────  ─────", "Oct 8     14   64 %", "Nov 5      9      –"],
        ),
        (Table(("Name", "Said"), (("Ana", "x"), ("山田", "y"))), ["Name  Said", "────  ────", "Ana   x", "山田  y"]),
        (
            Table(("What", "How long it is"), (("A cell that is quite long", "and\none more"), ("", ""))),
            ["A cell that is quite long", "  How long it is: and one more", "–", "  How long it is: –"],
        ),
        (Table(("a", "b"), ()), []),
    ],
)
def test_figure_is_drawn_in_letters_of_one_width(figure: Table | Chart, lines: list[str]) -> None:
    assert figure_text.lines(figure) == lines


def test_figure_is_said_in_words_with_every_number() -> None:
    assert figure_text.spoken(chart("line", COURSE)) == [
        *("Plate", "It went up.", "Oct 8: 50 %", "Nov 5: –", "Dec 3: 100 %"),
    ]
    table = Table(("Round", "Asked", "Share"), (("Oct 8", "14", "64 %"),), "By round")
    assert figure_text.spoken(table) == ["By round", "Oct 8: Asked: 14, Share: 64 %"]


def test_row_needs_a_cell_for_each_heading_and_a_picture_needs_words_and_an_address() -> None:
    for make in (
        lambda: Table(("a", "b"), (("only one",),)),
        lambda: Picture("https://example.org/a.png", " "),
        lambda: Picture("javascript:alert(1)", "A room"),
    ):
        with pytest.raises(ValueError, match=r"cell|words|address"):
            make()


values = st.none() | st.floats(-10, 200)
points = st.builds(Point, st.text(max_size=60), values, st.integers(0, 10**9).map(str), values, values)
shapes = st.sampled_from(["bars", "split", "line", "spread"])


@given(shapes, st.lists(points, max_size=12), st.none() | st.floats(-5, 99))
def test_any_chart_of_any_words_shows_every_number(shape: str, some: list[Point], most: float | None) -> None:
    drawn = figure_text.lines(chart(shape, tuple(some), most=most))
    assert not any("\n" in line for line in drawn)
    assert [line.rpartition(" ")[2] for line in drawn[len(drawn) - len(some) :]] == [p.shown for p in some]


def test_chart_within_a_scale_of_no_width_is_drawn() -> None:
    assert figure_text.lines(chart("bars", (Point("a", 0, "0"),), 0, 0)) == ["a   0"]
