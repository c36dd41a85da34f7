"""Routes that only read are answered while others write, and change nothing; the shortest are answered at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Engine
from sqlalchemy.event import listen
from sqlmodel import Session, col, select

from bot.core.app import App, NeedsWriteTransaction
from bot.core.context import Context
from bot.core.events import Command
from bot.core.feature import Feature
from bot.ui import Reply, card
from storage import database
from storage.communities import communities, role_mappings
from storage.operations import incidents
from storage.people import identity_cache, people
from tests.support.chat import Actor, Chat, words
from tests.support.community import actors, create_community

LOOKS = ("next", "help", "help join", "home", "my commitments", "recent")


@pytest.fixture
def changes(engine: Engine) -> list[str]:
    """Record every statement from now on that changes something, or asks for the right to."""
    said: list[str] = []

    def record(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SELECT", "BEGIN")) or statement == "BEGIN IMMEDIATE":
            said.append(statement)

    listen(engine, "after_cursor_execute", record)
    return said


def test_read_only_command_of_a_member_writes_nothing(chat: Chat, changes: list[str]) -> None:
    create_community(chat, ["Mei"])
    [mei] = actors(chat, "Mei")
    mei.types("next")
    changes.clear()
    seen = [words(chat.app.handle(Command(mei.place(), mei.who, line))) for line in LOOKS]
    assert changes == []
    assert not any("broke" in said for said in seen)


def test_read_only_command_does_not_wait_for_a_writer(chat: Chat) -> None:
    create_community(chat, ["Mei"])
    [mei] = actors(chat, "Mei")
    mei.types("next")
    mei.sees = None

    def look() -> None:
        mei.sees = chat.app.handle(Command(mei.place(), mei.who, "next"))

    with chat.app.write_lock, Session(chat.engine) as session, session.begin():
        session.add(communities.Space(platform="pretend", external="elsewhere"))
        session.flush()
        # Not as people in stories type, which also delivers: that waits for the writer.
        looking = threading.Thread(target=look, daemon=True)
        looking.start()
        looking.join(30)
        assert mei.sees is not None


def test_repeated_delivery_of_what_only_reads_is_answered_once(chat: Chat) -> None:
    """Slack sends a message again if it saw no acknowledgement in time."""
    create_community(chat, ["Mei"])
    [mei] = actors(chat, "Mei")
    mei.types("next")
    for number, line in enumerate(LOOKS):
        event = Command(mei.place(direct=True), mei.who, line, idempotency_key=f"Ev{number}")
        assert [words(reply) for reply in (chat.app.handle(event), chat.app.handle(event)) if reply] != []
        assert chat.app.handle(event) is None


def test_new_person_is_saved_by_a_read_only_command(chat: Chat) -> None:
    """Someone new who only looks is remembered all the same."""
    create_community(chat, ["Mei"])
    [ana] = actors(chat, "Ana")
    assert "join" in ana.types("help join")
    with Session(chat.engine) as session:
        assert people.account(session, chat.name, "ana")


def test_changed_name_is_saved_by_a_read_only_command(chat: Chat) -> None:
    create_community(chat, ["Mei"])
    [mei] = actors(chat, "Mei")
    mei.types("next")
    mei.who = type(mei.who)("mei", "Mei Lin", zone=mei.who.zone)
    mei.types("next")
    with Session(chat.engine) as session:
        account = people.account(session, chat.name, "mei")
        assert account
        assert account.name == "Mei Lin"


def test_mistyped_read_only_command_is_offered_corrected(chat: Chat) -> None:
    create_community(chat, ["Mei"])
    [mei] = actors(chat, "Mei")
    mei.types("next")
    mei.types("help jion")
    assert "/cop join" in mei.presses("Run /cop help join")


liar = Feature("liar")


@liar.command("look", help="Says that it only reads", argument="[what]", reads=True)
def lying_command(ctx: Context, event: Command) -> Reply:
    match event.text:
        case "community":
            ctx.community.purpose = "changed"
        case "somebody":
            ctx.session.exec(select(people.Person).where(people.Person.id != ctx.me)).all()[0].name = "changed"
        case "something new":
            ctx.session.add(communities.Space(platform="pretend", external="elsewhere"))
        case "something old":
            ctx.session.delete(communities.channels(ctx.session, ctx.community_id)[0])
    return card("Done")


@pytest.mark.parametrize("what", ["community", "somebody", "something new", "something old"])
def test_write_in_a_read_only_route_is_an_error(chat: Chat, what: str) -> None:
    create_community(chat, ["Mei"])
    [mei] = actors(chat, "Mei")
    mei.types("next")
    lying = App([liar], chat.engine, chat.clock.now)
    assert "Something broke" in words(lying.handle(Command(mei.place(), mei.who, f"look {what}")))
    with Session(chat.engine) as session:
        [community] = communities.every(session)
        assert community.purpose != "changed"
        assert [incident.error.split()[0] for incident in session.exec(select(incidents.Incident))] == [
            "AssertionError"
        ]


# --- answered immediately, on the event loop

AT_ONCE = ("help", "help join", "home", "next")


@pytest.fixture
def on_a_file(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL is asked over a network, so nothing there is answered at once")


def answered(chat: Chat, actor: Actor, line: str) -> str:
    """Handle an event as an adapter does: at once, or else in a thread."""
    event = Command(actor.place(), actor.who, line)
    try:
        return words(chat.app.try_handle_immediately(event))
    except NeedsWriteTransaction:
        return words(chat.app.handle(event))


@contextmanager
def elsewhere(chat: Chat) -> Iterator[Session]:
    """Yield a session on an engine of its own, as in another process."""
    engine = database.connect(chat.engine.url.render_as_string(hide_password=False))
    with Session(engine) as session, session.begin():
        yield session
    engine.dispose()


@pytest.fixture
def mei(chat: Chat) -> Actor:
    create_community(chat, ["Mei"])
    [mei] = actors(chat, "Mei")
    mei.types("next")
    return mei


@pytest.mark.usefixtures("on_a_file")
@pytest.mark.parametrize("line", AT_ONCE)
def test_immediate_answer_equals_the_usual_one(chat: Chat, mei: Actor, line: str) -> None:
    event = Command(mei.place(), mei.who, line)
    assert chat.app.try_handle_immediately(event) == chat.app.handle(event) == chat.app.try_handle_immediately(event)


@pytest.mark.usefixtures("on_a_file")
def test_immediate_answer_asks_nothing_that_is_cached(chat: Chat, mei: Actor) -> None:
    event = Command(mei.place(), mei.who, "help join")
    chat.app.try_handle_immediately(event)
    asked: list[str] = []
    listen(chat.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert "/cop join" in words(chat.app.try_handle_immediately(event))
    assert asked == []


@pytest.mark.usefixtures("on_a_file")
def test_immediate_answer_does_not_wait_for_a_writer(chat: Chat, mei: Actor) -> None:
    with chat.app.write_lock, Session(chat.engine) as session, session.begin():
        session.add(communities.Space(platform="pretend", external="elsewhere"))
        session.flush()
        for line in AT_ONCE:
            assert chat.app.try_handle_immediately(Command(mei.place(), mei.who, line))


@pytest.mark.usefixtures("on_a_file")
@pytest.mark.parametrize("line", ["join", "rsvp yes", "nxet", "help jion", "find retros"])
def test_other_commands_need_a_write_transaction(chat: Chat, mei: Actor, line: str) -> None:
    with pytest.raises(NeedsWriteTransaction):
        chat.app.try_handle_immediately(Command(mei.place(), mei.who, line))


def test_immediate_route_still_saves_a_stranger_and_a_changed_name(chat: Chat, mei: Actor) -> None:
    answered(chat, mei, "help join")
    mei.who = type(mei.who)("mei", "Mei Lin", zone=mei.who.zone)
    [ana] = actors(chat, "Ana")
    for actor in (mei, ana, mei, ana):
        answered(chat, actor, "help join")
    with Session(chat.engine) as session:
        assert [row and row.name for row in (people.account(session, chat.name, name) for name in ("mei", "ana"))] == [
            "Mei Lin",
            "Ana",
        ]


def test_role_taken_away_by_another_process_ends_at_once(chat: Chat, mei: Actor) -> None:
    [ben] = actors(chat, "Ben")
    ben.types("next")
    for role in (1, 2, 3, 1, 2):
        with elsewhere(chat) as session:
            person = people.account(session, chat.name, "ben")
            assert person
            people.enrol(session, 1, person.person_id).role = role
        for _time in range(2):
            assert ("is for facilitators" in answered(chat, ben, "help checkin open")) is (role < 2)
            assert ("is for admins" in answered(chat, ben, "help role map")) is (role < 3)
            assert "is for facilitators" in answered(chat, mei, "help checkin open")


def test_role_mapping_of_another_process_counts_at_once(chat: Chat, mei: Actor) -> None:
    mei.who = replace(mei.who, groups=("stewards",))
    for facilitates in (False, True, False):
        with elsewhere(chat) as session:
            if facilitates:
                role_mappings.give(session, 1, chat.name, "stewards", 2)
            else:
                role_mappings.take_back(session, 1, chat.name, "stewards")
        for _time in range(2):
            assert ("is for facilitators" in answered(chat, mei, "help checkin open")) is not facilitates


def test_member_who_left_is_a_stranger_at_once(chat: Chat, mei: Actor) -> None:
    """The same holds once another process has unbound the channel from the community."""
    assert "Youth workers" in answered(chat, mei, "help")
    with elsewhere(chat) as session:
        communities.unbind(session, 1, chat.name, chat.space, "general")
        row = people.membership(session, 1, people.account(session, chat.name, "mei").person_id)  # type: ignore[union-attr]
        assert row
        row.left_at = chat.clock.now()
    assert "Youth workers" not in answered(chat, mei, "help")


@pytest.mark.usefixtures("on_a_file")
def test_identity_cache_is_bounded(chat: Chat, mei: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for one person, two of them still get answers for their own roles."""
    monkeypatch.setattr(identity_cache, "MOST", 1)
    [ben] = actors(chat, "Ben")
    ben.types("next")
    for actor, may_not in ((mei, True), (ben, False)) * 2:
        assert ("is for facilitators" in answered(chat, actor, "help checkin open")) is may_not


