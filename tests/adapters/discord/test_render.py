"""Rendering for Discord: nothing that a person typed can format, ping, hide a link, or become too long."""

import re
from datetime import UTC, datetime
from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import markdown, render
from bot.ui import (
    Attachment,
    Button,
    ChannelField,
    Chart,
    ChoiceField,
    DateField,
    Divider,
    Facts,
    Form,
    Link,
    Message,
    Note,
    NumberField,
    Part,
    PeopleField,
    Picture,
    Point,
    Quote,
    Select,
    Table,
    Text,
    TextField,
    TickField,
    markup,
)

NOON = datetime(2026, 1, 14, 12, 0, tzinfo=UTC)
MARKS = st.sampled_from("*_~|`<>[]()#-+.:@!\\\n &12 tae://")
NASTY = st.text(st.one_of(MARKS, st.characters(codec="utf-8")), max_size=80)
MIXED = st.lists(
    st.one_of(
        NASTY,
        st.sampled_from(
            [
                "@everyone",
                "@here",
                "<@1>",
                "<@&2>",
                "<#3>",
                "<t:1>",
                "<:a:1>",
                "</cop:1>",
                ":tada:",
                "||x||",
                "```",
                ">>> ",
                "\n# ",
                "\n- ",
                "\n1. ",
                "\n-# ",
                "[x](https://evil.example)",
                "https://x.org/a_b_(c)?d=*e*",
                "http://",
                "__x__",
            ]
        ),
    ),
    max_size=8,
).map("".join)


def shown(drawn: str) -> tuple[str, str]:
    """Return what a reader sees, and the marks in it that Discord would still act on."""
    seen, live = "", ""
    for found in re.finditer(r"\\([^0-9A-Za-z\s])|<(https?://[^\s<>]+)>|(.)", drawn, re.S | re.I):
        escaped, address, plain = found.groups()
        seen += escaped or address or plain
        live += "" if escaped else " " * len(address) if address else plain
        if escaped:
            live += "\0"
    return seen, live


@given(MIXED)
def test_typed_text_is_shown_as_typed(typed: str) -> None:
    assert shown(markdown.escape(typed))[0] == typed


@given(MIXED)
def test_typed_text_is_never_acted_on(typed: str) -> None:
    live = shown(markdown.escape(typed))[1]
    assert not re.search(r"[*_~|`<>\[\\]", live)
    assert not re.search(r"^[ \t]*(#{1,3}\s|[-+]\s|-#|\d{1,9}\.\s)", live, re.M)
    assert not re.search(r":[^\s:\0]+:", live)
    assert "@everyone" not in live
    assert "@here" not in live


@given(MIXED)
def test_short_value_survives_the_bots_markup(typed: str) -> None:
    """A short typed value passes through the bot's own markup and is shown as typed."""
    wanted = markup.SPACES.sub(" ", markup.clean(typed))
    seen, live = shown(markdown.line(markup.esc(typed)))
    assert seen == wanted
    assert not re.search(r"[*_~|`<>\[\\]", live)


parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(Text, MIXED.map(markup.esc)),
    st.builds(Note, MIXED.map(markup.esc)),
    st.builds(Quote, MIXED),
    st.builds(Facts, st.lists(st.tuples(MIXED, MIXED.map(markup.esc)), max_size=10).map(tuple)),
    st.builds(Divider),
    st.builds(lambda a, b: Table((a, "n"), ((b, a), (a, b)), a[:100]), MIXED, MIXED),
    st.builds(lambda a, b: Chart("bars", a[:100], b[:300], (a, "n"), (Point(a, 1, b), Point(b, 3, a))), MIXED, MIXED),
    st.just(Table(("n", "m"), (("x" * 20, "y" * 10),) * 60)),
    st.just(Chart("line", "*" * 100, "*" * 300, ("n", "m"), tuple(Point(str(n), n, "`" * 20) for n in range(60)))),
    st.just(Quote("*" * 2_990)),
    st.just(Text("\\|" * 1_400)),
    st.just(Note("word " * 500)),
)


@given(st.lists(parts, max_size=20), st.integers(100, 4_000))
def test_message_stays_within_discords_limits(said: list[Part], most: int) -> None:
    drawn = render.fitted(said, most)
    assert sum(map(len, drawn)) <= most
    assert len(drawn) == len(said)


def test_longest_part_is_cut_first() -> None:
    short, long = render.fitted([Quote("*short*"), Quote("*" * 2_500)], 4_000)
    assert short == ">>> \\*short\\*"
    assert long.endswith("\\*…")
    assert len(long) < 4_000


