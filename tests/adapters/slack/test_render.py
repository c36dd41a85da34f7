"""Rendering cards and forms as Block Kit: what each part becomes, Slack's limits, and that typed text stays text."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.slack import mrkdwn, parse, render, rich_text
from bot.core.events import Click, Command, Place, PlatformUser
from bot.core.unsaved import corrections
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
    FormErrors,
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
)
from bot.ui.markup import channel, esc, moment
from tests.adapters.slack.pretend import SHARED

AT = datetime(2025, 12, 5, 14, 0, tzinfo=UTC)
SECONDS = int(AT.timestamp())
BEN = "[Ben](account:T1-U2BEN)"
NASTY = "<!channel> <@U1> @here *bold* _it_ ~no~ `code` :tada: <https://evil|good> &amp; > said\n> again http://x.org"


def check(blocks: list[Any], surface: str = "message") -> list[str]:
    """Return what Slack's published rules find wrong with `blocks`."""
    if not SHARED.exists():
        pytest.skip("needs: ../shared")
    from peers.slack.validate_calls import check_blocks

    return list(check_blocks(blocks, surface))


def test_card_is_a_heading_parts_in_order_and_one_row_of_actions() -> None:
    card = Message(
        title="What did you try?",
        parts=(
            Text(
                f"Hello **all** of {BEN},\nplease answer `now`.\n\n"
                f"By {moment(AT)} in {channel('C1', 'room')}:\n\n- one\n- two"
            ),
            Quote("Silent *starts*", BEN),
            Facts((("Answers", "**3** of 8"), ("Closes", moment(AT, "day")))),
            Divider(),
            Note("Only you see this."),
        ),
        actions=(
            Button("Answer", "rounds.answer", "12:3", "primary"),
            Link("Read", "https://example.org/a|b"),
            Select("Snooze", "calm.snooze", (("1w", "One week"), ("", "Not now")), "12:"),
        ),
    )
    drawn = render.blocks(card)
    text = {"type": "text"}
    date = {"type": "date", "timestamp": SECONDS, "format": "{date_long_pretty}, {time}"}
    assert drawn == [
        {"type": "header", "text": {"type": "plain_text", "text": "What did you try?", "emoji": False}},
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        text | {"text": "Hello "},
                        text | {"text": "all", "style": {"bold": True}},
                        text | {"text": " of "},
                        {"type": "user", "user_id": "U2BEN"},
                        text | {"text": ","},
                        text | {"text": "\n"},
                        text | {"text": "please answer "},
                        text | {"text": "now", "style": {"code": True}},
                        text | {"text": "."},
                        text | {"text": "\n\n"},
                        text | {"text": "By "},
                        date | {"fallback": "2025-12-05 14:00 UTC"},
                        text | {"text": " in "},
                        {"type": "channel", "channel_id": "C1"},
                        text | {"text": ":"},
                    ],
                },
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "elements": [
                        {"type": "rich_text_section", "elements": [text | {"text": "one"}]},
                        {"type": "rich_text_section", "elements": [text | {"text": "two"}]},
                    ],
                },
            ],
        },
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_quote", "elements": [text | {"text": "Silent *starts*"}]},
                {
                    "type": "rich_text_section",
                    "elements": [text | {"text": "— "}, {"type": "user", "user_id": "U2BEN"}],
                },
            ],
        },
        {
            "type": "section",
            "fields": [
                {"type": "mrkdwn", "text": "*Answers*\n*3* of 8", "verbatim": True},
                {
                    "type": "mrkdwn",
                    "text": f"*Closes*\n<!date^{SECONDS}^{{date_long_pretty}}|2025-12-05 14:00 UTC>",
                    "verbatim": True,
                },
            ],
        },
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "Only you see this.", "verbatim": True}]},
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "text": {"type": "plain_text", "text": "Answer", "emoji": False},
                    "action_id": "rounds.answer|12:3",
                    "style": "primary",
                },
                {
                    "type": "button",
                    "text": {"type": "plain_text", "text": "Read", "emoji": False},
                    "action_id": "slack.link|1",
                    "url": "https://example.org/a|b",
                },
                {
                    "type": "static_select",
                    "action_id": "calm.snooze|12:",
                    "placeholder": {"type": "plain_text", "text": "Snooze", "emoji": False},
                    "options": [
                        {"text": {"type": "plain_text", "text": "One week", "emoji": False}, "value": "1w"},
                        {"text": {"type": "plain_text", "text": "Not now", "emoji": False}, "value": "(none)"},
                    ],
                },
            ],
        },
    ]
    assert check(drawn) == []
    assert render.message(card)["text"].startswith("What did you try?\nHello all of Ben,")