sly = Feature("sly")


@sly.command("look", help="Says that it only reads", reads=True, immediate=True)
def change(ctx: Context, _event: Command) -> Reply:
    ctx.community.purpose, ctx.person.name = "changed", "changed"
    return card("Done")


@sly.command("who", help="Says who is here", reads=True, immediate=True)
def who(ctx: Context, _event: Command) -> Reply:
    return card(f"{ctx.person.name} in {ctx.community.name} for {ctx.community.purpose}")


def test_cached_rows_are_never_changed_by_a_handler(chat: Chat, mei: Actor) -> None:
    chat.app = App([sly], chat.engine, chat.clock.now)
    for _time in range(2):
        assert "Mei in Youth workers for Better afternoons" in answered(chat, mei, "who")
        assert "Something broke" in answered(chat, mei, "look")


@pytest.mark.usefixtures("on_a_file")
def test_cached_rows_are_read_again_after_a_handler_that_broke(chat: Chat, mei: Actor) -> None:
    """Nothing is committed in between, so nothing else says that they are no longer true."""
    chat.app = App([sly], chat.engine, chat.clock.now)
    said = answered(chat, mei, "who")
    with pytest.raises(NeedsWriteTransaction):
        chat.app.try_handle_immediately(Command(mei.place(), mei.who, "look"))
    assert words(chat.app.try_handle_immediately(Command(mei.place(), mei.who, "who"))) == said