def test_long_value_is_cut_and_its_neighbors_are_kept() -> None:
    [drawn] = render.fitted([Facts((("What", "\\|" * 1_000), ("When", "noon")))], 500)
    assert drawn.startswith("**What** \\|")
    assert drawn.endswith("…\n**When** noon")


@given(MIXED)
def test_figure_stays_one_block_of_code_in_which_nothing_typed_is_acted_on(typed: str) -> None:
    for figure in (
        Table((typed, "How many"), ((typed, typed),), typed[:100]),
        Chart("spread", typed[:100], typed[:300], (typed, "n"), (Point(typed, 2, typed, 1, 3), Point(typed))),
    ):
        above, fence, inside = render.part(figure).partition("```\n")
        assert fence
        assert inside.endswith("\n```")
        assert "`" not in inside.removesuffix("\n```")
        assert not re.search(r"[_~|`<>\[\\]", shown(above)[1])


def test_figures_are_drawn_with_their_numbers_and_a_picture_with_its_words() -> None:
    view, _files = render.message(
        Message(
            (
                Chart(
                    "split", "Used?", "6 of 9 did.", ("Answer", "People"), (Point("Yes", 6, "6"), Point("No", 3, "3"))
                ),
                Picture("https://example.org/a.png", "A full room"),
            )
        )
    )
    [box] = components(view)
    chart, picture = box["components"]
    bar = "▇" * 16 + "▒" * 8
    assert chart["content"] == f"**Used?**\n6 of 9 did.\n```\n{bar}\n▇ Yes: 6\n▒ No: 3\n```"
    assert picture["type"] == 12
    assert [(i["media"]["url"], i["description"]) for i in picture["items"]] == [
        ("https://example.org/a.png", "A full room")
    ]