def test_form_is_a_modal_that_knows_its_origin() -> None:
    form = Form(
        "setup.people",
        "Who takes part?",
        (
            TextField("why", "Why?", long=True, initial="x" * 50, max_length=40, hint="One line"),
            ChoiceField("when", "When?", (("a", "Soon"), ("b", "Later")), required=False, initial="b"),
            PeopleField("who", "Who?", initial=("T1-U1", "elsewhere"), max_people=3),
            ChannelField("room", "Where?", initial="C9"),
        ),
        value="12:x",
        intro="Takes **a minute**.",
    )
    view = render.view(form, "C1")
    assert parse.metadata(view) == ("C1", "12:x")
    assert (view["callback_id"], view["title"]["text"], view["submit"]["text"]) == ("setup.people", form.title, "Send")
    intro, why, when, who, room = view["blocks"]
    assert intro["type"] == "rich_text"
    assert why["element"]["initial_value"] == "x" * 39 + "…"
    assert (why["hint"]["text"], why["optional"], when["optional"]) == ("One line", False, True)
    assert when["element"]["initial_option"]["value"] == "b"
    assert who["element"]["initial_users"] == ["U1"]
    assert room["element"]["initial_conversation"] == "C9"
    ticks = Form("a.b", "T", (TickField("t", "T", (("x", "X"), ("y", "Y")), initial=("y",)),))
    assert render.view(ticks, "")["blocks"][0]["element"]["initial_options"] == [render._option("y", "Y")]
    if SHARED.exists():
        from peers.slack.validate_calls import check_view

        assert check_view(view) == []
        assert check_view(render.view(ticks, "")) == []


def test_number_day_and_open_choice_are_native() -> None:
    asked = (
        NumberField("shifts", "Shifts", initial="2.5"),
        DateField("walk", "Walk", initial="2026-01-14", required=False),
        ChoiceField("next", "Next step", (("k", "Keep"), ("d", "Drop")), initial="d", is_open=True, required=False),
        NumberField("typed", "As it was typed", initial="two", above="A **long** question"),
    )
    view = render.view(Form("a.b", "T", asked[:3]), "")
    number, day, choice = (block["element"] for block in view["blocks"])
    assert (number["type"], number["initial_value"]) == ("number_input", "2.5")
    assert (day["type"], day["initial_date"]) == ("datepicker", "2026-01-14")
    assert [o["text"]["text"] for o in choice["options"]] == ["Keep", "Drop", "No answer"]
    assert (choice["type"], choice["initial_option"]["value"]) == ("radio_buttons", "d")
    typed = render.view(Form("a.b", "T", asked[3:]), "")
    assert [block["type"] for block in typed["blocks"]] == ["rich_text", "input"]
    assert "initial_value" not in typed["blocks"][1]["element"]
    if SHARED.exists():
        from peers.slack.validate_calls import check_view

        assert check_view(view) == check_view(typed) == []


def test_text_that_is_too_long_for_a_box_stands_in_two_and_comes_back_whole() -> None:
    said = "A word, and another. " * 190
    view = render.view(Form("a.b", "T", (TextField("body", "Well?", long=True, initial=said, max_length=4_000),)), "")
    values = {block["block_id"]: {block["block_id"]: block["element"]} for block in view["blocks"]}
    for boxes in values.values():
        for box in boxes.values():
            # Slack takes spaces off the ends of what it sends.
            box["value"] = box.pop("initial_value").strip()
    event = parse.submission(
        {"view": {"callback_id": "a.b", "state": {"values": values}}}, PlatformUser("T1-U1", "Ada")
    )
    assert event.answers == {"body": said.strip()}
    assert event.written == ("body",)
    if SHARED.exists():
        from peers.slack.validate_calls import check_view

        assert check_view(view) == []


