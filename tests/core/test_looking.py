"""What only reads is answered while somebody else writes, and leaves nothing behind."""

import threading

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from bot.app import App
from bot.context import Context
from bot.events import Command
from bot.feature import Feature
from bot.ui import Reply, card
from storage import communities, people, records
from tests.chat import Chat, words
from tests.village import cast, found

LOOKS = ("next", "help", "help join", "home", "my commitments", "recent")


@pytest.fixture
def changes(engine: Engine) -> list[str]:
    """Every statement from now on that changes something, or asks for the right to."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SELECT", "BEGIN")) or statement == "BEGIN IMMEDIATE":
            said.append(statement)

    event.listen(engine, "after_cursor_execute", note)
    return said


def test_a_member_who_looks_changes_nothing(chat: Chat, changes: list[str]) -> None:
    found(chat, ["Mei"])
    [mei] = cast(chat, "Mei")
    mei.types("next")
    changes.clear()
    seen = [words(chat.app.handle(Command(mei.place(), mei.who, line))) for line in LOOKS]
    assert changes == []
    assert not any("broke" in said for said in seen)


def test_looking_does_not_wait_for_somebody_who_writes(chat: Chat) -> None:
    found(chat, ["Mei"])
    [mei] = cast(chat, "Mei")
    mei.types("next")
    mei.sees = None
    with chat.app.turn, Session(chat.engine) as session, session.begin():
        session.add(communities.Space(platform="pretend", external="elsewhere"))
        session.flush()
        looking = threading.Thread(target=mei.types, args=["next"], daemon=True)
        looking.start()
        looking.join(30)
        assert mei.sees is not None


def test_somebody_new_who_only_looks_is_remembered_all_the_same(chat: Chat) -> None:
    found(chat, ["Mei"])
    [ana] = cast(chat, "Ana")
    assert "join" in ana.types("help join")
    with Session(chat.engine) as session:
        assert people.account(session, chat.name, "ana")


def test_a_name_that_changed_is_noted_even_by_looking(chat: Chat) -> None:
    found(chat, ["Mei"])
    [mei] = cast(chat, "Mei")
    mei.types("next")
    mei.who = type(mei.who)("mei", "Mei Lin", zone=mei.who.zone)
    mei.types("next")
    with Session(chat.engine) as session:
        account = people.account(session, chat.name, "mei")
        assert account
        assert account.name == "Mei Lin"


def test_a_line_that_is_nearly_right_is_offered_corrected(chat: Chat) -> None:
    found(chat, ["Mei"])
    [mei] = cast(chat, "Mei")
    mei.types("next")
    mei.types("help jion")
    assert "/cop join" in mei.presses("Run /cop help join")


liar = Feature("liar")


@liar.command("look", help="Says that it only reads", reads=True)
def look(ctx: Context, _event: Command) -> Reply:
    ctx.community.purpose = "changed"
    return card("Done")


def test_a_route_that_does_not_only_read_is_found_out(chat: Chat) -> None:
    found(chat, ["Mei"])
    [mei] = cast(chat, "Mei")
    mei.types("next")
    lying = App([liar], chat.engine, chat.clock.now)
    assert "Something broke" in words(lying.handle(Command(mei.place(), mei.who, "look")))
    with Session(chat.engine) as session:
        [community] = communities.every(session)
        assert community.purpose != "changed"
        assert [trouble.error.split()[0] for trouble in session.exec(select(records.Trouble))] == ["AssertionError"]
