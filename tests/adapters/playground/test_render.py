"""Rendering messages and forms for the page."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.html.time_format import Reader
from adapters.playground import render_forms
from adapters.playground.render import Pen
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
    PeopleField,
    Picture,
    Point,
    Quote,
    Select,
    Table,
    Text,
    TextField,
    TickField,
    filled,
)
from bot.ui.markup import channel, clean, esc, mention, moment
from tests.adapters.playground.pretend import EVERYTHING
from tests.support.html import Node, read

NOW = datetime(2026, 10, 14, 20, 0, tzinfo=UTC)
NEW_YORK = Pen(Reader("maya", ZoneInfo("America/New_York"), NOW), {"yw": "/?as=maya&in=yw"})
PEOPLE = [("maya", "Maya"), ("ben", "Ben")]
CHANNELS = [("yw", "youth-workers")]

typed = st.text(min_size=1, max_size=60).filter(lambda t: bool(esc(t).strip()))
nasty = (
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "' onclick='alert(1)",
            "[a](javascript:alert(1))",
            "[a](https://evil.example)",
            "https://evil.example",
            "<a href=//evil.example>",
            "&lt;b&gt;",
            "</textarea><b>",
            "<!-- ",
            "]]>",
            "`x`",
            "@everyone",
            "[x](account:ben)",
            "# heading",
            "- item",
            "1. item",
            "\u202etxt.exe",
        ]
    )
    | typed
)


def message(words: str) -> Message:
    """Return a message with every kind of part, and typed text wherever it may be."""
    return Message(
        (
            Text(f"Before {esc(words)} after"),
            Note(esc(words)),
            Quote(words, mention(1, words)),
            Facts(((words, esc(words)),)),
            Divider(),
            Table((words, "n"), ((words, words), ("a", "2")), words[:100]),
            *(
                Chart(
                    shape, words[:100], words, (words, "n"), (Point(words, 2, words), Point(words), Point("c", 3, "3"))
                )
                for shape in ("bars", "split", "line", "spread")
            ),
            Picture("https://example.org/a.png", words),
        ),
        title=words[:100],
        actions=(
            Button(words[:75], "a.b", words[:60]),
            Link(words[:75], "https://example.org/"),
            Select(words[:75], "c.d", ((words[:75], words[:75]),), "3"),
        ),
        attachment=Attachment(words, words),
    )


def drawn(message: Message, pen: Pen = NEW_YORK) -> Node:
    return read(pen.message(message, "p1", "/file/p1"))


@given(nasty)
def test_typed_text_never_becomes_a_tag_attribute_or_link(words: str) -> None:
    page = drawn(message(words))
    assert page.shape == drawn(message("harmless")).shape
    assert page.one("button", data_act="a.b").attributes["data-value"] == words[:60]
    assert [a.attributes["href"] for a in page.all("a")] == [
        "https://example.org/a.png",
        "/file/p1",
        "https://example.org/",
    ]


@given(nasty)
def test_form_shows_what_was_typed_only(words: str) -> None:
    def page(words: str) -> Node:
        form = Form(
            "a.b",
            words[:24],
            (
                TextField("long", words[:45], long=True, initial=words, hint=words[:100]),
                TextField("short", "Short", initial=words),
                TickField("ticks", "Ticks", ((words[:75], words[:75]),)),
            ),
            words[:40],
        )
        return read(render_forms.drawn(form, NEW_YORK, "t", PEOPLE, CHANNELS, {"long": words}))

    filled = page(words)
    assert filled.shape == page("harmless").shape
    assert filled.one("input", id="field-short").attributes["value"] == words
    assert filled.one("form").attributes["data-value"] == words[:40]


@given(nasty)
def test_quote_is_shown_as_typed(words: str) -> None:
    kept = clean(words)
    assert drawn(Message((Quote(kept),))).one("blockquote").text == kept


def test_moment_is_shown_in_the_readers_zone() -> None:
    at = datetime(2026, 11, 11, 20, 0, tzinfo=UTC)
    here = drawn(Message((Text(moment(at)),))).one("time")
    there = drawn(Message((Text(moment(at)),)), Pen(Reader("chi", ZoneInfo("America/Los_Angeles"), NOW))).one("time")
    assert here.text == "Wed, Nov 11, 3:00\u00a0PM EST"
    assert there.text == "Wed, Nov 11, 12:00\u00a0PM PST"
    assert here.attributes["datetime"] == there.attributes["datetime"] == "2026-11-11T20:00:00Z"


def test_moment_of_another_year_shows_the_year() -> None:
    time = drawn(Message((Text(moment(datetime(2027, 1, 13, 21, 0, tzinfo=UTC))),))).one("time")
    assert time.text == "Wed, Jan 13, 2027, 4:00\u00a0PM EST"
    assert "2026" in drawn(Message((Text(moment(NOW)),))).one("time").attributes["title"]


def test_people_and_channels_have_their_playground_names() -> None:
    pen = Pen(NEW_YORK.reader, NEW_YORK.channels, {"ben": "Ben Okafor", "yw": "youth-workers"})
    said = drawn(Message((Text("[facilitator](account:ben) in [the channel](channel:yw)"),)), pen).text
    assert "@Ben Okafor in #youth-workers" in said


@pytest.mark.parametrize(
    ("style", "words"), [("day", "Fri, Oct 16"), ("time", "5:30\u00a0AM EDT"), ("relative", "in 2 days")]
)
def test_moment_can_be_shown_in_part(style: str, words: str) -> None:
    at = datetime(2026, 10, 16, 9, 30, tzinfo=UTC)
    time = drawn(Message((Text(moment(at, style)),))).one("time")  # type: ignore[arg-type]
    assert time.text == words
    assert ("data-relative" in time.attributes) == (style == "relative")


def test_own_name_is_marked_for_the_reader() -> None:
    words = "[Maya](account:maya) asked [Ben](account:ben) and [Eve](person:9)"
    marks = [(m.text, m.attributes["class"]) for m in drawn(Message((Text(words),))).all("span")]
    assert marks == [("@Maya", "mention me"), ("@Ben", "mention"), ("@Eve", "mention")]


def test_channel_is_a_link_where_it_exists() -> None:
    page = drawn(Message((Text(f"{channel('yw', 'youth-workers')} and {channel('gone', 'gone')}"),)))
    assert page.one("a").attributes["href"] == "/?as=maya&in=yw"
    assert page.one("span").text == "#gone"


def test_paragraphs_and_lists_keep_their_shape() -> None:
    page = drawn(Message((Text("First\nline\n\n- one\n- two\n\n3. three\n4. four\n\nLast"),)))
    assert [n.name for n in page.one("div", class_="text").inside if isinstance(n, Node)] == ["p", "ul", "ol", "p"]
    assert page.one("ol").attributes["start"] == "3"
    assert [li.text for li in page.all("li")] == ["one", "two", "three", "four"]


def test_command_in_a_message_can_be_put_in_the_message_box() -> None:
    page = drawn(Message((Text("Type `/cop next`, or say `later`."),)))
    assert page.one("button").attributes["data-fill"] == "/cop next "
    assert page.one("code").text == "later"


def test_link_that_is_no_web_address_is_text() -> None:
    page = drawn(Message((Text("**x**"),), actions=(Link("Open", "javascript:alert(1)"),)))
    assert page.all("a") == []


def test_menu_offers_its_choices_to_a_screen_reader() -> None:
    page = drawn(Message((), actions=(Select("Topic", "find.topic", (("a", "Arrivals"), ("b", "Families")), "7"),)))
    opener, menu = page.one("button"), page.one("ul")
    assert (opener.attributes["aria-haspopup"], opener.attributes["aria-controls"]) == ("menu", menu.attributes["id"])
    assert [(i.text, i.attributes["data-chosen"], i.attributes["data-value"]) for i in menu.all("li")] == [
        ("Arrivals", "a", "7"),
        ("Families", "b", "7"),
    ]


def test_field_says_what_it_is_what_helps_and_what_is_wrong() -> None:
    page = read(
        render_forms.drawn(EVERYTHING, NEW_YORK, "t1", PEOPLE, CHANNELS, {"title": "Too short.", "who": "Choose."})
    )
    title = page.one("input", name="title")
    assert title.attributes["aria-describedby"] == "problem-title hint-title"
    assert page.one(id="problem-title").text == "Too short."
    assert page.one("label", for_="field-title").text == "What is it called?"
    assert [n.text for n in page.all("legend")] == ["Who may see it?", "Topics optional", "Thank somebody optional"]
    assert [n.attributes["value"] for n in page.all("input", type="checkbox", name="thanks")] == ["maya", "ben"]
    assert page.one(class_="wrong").text == "2 answers need another look."


def test_many_choices_become_a_menu_with_the_first_answer_kept() -> None:
    zones = tuple((f"z{i}", f"Zone {i}") for i in range(20))
    form = Form(
        "a.b", "T", (ChoiceField("zone", "Zone", zones, initial="z3"), ChannelField("where", "Where", initial="yw"))
    )
    page = read(render_forms.drawn(form, NEW_YORK, "t", PEOPLE, CHANNELS))
    assert [o.text for o in page.all("option") if "selected" in o.attributes] == ["Zone 3", "youth-workers"]


def test_optional_choice_can_be_taken_back() -> None:
    def offered(required: bool) -> list[str]:
        form = Form("a.b", "T", (ChoiceField("mood", "How is it?", (("1", "Hard"), ("2", "Good")), required),))
        return [n.text for n in read(render_forms.drawn(form, NEW_YORK, "t", PEOPLE, CHANNELS)).all("label")]

    assert offered(True) == ["Hard", "Good"]
    assert offered(False) == ["Hard", "Good", "No answer"]


def test_number_and_day_are_asked_for_in_their_own_way() -> None:
    form = Form(
        "a.b", "T", (NumberField("n", "How many?"), DateField("d", "When?", initial="2026-01-14", above="*So*"))
    )
    page = read(render_forms.drawn(form, NEW_YORK, "t", PEOPLE, CHANNELS))
    assert page.one("input", name="n").attributes["inputmode"] == "decimal"
    assert page.one("input", name="d").attributes["type"] == "date"
    assert page.one(class_="above").text == "So"
    assert render_forms.problems(form, {"n": "some", "d": "2026-01-14"}, PEOPLE, CHANNELS) == {}


GOOD = {"title": "Puzzles", "why": "Calm", "who": "all", "topics": "homework families", "thanks": "ben"}


@pytest.mark.parametrize(
    ("field", "answer", "words"),
    [
        ("title", "", "Please answer this."),
        ("title", " \n", "Please answer this."),
        ("title", "x" * 81, "This has 81 characters; 80 is the most."),
        ("who", "nobody", "Please choose from the list."),
        ("topics", "homework weather", "Please choose from the list."),
        ("thanks", "maya ben maya", "Please choose at most 2 people."),
        ("thanks", "stranger", "Please choose from the list."),
    ],
)
def test_invalid_answer_is_asked_for_again(field: str, answer: str, words: str) -> None:
    assert render_forms.problems(EVERYTHING, GOOD | {field: answer}, PEOPLE, CHANNELS) == {field: words}


def test_valid_or_empty_optional_answer_has_no_problem() -> None:
    assert render_forms.problems(EVERYTHING, GOOD | {"topics": "", "thanks": ""}, PEOPLE, CHANNELS) == {}


def test_form_asked_again_holds_every_answer() -> None:
    again = filled(EVERYTHING, GOOD)
    assert [f.initial for f in again.fields] == ["Puzzles", "Calm", "all", ("homework", "families"), ("ben",)]
    assert isinstance(again.fields[4], PeopleField)
