"""Which handler an event is for, and the event as that handler reads it."""

import pytest

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import (
    Click,
    Command,
    Event,
    HomeOpened,
    Place,
    PlatformUser,
    Shortcut,
    Submission,
    TimerFired,
    event_name,
)
from bot.core.feature import Feature
from bot.core.router import Router
from bot.ui import Reply
from tests.support.chat import START

HERE, MEI = Place("pretend", "S1", "general"), PlatformUser("mei", "Mei")
bells, tasks = Feature("bells"), Feature("tasks")


@bells.command("home", help="Home")
def home(_ctx: Context, _event: Event) -> Reply:
    return None


@bells.command("ring", help="Ring")
@bells.shortcut("ring", "Ring")
@bells.click("ring")
@bells.form("ring")
@bells.timer("ring")
def ring(_ctx: Context, _event: Event) -> Reply:
    return None


@tasks.command("note", help="Note")
@tasks.click("note")
def open_note(_ctx: Context, _event: Event) -> Reply:
    return None


ROUTER = Router([bells, tasks])
HIDDEN = "a\u202e\x00b"


@pytest.mark.parametrize(
    ("event", "handler", "name"),
    [
        (Command(HERE, MEI, "ring"), ring, "command"),
        (Command(HERE, MEI, "note"), open_note, "command"),
        (HomeOpened(HERE, MEI), home, "home"),
        (Shortcut(HERE, MEI, "bells.ring"), ring, "bells.ring"),
        (Click(HERE, MEI, "bells.ring"), ring, "bells.ring"),
        (Click(HERE, MEI, "tasks.note"), open_note, "tasks.note"),
        (Submission(HERE, MEI, "bells.ring"), ring, "bells.ring"),
        (TimerFired(1, "bells.ring", "", START), ring, "bells.ring"),
    ],
)
def test_event_reaches_the_handler_of_its_name(event: Event, handler: object, name: str) -> None:
    assert ROUTER.match(event).route.handler is handler
    assert event_name(event) == name


@pytest.mark.parametrize(
    "event",
    [
        Shortcut(HERE, MEI, "bells.gone"),
        Click(HERE, MEI, "tasks.ring"),
        Submission(HERE, MEI, "tasks.note"),
        TimerFired(1, "tasks.note", "", START),
    ],
)
def test_event_that_nobody_handles_is_refused_with_the_way_home(event: Event) -> None:
    with pytest.raises(Refusal, match="older version"):
        ROUTER.match(event)


def test_command_is_given_what_follows_its_name_without_hidden_marks() -> None:
    found = ROUTER.match(Command(HERE, MEI, f"ring {HIDDEN} now"))
    assert isinstance(found.event, Command)
    assert (found.event.text, found.spec) == ("ab now", bells.commands["ring"])


def test_message_of_a_shortcut_has_no_hidden_marks() -> None:
    event = ROUTER.match(Shortcut(HERE, MEI, "bells.ring", HIDDEN)).event
    assert isinstance(event, Shortcut)
    assert event.text == "ab"


def test_click_and_form_are_given_their_own_value_without_the_community() -> None:
    click = ROUTER.match(Click(HERE, MEI, "bells.ring", "12:3")).event
    form = ROUTER.match(Submission(HERE, MEI, "bells.ring", "12:3")).event
    assert isinstance(click, Click)
    assert isinstance(form, Submission)
    assert click.value == form.value == "3"


def test_field_that_did_not_arrive_was_left_empty() -> None:
    event = ROUTER.match(Submission(HERE, MEI, "bells.ring", answers={"body": HIDDEN})).event
    assert isinstance(event, Submission)
    assert (event.answers["body"], event.answers["never sent"]) == ("ab", "")