def test_form_errors_are_marked_at_their_field_and_never_lost() -> None:
    problems = {"body": "Too short.", "gone": "Too late.", "": "And closed."}
    assert render.errors(problems, ["why", "body"]) == {"body": "Too short.", "why": "Too late. And closed."}
    form = Form("a.b", "T", (TextField("body", "Your *answer*"),))
    said = render.message(corrections(FormErrors(form, {"body": "Too <short>"}, "12:7")))
    assert "Your ∗answer∗" in said["text"]
    assert said["blocks"][-1]["elements"][0]["action_id"] == "forms.reopen|12:7"
    assert check(said["blocks"]) == []


def test_form_that_could_not_open_is_offered_again() -> None:
    place, ada = Place("slack", "T1"), PlatformUser("T1-U1", "Ada")
    offers = [
        render.late(Command(place, ada, "answer a|b", "member")),
        render.late(Click(place, ada, "rounds.answer", "12:" + "x" * 90)),
    ]
    command, click = (o["blocks"][-1]["elements"][0] for o in offers)
    assert (command["action_id"], command["value"]) == ("slack.again", "member|answer a|b")
    assert click["action_id"] == "rounds.answer|12:" + "x" * 90
    for hopeless in (None, Click(place, ada, "a.b", "", ("x",)), Command(place, ada, "x" * 3_000)):
        assert len(render.late(hopeless)["blocks"]) == 1
    assert [check(o["blocks"]) for o in offers] == [[], []]


def test_long_text_is_cut_to_slacks_limits() -> None:
    typed = "<&>" * 900
    small = mrkdwn.line(esc(typed), 2_000)
    assert len(small) <= 2_000
    assert small.endswith("…")
    assert re.sub("&(lt|gt|amp);", "", small) == "…"
    fallback = render.message(Message(parts=(Quote(typed),)))["text"]
    assert len(fallback) <= 3_900
    everything = Message(title="&" * 100, parts=(Facts(tuple((f"L{i}", esc("<" * 120)) for i in range(10))),))
    assert check(render.blocks(everything)) == []


def test_card_without_words_has_a_fallback() -> None:
    assert render.message(Message(attachment=Attachment("a.csv", "x")))["text"] == "a.csv"
    assert render.message(Message(actions=(Button("Go", "a.b"),)))["text"] == "Go"
    assert render.message(Message(parts=(Divider(),)))["text"] == "…"
    assert render.blocks(Message(parts=(Quote(" "), Text(""), Note(""), Facts(())))) == []


def test_people_and_channels_of_another_place_are_shown_by_name() -> None:
    body = "[Ada](person:7) [Mo](account:1234) [room](channel:playground-1)"
    assert mrkdwn.line(body, 100) == "Ada Mo #room"
    assert [e["text"] for e in rich_text.text(body)[0]["elements"][0]["elements"]] == ["Ada", " ", "Mo", " ", "#room"]


def test_links_show_their_target_and_cannot_be_broken() -> None:
    assert mrkdwn.line("[a|b > c](https://x.org/?a=1&b=2|3)", 200) == "<https://x.org/?a=1&amp;b=2%7C3|a¦b &gt; c>"
    [block] = rich_text.text("[**here**](https://x.org/a)")
    assert block["elements"][0]["elements"] == [
        {"type": "link", "url": "https://x.org/a", "text": "here", "style": {"bold": True}}
    ]


def texts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if node.get("type") in ("mrkdwn", "plain_text", "text"):
            yield node
        node = list(node.values())
    for inside in node if isinstance(node, list) else []:
        yield from texts(inside)


def test_figures_are_letters_of_one_width_with_their_numbers_and_pictures_have_words() -> None:
    card = Message(
        (
            Table(("Round", "Answered"), (("Oct 8", "64 %"), ("Nov 5", "–")), "By round"),
            Chart("bars", "Mood", "Most said 4.", ("Mood", "People"), (Point("4", 6, "6"), Point("5", 3, "3"))),
            Picture("https://example.org/a.png", "A full room"),
        )
    )
    table, chart, picture = drawn = render.blocks(card)
    assert [e["type"] for e in table["elements"]] == ["rich_text_section", "rich_text_preformatted"]
    assert table["elements"][1]["elements"][0]["text"].split("\n")[2:] == ["Oct 8      64 %", "Nov 5         –"]
    assert [e["text"] for e in chart["elements"][0]["elements"]] == ["Mood", "\nMost said 4."]
    assert chart["elements"][1]["elements"][0]["text"].split("\n") == ["4  " + "▇" * 14 + " 6", "5  " + "▇" * 7 + " 3"]
    assert picture == {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "A full room"}
    assert check(drawn) == []
    assert render.message(card)["text"] == (
        "By round\nOct 8: Answered: 64 %\nNov 5: Answered: –\nMood\nMost said 4.\n4: 6\n5: 3\nA full room"
    )
    assert render.blocks(Message((Table(("a",), ()), Chart("line", "", "", ("a", "b"), ())))) == []


