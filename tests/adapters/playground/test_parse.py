"""Parsing what people type and press into events, and suggestions while they type."""

from pathlib import Path

import pytest

from adapters.playground import parse
from adapters.playground.autocomplete import Line, Phrasebook
from adapters.playground.workspace_model import Somebody, World, direct
from bot.core.events import Click, Command, Place, PlatformUser, Shortcut, Submission
from tests.adapters.playground.pretend import COMMANDS, START, create_world

MAYA = PlatformUser("maya", "Maya Okafor", zone="America/New_York")
HERE = Place("playground", "playground", "youth-workers", False, "Harbor Out-of-School Time")
ALONE = Place("playground", "playground", "", True, "Harbor Out-of-School Time")
BOOK = Phrasebook(COMMANDS, "cop")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return create_world(tmp_path / "playground.db")


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("/cop", Line("member", "")),
        ("/cop find  retros #testing ", Line("member", "find  retros #testing")),
        ("/COP next", Line("member", "next")),
        ("/cop-facilitate checkin open Week 12", Line("facilitator", "checkin open Week 12")),
        ("/cop-admin setup", Line("admin", "setup")),
        ("/copy that", None),
        ("/", None),
        ("hello /cop", None),
    ],
)
def test_root_word_makes_a_command(typed: str, heard: Line | None) -> None:
    assert BOOK.read(typed) == heard


def test_command_says_who_where_and_which_delivery(world: World) -> None:
    said = parse.PostRequest(person="maya", room="youth-workers", once="u1", text="/cop next")
    assert parse.command(world, said, Line("member", "next")) == Command(HERE, MAYA, "next", "member", "maya:u1")


def test_conversation_with_the_bot_is_a_place_of_its_own(world: World) -> None:
    said = parse.PostRequest(person="maya", room="direct", text="next")
    assert parse.command(world, said, Line("", "next")) == Command(ALONE, MAYA, "next")
    assert parse.spot(world, said).place == direct("maya")


def test_click_returns_what_was_rendered(world: World) -> None:
    pressed = parse.ClickRequest(person="maya", room="youth-workers", act="a.b", value="12:7", chosen=("x y",))
    assert parse.click(world, pressed) == Click(HERE, MAYA, "a.b", "12:7", ("x y",))


def test_several_choices_of_a_field_are_joined_by_spaces(world: World) -> None:
    filled = parse.FormRequest(
        person="maya",
        room="youth-workers",
        token="t",
        form="a.b",
        answers={"who": ("ben", "chi"), "body": ("two words",)},
    )
    event = parse.submission(world, filled)
    assert event == Submission(HERE, MAYA, "a.b", "", {"who": "ben chi", "body": "two words"})


def test_shortcut_brings_the_words_and_their_link(world: World) -> None:
    post = world.add_post("youth-workers", START, author="ben", words="A *good* idea")
    picked = parse.ShortcutRequest(person="maya", room="youth-workers", name="resources.save", post=post.id)
    event = parse.shortcut(world, picked, "http://127.0.0.1:8765")
    link = f"http://127.0.0.1:8765/?in=youth-workers#p{post.id}"
    assert event == Shortcut(HERE, MAYA, "resources.save", "A *good* idea", link)


def test_manager_of_the_workspace_is_recognized(world: World) -> None:
    asked = parse.PageRequest(person="dana", room="direct")
    assert parse.person(parse.who(world, asked)).can_manage


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{",
        b'{"person": "maya"}',
        b'{"person": "maya", "room": 7, "text": "x"}',
        b'{"person": "maya", "room": "direct", "text": "x", "more": 1}',
        b'{"person": "maya", "room": "direct", "text": "\xff"}',
    ],
)
def test_request_that_the_page_never_makes_is_refused(raw: bytes) -> None:
    with pytest.raises(parse.Malformed, match="reload"):
        parse.body(parse.PostRequest, raw)


