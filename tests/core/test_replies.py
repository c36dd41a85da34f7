"""What is answered when it cannot simply be done as asked: which community, the command corrected, or no."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from bot.core.app import App
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command
from bot.core.feature import Feature
from bot.core.permissions import Role
from bot.ui import Button, Message, Reply, Select, card
from storage.communities import communities
from tests.support.chat import Actor, Chat, words
from tests.support.community import actors, create_community

tasks = Feature("tasks")


@tasks.command("where", help="Say where", argument="[words]")
def where(ctx: Context, event: Command) -> Reply:
    return card(f"In {ctx.community.name}: {event.text}")


@tasks.command("join", help="Join", needs=Role.ANYONE)
def join(ctx: Context, _event: Command) -> Reply:
    return card(f"Joined {ctx.community.name}")


@tasks.command("rule", help="Set a rule", choices=("on", "off"))
def rule(ctx: Context, event: Command) -> Reply:
    return card(f"In {ctx.community.name}: rules are {event.text}")


@tasks.command("lead", help="Lead", needs=Role.FACILITATOR)
def lead(ctx: Context, _event: Command) -> Reply:
    return card(f"You lead {ctx.community.name}")


@tasks.command("pick", help="Pick", argument="[words]")
def pick(_ctx: Context, _event: Command) -> Reply:
    raise Refusal("Which?", retry="where best", among=tuple(f"where {n}" for n in range(7)))


@pytest.fixture
def room(engine: Engine) -> Chat:
    chat = Chat(engine)
    chat.app = App([tasks], engine, chat.clock.now)
    return chat


def mei_of(room: Chat, count: int) -> Actor:
    """Mei, in a channel of none of her communities."""
    for number in range(1, count + 1):
        create_community(room, ["Mei"], name=f"Community {number}", channel=f"c{number}")
    [mei] = actors(room, "Mei")
    mei.channel = "elsewhere"
    return mei


def test_person_of_a_few_communities_chooses_with_a_button(room: Chat) -> None:
    mei = mei_of(room, 5)
    assert "Which one do you mean?" in mei.types("where are we")
    assert [a.label for a in mei.shown.actions] == [f"Community {n}" for n in range(1, 6)]
    assert mei.presses("Community 4").strip() == "In Community 4: are we"


def test_person_of_many_communities_chooses_from_a_menu(room: Chat) -> None:
    mei = mei_of(room, 26)
    mei.types("where are we")
    [menu] = mei.shown.actions
    assert isinstance(menu, Select)
    assert len(menu.choices) == 25
    assert mei.chooses(menu.label, "Community 25").strip() == "In Community 25: are we"


def test_choice_is_asked_under_the_root_that_was_typed(room: Chat) -> None:
    mei = mei_of(room, 2)
    mei.types("lead", root="facilitator")
    assert "is for facilitators" in mei.presses("Community 2")


def test_button_of_a_command_stays_in_the_community_it_was_typed_in(room: Chat) -> None:
    """A corrected line that is run from elsewhere still means the community it was typed in."""
    mei = mei_of(room, 2)
    mei.channel = "c2"
    assert "onn is not one of on, off" in mei.types("rule onn")
    mei.channel = "elsewhere"
    assert mei.presses("Run /cop rule on").strip() == "In Community 2: rules are on"


def test_button_of_a_command_leads_into_no_community_that_is_not_theirs(room: Chat) -> None:
    mei = mei_of(room, 2)
    create_community(room, ["Olu"], name="Closed", channel="closed")
    mei.types("where are we")
    [first, _second] = [a for a in mei.shown.actions if isinstance(a, Button)]
    draft = first.value.rpartition(":")[2].partition(".")[0]
    said = words(room.app.handle(Click(mei.place(), mei.who, "commands.again", f":{draft}.3")))
    assert "you aren’t part of it" in said


def test_command_of_a_stranger_is_run_again_only_in_the_channel_it_was_typed_in(room: Chat) -> None:
    create_community(room, ["Mei"], name="Community 1", channel="c1")
    zed = room.person("Zed")
    zed.channel = "c1"
    assert "you have not joined here yet" in zed.types("where")
    refused, zed.channel = zed.sees, "elsewhere"
    assert "you aren’t part of it" in zed.presses("Run /cop join")
    zed.sees, zed.channel = refused, "c1"
    assert zed.presses("Run /cop join").strip() == "Joined Community 1"


def test_whoever_manages_the_space_may_choose_any_community_of_it(room: Chat) -> None:
    create_community(room, ["Mei"], name="First", channel="c1")
    create_community(room, ["Mei"], name="Second", channel="c2")
    ada = room.person("Ada", manages=True)
    ada.channel = "elsewhere"
    ada.types("where")
    assert [a.label for a in ada.shown.actions] == ["First", "Second"]
    assert "you have not joined here yet" in ada.presses("Second")


def test_button_of_a_forgotten_command_asks_to_type_it_again(room: Chat) -> None:
    mei = mei_of(room, 1)
    for value in (":99", ":", ":x.y"):
        said = words(room.app.handle(Click(mei.place(), mei.who, "commands.again", value)))
        assert "no longer remember that command" in said


def test_button_means_its_community_whatever_it_is_called_by_now(room: Chat) -> None:
    mei = mei_of(room, 2)
    mei.types("where are we")
    with Session(room.engine) as session, session.begin():
        row = communities.get(session, 2)
        assert row
        row.name = "Renamed"
    assert mei.presses("Community 2").strip() == "In Renamed: are we"


def test_refusal_offers_the_likeliest_line_first_and_at_most_a_row_of_others(room: Chat) -> None:
    mei = mei_of(room, 1)
    assert mei.types("pick").strip() == "Which?"
    shown = mei.sees
    assert isinstance(shown, Message)
    buttons = [(a.label, a.style) for a in shown.actions if isinstance(a, Button)]
    assert buttons[0] == ("Run /cop where best", "primary")
    assert buttons[1:] == [(f"Run /cop where {n}", "plain") for n in range(4)]
    assert mei.presses("Run /cop where best").strip() == "In Community 1: best"


def test_label_of_a_long_line_is_cut(room: Chat) -> None:
    mei = mei_of(room, 1)
    mei.types("wheer " + "we are " * 20)
    [run] = [a for a in mei.shown.actions if isinstance(a, Button)]
    assert len(run.label) <= 64
    assert mei.presses(run.label).strip() == "In Community 1: " + ("we are " * 20).strip()
