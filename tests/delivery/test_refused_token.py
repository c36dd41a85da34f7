"""A token that a platform doesn't accept any more: deliveries wait for it, and facilitators elsewhere are told once."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.core.platform import Delivery, TokenRefused
from bot.ui import ToCommunity
from scheduler.delivery_worker import DeliveryWorker
from scheduler.local_runner import LocalRunner
from storage.messaging import outbox
from storage.people import people
from tests.support.chat import Chat
from tests.support.community import create_community
from tests.support.deliveries import post, row


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


def refuse_token(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refusing(_delivery: Delivery) -> str:
        raise TokenRefused(0.01)

    monkeypatch.setattr(chat, "deliver", refusing)


def attempt(chat: Chat, *platforms: Chat) -> None:
    """Send for a moment on these platforms."""

    async def go() -> None:
        chat.app.running = [platform.name for platform in platforms]
        worker = DeliveryWorker(chat.app, {platform.name: platform for platform in platforms}, LocalRunner)
        for _time in range(3):
            await worker.pump()
            await asyncio.sleep(0.1)
        await worker.stop()

    asyncio.run(go())


def test_deliveries_wait_until_the_token_works(chat: Chat, elsewhere: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_token(chat, monkeypatch)
    post(chat, ToCommunity(), "x.card", "Hello")
    attempt(chat, chat)
    assert (row(chat, "x.card").state, row(chat, "x.card").attempts) == (outbox.WAITING, 0)
    monkeypatch.undo()
    chat.wait(seconds=1)
    assert [each.words.strip() for each in chat.in_channel()] == ["Hello"]


def test_facilitators_elsewhere_are_told_once(chat: Chat, elsewhere: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_token(chat, monkeypatch)
    post(chat, ToCommunity(), "x.one", "Hello")
    attempt(chat, chat, elsewhere)
    post(chat, ToCommunity(), "x.two", "Hello again")
    attempt(chat, chat, elsewhere)
    [notice] = elsewhere.posts
    assert notice.person == "ben2"
    assert "Pretend doesn’t accept my token anymore" in notice.words
    assert "cop doctor" in notice.words


def test_nobody_is_told_by_the_platform_that_refuses(
    chat: Chat, elsewhere: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would come when all is well again."""
    refuse_token(chat, monkeypatch)
    post(chat, ToCommunity(), "x.card", "Hello")
    attempt(chat, chat)
    monkeypatch.undo()
    chat.wait(seconds=1)
    assert [each.words.strip() for each in chat.posts] == ["Hello"]
