"""Which command a line means, what is offered where none is meant, and what an argument may be."""

from collections.abc import Callable

import pytest

from bot.core.command_parser import check_argument, find
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Event
from bot.core.feature import Feature
from bot.core.permissions import Role
from bot.core.routes import CommandSpec
from bot.ui import Reply

tasks = Feature("tasks")


def declare(name: str, needs: Role = Role.MEMBER, **more: object) -> None:
    def handler(_ctx: Context, _event: Event) -> Reply:
        return None

    register: Callable[..., object] = tasks.command(name, help=name, needs=needs, **more)  # type: ignore[arg-type]
    register(handler)


declare("home", Role.ANYONE)
declare("help", Role.ANYONE, argument="[command]")
declare("share", argument="<words or #topic>", example="share a good start")
declare("note")
declare("note list")
declare("data download")
declare("quiet", choices=("on", "off"))
declare("rule", argument="[on or off]", choices=("on", "off"))
declare("checkin open", Role.FACILITATOR, argument="[question]")
declare("checkin close", Role.FACILITATOR)
declare("pause", Role.ADMIN)


def parsed(line: str, root: str = "") -> tuple[str, str]:
    spec, text = find(tasks.commands, line, root)
    return spec.name, text


def refused(line: str, root: str = "") -> Refusal:
    with pytest.raises(Refusal) as caught:
        find(tasks.commands, line, root)
    return caught.value


@pytest.mark.parametrize(
    ("line", "root", "name", "text"),
    [
        ("", "", "home", ""),
        ("", "member", "home", ""),
        ("", "facilitator", "help", ""),
        ("", "admin", "help", ""),
        ("help", "facilitator", "help", ""),
        ("help pause", "admin", "help", "pause"),
        ("SHARE  a   good start ", "member", "share", "a   good start"),
        ("note", "", "note", ""),
        ("note list", "", "note list", ""),
        ("note  List of things", "", "note list", "of things"),
        ("note lists", "", "note", "lists"),
        ("checkin open What now?", "facilitator", "checkin open", "What now?"),
        ("checkin\topen", "", "checkin open", ""),
        ("pause", "", "pause", ""),
        ("pause", "admin", "pause", ""),
    ],
)
def test_line_names_a_command_and_what_follows_it(line: str, root: str, name: str, text: str) -> None:
    assert parsed(line, root) == (name, text)


@pytest.mark.parametrize(
    ("line", "root", "retry", "under"),
    [
        ("shar a good start", "member", "share a good start", "member"),
        ("nte", "", "note", "member"),
        ("checkin opne What now?", "facilitator", "checkin open What now?", "facilitator"),
        ("checkin", "facilitator", "checkin open", "facilitator"),
        ("data", "member", "data download", "member"),
        ("data of all that I wrote", "member", "data download all that I wrote", "member"),
        ("checkin open What now?", "member", "checkin open What now?", "facilitator"),
        ("PAUSE", "member", "pause", "admin"),
        ("share something", "admin", "", "member"),
        ("xyzzy", "", "", "member"),
    ],
)
def test_unknown_command_offers_the_nearest_with_the_rest_of_the_line(
    line: str, root: str, retry: str, under: str
) -> None:
    refusal = refused(line, root)
    assert (refusal.retry, refusal.root) == (retry, under)
    assert ("Did you mean" in str(refusal)) is bool(retry)


def test_refusal_quotes_at_most_40_characters_and_no_markup() -> None:
    said = str(refused(f"x`y]z {'long ' * 20}"))
    assert "x'y)z long" in said
    assert "long " * 8 not in said


def check(name: str, text: str) -> Refusal | None:
    spec: CommandSpec = tasks.commands[name]
    try:
        check_argument(spec, text)
    except Refusal as refusal:
        return refusal
    return None


@pytest.mark.parametrize(
    ("name", "text"),
    [("quiet", "on"), ("quiet", "OFF"), ("rule", ""), ("rule", "on"), ("share", "x"), ("home", ""), ("note", "x")],
)
def test_argument_that_fits_is_accepted(name: str, text: str) -> None:
    assert check(name, text) is None


@pytest.mark.parametrize(
    ("name", "text", "says", "retry", "among"),
    [
        ("quiet", "", "needs one of on, off.", "", ("quiet on", "quiet off")),
        ("quiet", "onn", "onn is not one of on, off.", "quiet on", ()),
        ("quiet", "Of", "Of is not one of on, off.", "quiet off", ()),
        ("quiet", "xyzzy", "xyzzy is not one of on, off.", "", ("quiet on", "quiet off")),
        ("rule", "maybe", "maybe is not one of on, off.", "", ("rule on", "rule off")),
        ("share", "", "needs something to look for: words, or a topic with #.", "", ()),
    ],
)
def test_argument_that_does_not_fit_is_refused_with_what_does(
    name: str, text: str, says: str, retry: str, among: tuple[str, ...]
) -> None:
    refusal = check(name, text)
    assert refusal
    assert says in str(refusal)
    assert (refusal.retry, refusal.among) == (retry, among)
    assert "Like this: " in str(refusal)


def test_missing_argument_shows_the_example() -> None:
    assert "share a good start" in str(check("share", ""))


@pytest.mark.parametrize(("length", "quoted"), [(40, "x" * 40), (41, "x" * 39 + "…")])
def test_refusal_quotes_at_most_forty_characters_of_an_argument(length: int, quoted: str) -> None:
    assert str(check("quiet", "x" * length)).startswith(f"{quoted} is not one of")