def test_unknown_person_or_channel_is_refused(world: World) -> None:
    with pytest.raises(parse.Malformed, match="Nobody here is called eve"):
        parse.who(world, parse.PageRequest(person="eve", room="direct"))
    with pytest.raises(parse.Malformed, match="no room attic"):
        parse.spot(world, parse.PageRequest(person="maya", room="attic"))
    with pytest.raises(parse.Malformed, match="no room @ben"):
        parse.spot(world, parse.PageRequest(person="maya", room="@ben"))


def test_private_message_is_out_of_reach_for_others(world: World) -> None:
    secret = world.add_post(direct("ben"), START, words="Only Ben")
    with pytest.raises(parse.Malformed, match="not here any more"):
        parse.seen_post(world, parse.PageRequest(person="maya", room="direct"), secret.id)


def test_thread_belongs_to_one_channel(world: World) -> None:
    post = world.add_post("everybody", START, author="ben", words="Hello")
    with pytest.raises(parse.Malformed, match="another room"):
        parse.spot(world, parse.PageRequest(person="maya", room="youth-workers"), under=post.id)


def offered(typed: str, arguments: tuple[str, ...] = ()) -> list[str]:
    return [o.text for o in BOOK.suggest(typed, lambda _line: list(arguments)).options]


@pytest.mark.parametrize(
    ("typed", "first", "count"),
    [
        ("/", "/cop next", 9),
        ("/cop", "/cop next", 9),
        ("/cop-", "/cop-facilitate checkin open ", 3),
        ("/cop-f", "/cop-facilitate checkin open ", 2),
        ("/cop s", "/cop share ", 2),
        ("/cop-facilitate o", "/cop-facilitate checkin open ", 1),
        ("/fin", "/cop find ", 1),
        ("/open", "/cop-facilitate checkin open ", 1),
    ],
)
def test_beginning_of_a_line_suggests_matching_commands(typed: str, first: str, count: int) -> None:
    assert (offered(typed)[0], len(offered(typed))) == (first, count)


@pytest.mark.parametrize("typed", ["", "hello", "/xyz", "/cop xyz", "find"])
def test_nothing_is_suggested_without_a_match(typed: str) -> None:
    assert offered(typed) == []


def test_arguments_are_suggested_after_the_command() -> None:
    asked: list[Line] = []

    def complete(line: Line) -> list[str]:
        asked.append(line)
        return ["1w", "2w"]

    found = BOOK.suggest("/cop snooze ", complete)
    assert [(o.text, o.label) for o in found.options] == [("/cop snooze 1w", "1w"), ("/cop snooze 2w", "2w")]
    assert asked == [Line("member", "snooze ")]
    assert found.usage == "/cop snooze <1w|2w|4w|off> – Pause questions for a while"


def test_suggestion_says_who_may_use_the_command() -> None:
    whose = {o.label: o.whose for o in BOOK.suggest("/", lambda _line: []).options}
    assert whose["/cop next"] == ""
    assert whose["/cop-facilitate prompt now"] == "facilitators"
    assert whose["/cop-admin setup"] == "admins"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("role map facilitator @Ben Okafor", "role map facilitator <@ben>"),
        ("role map admin @chi", "role map admin <@chi>"),
        ("role map facilitator @Sam and @ben okafor", "role map facilitator @Sam and <@ben>"),
        ("role map facilitator @Benny", "role map facilitator @Benny"),
        ("status ben@chi.example", "status ben@chi.example"),
    ],
)
def test_name_after_an_at_sign_is_that_person(typed: str, meant: str) -> None:
    people = [Somebody(n.split()[0].lower(), n) for n in ("Ben Okafor", "Chi Nguyen")]
    twins = [Somebody("sam1", "Sam Hill"), Somebody("sam2", "Sam Whitefeather")]
    assert parse.with_references(typed, people + twins) == meant
    assert parse.with_references(typed, []) == typed