@pytest.mark.usefixtures("on_a_file")
def test_immediate_answer_is_given_up_when_rows_change_meanwhile(chat: Chat, mei: Actor) -> None:
    """A cached identity is never combined with rows that are newer than it."""
    between = Feature("between")

    @between.command("look", help="Reads twice", reads=True, immediate=True)
    def show_names(ctx: Context, _event: Command) -> Reply:
        if writes:
            with elsewhere(chat) as session:
                people.get(session, writes.pop()).name = "Mei Lin"  # type: ignore[union-attr]
        fresh = ctx.session.exec(select(col(people.Person.name)).where(people.Person.id == ctx.me)).one()
        return card(f"{ctx.person.name}, {fresh}")

    chat.app, writes = App([between], chat.engine, chat.clock.now), [0]
    writes.clear()
    event = Command(mei.place(), mei.who, "look")
    assert "Mei, Mei" in words(chat.app.try_handle_immediately(event))
    with Session(chat.engine) as session:
        writes.append(people.account(session, chat.name, "mei").person_id)  # type: ignore[union-attr]
    with pytest.raises(NeedsWriteTransaction):
        chat.app.try_handle_immediately(event)
    assert "Mei Lin, Mei Lin" in words(chat.app.try_handle_immediately(event))


@pytest.mark.usefixtures("on_a_file")
def test_event_handed_to_a_write_transaction_is_counted_once(chat: Chat, mei: Actor) -> None:
    def counted() -> float:
        kinds = [{"kind": "Command", "outcome": outcome} for outcome in ("ok", "failed", "")]
        return sum(REGISTRY.get_sample_value("commonplace_events_total", kind) or 0 for kind in kinds)

    before = counted()
    answered(chat, mei, "help join")
    answered(chat, mei, "help jion")
    answered(chat, mei, "rsvp yes")
    assert counted() == before + 3
