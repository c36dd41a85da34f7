"""Markup: what the bot writes is markup, and what people type never is."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.resolver import MessageResolver, decode_ref, encode_ref
from bot.ui.markup import (
    Block,
    Break,
    ChannelName,
    Mention,
    Moment,
    TextRun,
    channel,
    clean,
    command,
    cut,
    esc,
    mention,
    moment,
    parse,
    plain,
)

AT = datetime(2025, 10, 8, 20, 0, tzinfo=UTC)


def only(body: str) -> tuple[object, ...]:
    [block] = parse(body)
    return block.inlines


@pytest.mark.parametrize(
    ("body", "inlines"),
    [
        ("plain", (TextRun("plain"),)),
        ("**bold** and _it_", (TextRun("bold", bold=True), TextRun(" and "), TextRun("it", italic=True))),
        ("`/cop share`", (TextRun("/cop share", code=True),)),
        ("[site](https://example.org/a)", (TextRun("site", link="https://example.org/a"),)),
        ("one\ntwo", (TextRun("one"), Break(), TextRun("two"))),
        (mention(7, "Ben"), (Mention("", "Ben"),)),
        ("[Ben](account:U1)", (Mention("U1", "Ben"),)),
        (channel("C1", "general"), (ChannelName("C1", "general"),)),
        (moment(AT), (Moment(AT, "full", "2025-10-08 20:00 UTC"),)),
        (moment(AT, "day"), (Moment(AT, "day", "2025-10-08 20:00 UTC"),)),
        (mention(7, "]x[ (y) <@U1>"), (Mention("", "]x[ (y) <@U1>"),)),
    ],
)
def test_markup_of_the_bot_is_parsed(body: str, inlines: tuple[object, ...]) -> None:
    assert only(body) == inlines


def test_paragraphs_and_lists_stay_in_order() -> None:
    blocks = parse("First\n\n- one\n- two\n\n3. three\n4. four\n\nLast")
    assert [(b.item, b.number) for b in blocks] == [
        (False, 0), (True, 0), (True, 0), (True, 3), (True, 4), (False, 0),
    ]  # fmt: skip
    assert blocks[0] == Block((TextRun("First"),))


@given(st.text(max_size=200))
def test_typed_text_shows_exactly_as_typed_on_one_line(typed: str) -> None:
    shown = " ".join(clean(typed).split())
    blocks = parse(f"x{esc(typed)}x")
    assert all(isinstance(i, TextRun) and i == TextRun(i.text) for b in blocks for i in b.inlines)
    assert "".join(i.text for b in blocks for i in b.inlines if isinstance(i, TextRun)) == f"x{shown}x"


@given(st.text(max_size=100), st.text(max_size=100))
def test_name_cannot_change_whom_a_mention_means(name: str, around: str) -> None:
    live = [i for b in parse(f"{esc(around)} {mention(7, name)}") for i in b.inlines if isinstance(i, Mention)]
    assert len(live) == 1


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\u200b", "\ufeff", "\x00", "\x1b", "\ud800"])
def test_hiding_and_reordering_marks_are_removed(hidden: str) -> None:
    assert clean(f"a{hidden}b") == "ab"


def test_joined_emoji_stay_whole() -> None:
    family = "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
    assert clean(family) == family


def test_plain_text_is_made_for_notifications() -> None:
    assert plain(f"**Hi** {mention(7, 'Ben')}, {channel('C1', 'general')}\n\n- item") == "Hi Ben, #general\n- item"


@pytest.mark.parametrize(("typed", "most", "left"), [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("a  b", 3, "a…")])
def test_text_is_cut_to_its_limit(typed: str, most: int, left: str) -> None:
    assert cut(typed, most) == left


@given(st.none() | st.integers(1, 10**9), st.text(max_size=80))
def test_reference_round_trips(community: int | None, value: str) -> None:
    assert decode_ref(encode_ref(community, value)) == (community, value)


@pytest.mark.parametrize("forged", ["", "x", "1.2", "-1:2", "٣:1", "a:b", "9" * 20 + ":1"])
def test_forged_reference_names_no_community(forged: str) -> None:
    assert decode_ref(forged) == (None, forged)


def test_resolved_message_names_things_as_their_place_does() -> None:
    resolver = MessageResolver(12, "cop", lambda person: {7: "U7"}.get(person, ""))
    said = f"{mention(7, 'Ben')} {mention(8, 'Zed')} {command('find x', 'member')} {command('status', 'admin')}"
    assert resolver.words(said) == "[Ben](account:U7) [Zed](person:8) `/cop find x` `/cop-admin status`"
