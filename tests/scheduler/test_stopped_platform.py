"""Messages of a platform that doesn't run wait for it alone, and people on another platform get theirs there."""

import asyncio
from collections.abc import Collection
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from bot.core.context import Context
from bot.ui import ToCommunity, ToPerson, card
from bot.ui.markup import mention
from scheduler.delivery_worker import DeliveryWorker
from scheduler.due_timers import next_moment
from scheduler.local_runner import LocalRunner
from storage.communities import communities
from storage.messaging import outbox, outbox_queue
from storage.messaging.outbox import Outgoing
from storage.people import people
from tests.support.chat import Chat
from tests.support.community import create_community


@pytest.fixture
def other(chat: Chat) -> Chat:
    """A second platform, where the community is too, and where Mei was last."""
    id = create_community(chat)
    there = Chat(chat.engine, name="elsewhere", space="S2")
    there.app = chat.app
    with Session(chat.engine) as session, session.begin():
        communities.bind(session, id, there.name, there.space, "attic")
        mei = people.get_or_create(session, platform=chat.name, space=chat.space, external="mei")
        seen = chat.clock.now() + timedelta(minutes=1)
        session.add(
            people.Account(
                person_id=people.key(mei), platform=there.name, space=there.space, external="mei2", seen_at=seen
            )
        )
    return there


def mei(chat: Chat) -> int:
    with Session(chat.engine) as session:
        return people.key(people.get_or_create(session, platform=chat.name, space=chat.space, external="mei"))


def post(chat: Chat, to: object, key: str, text: str, running: Collection[str] | None = None) -> None:
    with Session(chat.engine) as session, session.begin():
        ctx = Context(session, chat.clock.now(), "cop", community_or_none=communities.get(session, 1), running=running)
        ctx.post(to, key, card, text)  # type: ignore[arg-type]


def rows(chat: Chat, key: str) -> list[tuple[str, str]]:
    with Session(chat.engine) as session:
        every = session.exec(select(Outgoing).order_by(col(Outgoing.id)))
        return [(r.platform, r.state) for r in every if r.key.startswith(key)]


def run(chat: Chat, *platforms: Chat) -> None:
    async def go() -> None:
        worker = DeliveryWorker(chat.app, {p.name: p for p in platforms}, LocalRunner)
        try:
            await worker.wait_until_idle()
        finally:
            await worker.stop()

    asyncio.run(go())


def test_messages_of_a_stopped_platform_hold_up_no_other(chat: Chat, other: Chat) -> None:
    """They take no place among those that can be sent."""
    for n in range(5):
        post(chat, ToCommunity(), f"x.{n}", "Hello")
    with Session(chat.engine) as session:
        now = chat.clock.now()
        assert outbox_queue.due_in(session, now, [chat.name]) == {(chat.name, chat.space)}
        assert outbox_queue.due_in(session, now, []) == set()
        due = outbox_queue.due(session, now, 5, [(chat.name, chat.space)])
        assert [platform for _id, platform, _space, _key in due] == [chat.name] * 5
    run(chat, chat)
    assert len(chat.in_channel()) == 5
    assert rows(chat, "x.0") == [(chat.name, outbox.SENT), (other.name, outbox.WAITING)]
    run(chat, chat, other)
    # Nothing was lost in the meantime.
    assert len(other.posts) == 5


@pytest.mark.parametrize(
    ("running", "hears"),
    [
        (None, "elsewhere"),  # where she was last
        ({"pretend", "elsewhere"}, "elsewhere"),
        ({"pretend"}, "pretend"),
        ({"elsewhere"}, "elsewhere"),
        (set(), "elsewhere"),  # none runs: it waits where she was last
    ],
)
def test_direct_message_goes_to_an_account_that_is_reached(
    chat: Chat, other: Chat, running: set[str] | None, hears: str
) -> None:
    post(chat, ToPerson(mei(chat)), "y", "Only for you", running)
    assert rows(chat, "y") == [(hears, outbox.WAITING)]


def test_message_takes_another_way_when_posted_again(chat: Chat, other: Chat) -> None:
    """What couldn't be sent goes to another platform when it is posted again."""
    to = ToPerson(mei(chat))
    post(chat, to, "y", mention(mei(chat), "Mei"), {other.name})
    post(chat, to, "y", mention(mei(chat), "Mei"), {chat.name})
    run(chat, chat)
    assert rows(chat, "y") == [(chat.name, outbox.SENT)]
    [heard] = [p for p in chat.posts if p.person == "mei"]
    assert "account:mei)" in str(heard.message.parts)
    assert other.posts == []


def test_sent_message_is_rewritten_where_it_stands(chat: Chat, other: Chat) -> None:
    to = ToPerson(mei(chat))
    post(chat, to, "y", "First", {other.name})
    run(chat, other)
    post(chat, to, "y", "Second", {chat.name})
    assert rows(chat, "y") == [(other.name, outbox.WAITING)]
    run(chat, chat, other)
    assert [(p.words.strip(), p.edits) for p in other.posts if p.person] == [("Second", 1)]
    assert not [p for p in chat.posts if p.person]


def test_app_and_timers_know_which_platforms_run(chat: Chat, other: Chat) -> None:
    """The clock doesn't wake for a platform that doesn't run, and answers go to one that does."""
    chat.app.running = {chat.name}
    with Session(chat.engine) as session, session.begin():
        late = chat.clock.now() + timedelta(hours=1)
        outbox.put(
            session,
            key="z@1",
            platform=other.name,
            space=other.space,
            address="{}",
            message="{}",
            now=chat.clock.now(),
            not_before=late,
        )
    # No process wakes for what another one delivers.
    assert next_moment(chat.app) is None
    chat.app.running = {chat.name, other.name}
    assert next_moment(chat.app) == late

    other.app.running = {chat.name}
    who = other.person("Mei2")
    who.channel = "attic"
    who.types("data download")
    assert {platform for platform, _state in rows(chat, "mydata")} == {chat.name}
