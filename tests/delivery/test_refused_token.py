"""A token that a platform doesn't accept any more: deliveries wait for it, and facilitators elsewhere are told once."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.core.platform import Delivery, TokenRefused
from bot.ui import ToCommunity
from scheduler.delivery_worker import DeliveryWorker
from scheduler.local_runner import LocalRunner
from storage.messaging import outbox
from storage.messaging.outbox import Outgoing
from storage.people import people
from tests.support.chat import Chat
from tests.support.community import create_community
from tests.support.deliveries import post, row
from tests.support.interruptions import PATIENCE_S


@pytest.fixture
def elsewhere(chat: Chat) -> Chat:
    """A second platform, which Ben uses too. His community isn't there."""
    create_community(chat)
    there = Chat(chat.engine, name="elsewhere", space="S2")
    there.app = chat.app
    with Session(chat.engine) as session, session.begin():
        ben = people.get_or_create(session, platform=chat.name, space=chat.space, external="ben")
        id, before = people.key(ben), chat.clock.now() - timedelta(days=1)
        session.add(
            people.Account(person_id=id, platform=there.name, space=there.space, external="ben2", seen_at=before)
        )
    return there


def refuse_token(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> list[Delivery]:
    """Refuse each delivery. Returns those that were refused."""
    refused: list[Delivery] = []

    async def refusing(delivery: Delivery) -> str:
        refused.append(delivery)
        raise TokenRefused(0.01)

    monkeypatch.setattr(chat, "deliver", refusing)
    return refused


def attempt(chat: Chat, *platforms: Chat, until: Callable[[], object]) -> None:
    """Send on these platforms until something has happened."""

    async def go() -> None:
        chat.app.running = [platform.name for platform in platforms]
        worker = DeliveryWorker(chat.app, {platform.name: platform for platform in platforms}, LocalRunner)
        async with asyncio.timeout(PATIENCE_S):
            while not until():
                await worker.pump()
                await asyncio.sleep(0.01)
        await worker.stop()

    asyncio.run(go())


def test_deliveries_wait_until_the_token_works(chat: Chat, elsewhere: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = refuse_token(chat, monkeypatch)
    post(chat, ToCommunity(), "x.card", "Hello")
    attempt(chat, chat, until=lambda: len(refused) > 2)
    assert (row(chat, "x.card").state, row(chat, "x.card").attempts) == (outbox.WAITING, 0)
    monkeypatch.undo()
    chat.wait(seconds=1)
    assert [each.words.strip() for each in chat.in_channel()] == ["Hello"]


def test_facilitators_elsewhere_are_told_once(chat: Chat, elsewhere: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = refuse_token(chat, monkeypatch)
    post(chat, ToCommunity(), "x.one", "Hello")
    attempt(chat, chat, elsewhere, until=lambda: elsewhere.posts)
    post(chat, ToCommunity(), "x.two", "Hello again")
    before = len(refused)
    attempt(chat, chat, elsewhere, until=lambda: len(refused) > before + 2)
    with Session(chat.engine) as session:
        assert len(session.exec(select(Outgoing).where(Outgoing.platform == elsewhere.name)).all()) == 1
    [notice] = elsewhere.posts
    assert notice.person == "ben2"
    assert "Pretend doesn’t accept my token anymore" in notice.words
    assert "cop doctor" in notice.words


def test_nobody_is_told_by_the_platform_that_refuses(
    chat: Chat, elsewhere: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would come when all is well again."""
    refused = refuse_token(chat, monkeypatch)
    post(chat, ToCommunity(), "x.card", "Hello")
    attempt(chat, chat, until=lambda: len(refused) > 2)
    monkeypatch.undo()
    chat.wait(seconds=1)
    assert [each.words.strip() for each in chat.posts] == ["Hello"]
