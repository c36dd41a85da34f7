"""Messages that somebody deleted on the platform: not posted again, and what hangs under them goes to the channel."""

import pytest
from sqlmodel import Session

from bot.core.platform import Delivery, RewriteRefused, Undeliverable
from bot.ui import ToCommunity, ToThread
from storage.messaging import outbox
from tests.support.chat import Actor, Chat, Post
from tests.support.community import actors, create_community
from tests.support.deliveries import post, row
from tests.support.meetings import create_meeting_community, local

QUESTION = "What helped?"


@pytest.fixture
def ben(chat: Chat) -> Actor:
    create_community(chat, ["Mei"])
    [ben] = actors(chat, "Ben")
    return ben


def posted(chat: Chat, words: str) -> list[Post]:
    return [each for each in chat.in_channel() if words in each.words]


def told(actor: Actor) -> list[str]:
    return [each.words for each in actor.direct() if "I cannot post" in each.words]


def test_deleted_card_is_not_posted_again_and_its_summary_goes_to_the_channel(chat: Chat, ben: Actor) -> None:
    ben.types(f"checkin open {QUESTION}")
    [card] = posted(chat, QUESTION)
    card.deleted = True
    [mei] = actors(chat, "Mei")
    mei.types("answer")
    mei.fills(body="Silent starts")
    assert posted(chat, QUESTION) == []
    assert row(chat, "rounds.card").state == outbox.DELETED
    chat.wait(days=8)
    [summary] = posted(chat, "Silent starts")
    assert summary.under == ""
    assert told(ben) == []
    with Session(chat.engine) as session:
        assert outbox.stuck(session, 1) == []


def test_message_under_a_deleted_one_goes_to_the_channel_when_that_is_found_out_only_then(
    chat: Chat, ben: Actor
) -> None:
    """Nothing has rewritten the card since it was deleted, and what follows keeps its place."""
    post(chat, ToCommunity(), "x.card", "The card")
    chat.deliver_all()
    [above] = posted(chat, "The card")
    above.deleted = True
    post(chat, ToThread("x.card"), "x.under", "Under it")
    post(chat, ToCommunity(), "x.next", "The next")
    chat.deliver_all()
    assert [(each.words.strip(), each.under) for each in chat.in_channel()][-2:] == [("Under it", ""), ("The next", "")]
    assert told(ben) == []
    # It can be rewritten there.
    post(chat, ToThread("x.card"), "x.under", "Under it, later")
    chat.deliver_all()
    assert [each.edits for each in posted(chat, "Under it, later")] == [1]


def test_words_of_a_deleted_message_are_not_kept(chat: Chat, ben: Actor) -> None:
    post(chat, ToCommunity(), "x.card", "The card")
    chat.deliver_all()
    posted(chat, "The card")[0].deleted = True
    for words in ("Second words", "Third words"):
        post(chat, ToCommunity(), "x.card", words)
        chat.deliver_all()
    assert (row(chat, "x.card").state, row(chat, "x.card").message) == (outbox.DELETED, "{}")


@pytest.mark.parametrize("refusal", [RewriteRefused(), Undeliverable("refused")])
def test_refused_rewrite_is_no_trouble_of_its_channel(
    chat: Chat, ben: Actor, monkeypatch: pytest.MonkeyPatch, refusal: Exception
) -> None:
    """Nobody is told, and what hangs under the message still does."""
    post(chat, ToCommunity(), "x.card", "The card")
    chat.deliver_all()
    [above] = posted(chat, "The card")
    deliver = chat.deliver

    async def refusing(delivery: Delivery) -> str:
        if delivery.replaces == above.id:
            raise refusal
        return await deliver(delivery)

    monkeypatch.setattr(chat, "deliver", refusing)
    post(chat, ToCommunity(), "x.card", "The card, later")
    post(chat, ToThread("x.card"), "x.under", "Under it")
    chat.deliver_all()
    assert [each.under for each in posted(chat, "Under it")] == [above.id]
    assert told(ben) == []


def test_reminders_of_a_deleted_meeting_card_come_in_the_channel(chat: Chat) -> None:
    """An answer rewrites the card after it was deleted."""
    create_meeting_community(chat)
    [mei] = actors(chat, "Mei")
    chat.until(local(2025, 10, 7, 12))
    [above] = posted(chat, "Meeting: Monthly circle")
    above.deleted = True
    mei.presses("Yes, I’ll come", above)
    chat.until(local(2025, 10, 8, 17))
    assert posted(chat, "Meeting: Monthly circle") == []
    reminders = [*posted(chat, "Tomorrow:"), *posted(chat, "In one hour:")]
    assert [each.under for each in reminders] == ["", ""]