KINDS = {
    "rich_text_preformatted",
    "rich_text",
    "rich_text_section",
    "rich_text_quote",
    "text",
    "context",
    "section",
    "mrkdwn",
}


# The first example loads Slack's rules, which takes long.
@settings(deadline=None)
@given(st.text(max_size=200))
@example(NASTY)
@example("__init__ snake_case _x_ **y** ::a:b: >>> q")
def test_typed_text_pings_links_and_formats_nothing_and_is_kept(typed: str) -> None:
    card = Message(
        parts=(
            Quote(typed),
            Text(esc(typed)),
            Note(esc(typed)),
            Facts(((typed[:50], esc(typed)),)),
            Table((typed[:50], "n"), ((typed, typed[:50]),), typed[:90]),
            Chart("split", typed[:90], typed, (typed[:50], "n"), (Point(typed, 1, typed[:50]),)),
        ),
        title=typed[:90],
    )
    said = render.message(card)
    kinds = {node["type"] for node in _nodes(said["blocks"])}
    assert kinds <= KINDS | {"header", "plain_text"}
    for node in texts(said["blocks"]):
        if node["type"] == "mrkdwn":
            assert node["verbatim"]
            _inert(node["text"].removeprefix("*").replace("*\n", "\n", 1))
        assert node.get("emoji", False) is False
    _inert(said["text"])
    quoted = [n["elements"] for n in _nodes(said["blocks"]) if n["type"] == "rich_text_quote"]
    assert quoted == ([[rich_text.words(typed)]] if typed.strip() else [])
    assert check(said["blocks"]) == []


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    for inside in node if isinstance(node, list) else list(node.values()) if isinstance(node, dict) else []:
        if isinstance(inside, dict) and "type" in inside:
            yield inside
        yield from _nodes(inside)


def _inert(written: str) -> None:
    """Return whether a text has no reference, format, emoji, or quote in Slack's markup."""
    assert not re.search(r"[<>*~`]|&(?!(amp|lt|gt);)", written), written
    assert not re.search(r"(?<![^\W_])_|_(?![^\W_])", written), written
    bare = written.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert not re.search(r":[\w+'-]+:", bare), written
    assert not re.search(r"^\s*>", bare, re.MULTILINE), written


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=75), st.text(max_size=100))
def test_any_form_is_valid(intro: str, label: str, hint: str) -> None:
    choices = (("a", label), ("", "None"))
    form = Form(
        "a.b",
        label[:24],
        (
            TextField("t", label[:45], hint=hint, initial=intro, max_length=100),
            ChoiceField("c", label[:45], choices, initial="a"),
            ChoiceField("r", label[:45], choices, is_open=True, above=esc(intro)),
        ),
        value=json.dumps(label)[:60],
    )
    if not SHARED.exists():
        pytest.skip("needs: ../shared")
    from peers.slack.validate_calls import check_view

    assert check_view(render.view(form, "C1")) == []


@pytest.mark.parametrize(
    ("said", "most", "hint"),
    [
        ("", 4_000, "No names. Up to 3,000 characters fit here. Write the rest to me."),
        ("Short", 4_000, "No names. Up to 3,000 characters fit here. Write the rest to me."),
        ("x" * 3_001, 4_000, "No names."),
        ("", 3_000, "No names."),
    ],
)
def test_hint_says_how_much_a_box_takes(said: str, most: int, hint: str) -> None:
    box = TextField(
        "body", "Well?", True, initial=said, hint="No names.", max_length=most, other_way="Write the rest to me."
    )
    [first, *_more] = render.view(Form("a.b", "T", (box,)), "")["blocks"]
    assert first["hint"]["text"] == hint