@pytest.mark.parametrize(
    ("body", "drawn"),
    [
        ("**bold *both* more** plain", "**bold _both_ more** plain"),
        ("*all **of** it*", "_all _**_of_**_ it_"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("one\ntwo", "one\ntwo"),
        ("- a\n- b\n\nend", "- a\n- b\n\nend"),
        ("3. c\n4. d", "3. c\n4. d"),
        ("`/cop find`", "`/cop find`"),
        ("[the page](https://x.org/a_(b))", "[the page](<https://x.org/a_%28b%29>)"),
        ("[https://x.org](https://x.org)", "<https://x.org>"),
        ("[https://good.org](https://evil.org)", "[https\\://good.org](<https://evil.org>)"),
        ("[us](mailto:a@b.org)", "us"),
        ("[Ben](account:7)", "<@7>"),
        (markup.mention(7, "B*n"), "B\\*n"),
        (markup.channel("5", "general"), "<#5>"),
        (markup.moment(NOON), f"<t:{int(NOON.timestamp())}:F>"),
        (markup.moment(NOON, "day"), f"<t:{int(NOON.timestamp())}:D>"),
        (markup.moment(NOON, "time"), f"<t:{int(NOON.timestamp())}:t>"),
        (markup.moment(NOON, "relative"), f"<t:{int(NOON.timestamp())}:R>"),
    ],
)
def test_markup_of_the_bot_becomes_markdown(body: str, drawn: str) -> None:
    assert markdown.blocks(body) == drawn


def components(view: discord.ui.LayoutView) -> list[dict[str, Any]]:
    return view.to_components()  # type: ignore[no-untyped-call,no-any-return]


def test_card_is_rendered() -> None:
    view, files = render.message(
        Message(
            title="Week *12*",
            parts=(
                Text("Hello"),
                Quote("> me\nand\n# me", by="[Ben](account:7)"),
                Divider(),
                Facts((("When", markup.moment(NOON)), ("Who", "**8** people"))),
                Note("Only you.\n\nReally."),
            ),
            actions=(
                Button("Yes", "rsvp.yes", "12:7", "primary"),
                Link("Read", "https://x.org"),
                Button("No", "rsvp.no", "12:7", "danger"),
                Select("Which?", "rsvp.pick", (("a", "A"),), "12:7"),
            ),
            attachment=Attachment("the list.ics", "BEGIN"),
        )
    )
    [box] = components(view)
    assert [(c["type"], c.get("content")) for c in box["components"]] == [
        (10, "### Week \\*12\\*"),
        (10, "Hello"),
        (10, "<@7>\n>>> \\> me\nand\n\\# me"),
        (14, None),
        (10, f"**When** <t:{int(NOON.timestamp())}:F>\n**Who** **8** people"),
        (10, "-# Only you.\n-# Really."),
        (13, None),
        (1, None),
        (1, None),
    ]
    buttons, menu = box["components"][-2:]
    assert [(b["style"], b["label"], b.get("custom_id"), b.get("url")) for b in buttons["components"]] == [
        (1, "Yes", "rsvp.yes|12:7", None),
        (5, "Read", None, "https://x.org"),
        (4, "No", "rsvp.no|12:7", None),
    ]
    assert menu["components"][0]["custom_id"] == "rsvp.pick|12:7"
    assert menu["components"][0]["placeholder"] == "Which?"
    assert box["components"][6]["file"]["url"] == "attachment://the_list.ics"
    assert [(f.filename, f.fp.read()) for f in files] == [("the_list.ics", b"BEGIN")]


def test_card_without_words_is_accepted() -> None:
    [box] = components(render.message(Message())[0])
    assert box["components"][0]["content"] == "…"


def test_form_with_every_kind_of_field_is_rendered() -> None:
    drawn = render.modal(
        Form(
            "setup.send",
            "Set up",
            (
                TextField("name", "Name", initial="x" * 50, hint="As people say it", max_length=40),
                ChoiceField("day", "Day", (("1", "Monday"), ("2", "Tuesday")), initial="2", required=False),
                TickField("topics", "Topics", (("a", "A"), ("b", "B")), initial=("b",)),
                PeopleField("who", "Who", initial=("7",), max_people=3),
                ChannelField("where", "Where", initial="9"),
            ),
            value="12:7",
        )
    ).to_dict()
    assert drawn["custom_id"] == "setup.send|12:7"
    fields: list[dict[str, Any]] = [label["component"] for label in drawn["components"]]
    name, day, topics, who, where = fields
    assert (name["value"], name["max_length"], name["required"]) == ("x" * 40, 40, True)
    assert (day["min_values"], [o["default"] for o in day["options"]]) == (0, [False, True])
    assert (topics["max_values"], [o["default"] for o in topics["options"]]) == (2, [False, True])
    assert (who["max_values"], who["default_values"]) == (3, [{"id": 7, "type": "user"}])
    assert (where["channel_types"], where["default_values"]) == ([0, 5, 2, 15], [{"id": 9, "type": "channel"}])


def test_number_day_and_open_choice_are_rendered() -> None:
    choices = (("1", "Hard"), ("2", "Good"))
    drawn = render.modal(
        Form(
            "a.b",
            "T",
            (
                NumberField("shifts", "Shifts", initial="2.5", above="A **long** question"),
                DateField("walk", "Walk", required=False),
                ChoiceField("mood", "Mood", choices, initial="2", is_open=True),
                ChoiceField("only", "Only", choices[:1], is_open=True),
            ),
        )
    ).to_dict()
    text, *labels = drawn["components"]
    assert text["content"] == "A **long** question"
    number, day, mood, only = (label["component"] for label in labels)
    assert (number["type"], number["value"], day["type"], day["required"]) == (4, "2.5", 4, False)
    assert (mood["type"], [o.get("default", False) for o in mood["options"]]) == (21, [False, True])
    # Discord refuses a single radio button.
    assert only["type"] == 3


def test_buttons_stand_in_rows_of_five() -> None:
    card = Message(actions=tuple(Button(str(n), "rounds.choose", str(n)) for n in range(6)))
    [box] = components(render.message(card)[0])
    assert [len(row["components"]) for row in box["components"] if row["type"] == 1] == [5, 1]


@pytest.mark.parametrize(
    ("message", "name"),
    [
        (Message(title="Week 12  of many"), "Week 12 of many"),
        (Message(parts=(Quote("no"), Text("**What** surprised you?"))), "What surprised you?"),
        (Message(title="x" * 100), "x" * 100),
        (Message(parts=(Text("y" * 150),)), "y" * 99 + "…"),
        (Message(), "…"),
    ],
)
def test_thread_is_named_after_what_opens_it(message: Message, name: str) -> None:
    assert render.thread_name(message) == name


def test_rendering_needs_no_running_bot_and_registers_no_view() -> None:
    view, _files = render.message(Message(title="Hi", actions=(Button("Go", "a.b"),)))
    assert isinstance(view, discord.ui.LayoutView)
    assert view.timeout is None
