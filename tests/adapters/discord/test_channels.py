"""Channels of every kind: a forum gets a post for each card, and the bot knows where it can't post."""

from typing import Any

import pytest

from bot.core.platform import InChannel, InThread
from bot.ui import Attachment, Message, Text
from tests.adapters.discord.conftest import Scene, texts

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]
CARD = Message((Text("What went **well**?"),), title="Check-in")


async def forum(scene: Scene, *tags: dict[str, Any], requires_tag: bool = False) -> Any:
    """Create a forum, and tell the bot about it as Discord would."""
    channel = scene.guild.create_forum_channel("cards")
    stored = scene.peer.backend.get_channel(channel.id)
    stored.available_tags = [{"emoji_id": None, "emoji_name": None, "moderated": False, **tag} for tag in tags]
    told = channel_payload(scene, channel) | {"flags": 1 << 4 if requires_tag else 0}
    scene.peer.dispatch("CHANNEL_UPDATE", told)
    # What comes later by the same connection is heard later.
    await scene.answered(await scene.ben.slash(scene.channel, "cop home"))
    return channel


def channel_payload(scene: Scene, channel: Any) -> dict[str, Any]:
    from simcord.backend import serializers

    return dict(serializers.channel_payload(scene.peer.backend, scene.peer.backend.get_channel(channel.id)))


def known_to_the_library(scene: Scene) -> None:
    """Drop what discord.py sends with each post in a forum beyond Discord's description. Discord ignores it."""
    extra = ("/message/tts", "/type")
    scene.peer.findings[:] = [found for found in scene.peer.findings if found[3] not in extra]


def made(scene: Scene) -> list[dict[str, Any]]:
    return [request["json"] for request in scene.requests("POST", "/threads")]


async def test_card_is_a_post_in_a_forum_and_what_belongs_to_it_is_said_there(scene: Scene) -> None:
    place = await forum(scene)
    outcome, receipt = await scene.deliver(CARD, InChannel(str(place.id)))
    assert outcome == "delivered"
    [post] = made(scene)
    assert post["name"] == "Check-in"
    assert post["auto_archive_duration"] == 10080
    assert "What went" in texts(post["message"]["components"])
    thread, message = receipt.split()

    outcome, said = await scene.deliver(Message((Text("Summary"),)), InThread(receipt), "r2")
    assert outcome == "delivered"
    assert said.split()[0] == thread
    changed = Message((Text("1 heard from"),), title="Check-in")
    assert await scene.deliver(changed, InChannel(str(place.id)), "r3", replaces=receipt) == ("delivered", receipt)
    stored = scene.peer.backend.get_message(int(thread), int(message))
    assert "1 heard from" in texts(stored.components)
    # Nothing was tried in vain.
    assert [r["path"] for r in scene.peer.requests if r["status"] >= 400] == []
    known_to_the_library(scene)


async def test_post_in_a_forum_carries_a_file(scene: Scene) -> None:
    place = await forum(scene)
    file = Attachment("meeting.ics", "BEGIN:VCALENDAR", "text/calendar")
    outcome, receipt = await scene.deliver(Message((Text("The file"),), attachment=file), InChannel(str(place.id)))
    assert outcome == "delivered"
    stored = scene.peer.backend.get_message(*map(int, receipt.split()))
    assert [a["filename"] for a in stored.attachments] == ["meeting.ics"]
    known_to_the_library(scene)


async def test_post_has_a_tag_where_the_forum_requires_one(scene: Scene) -> None:
    tags = (
        {"id": "11", "name": "News", "moderated": True},
        {"id": "12", "name": "Ideas"},
        {"id": "13", "name": "More"},
    )
    place = await forum(scene, *tags, requires_tag=True)
    assert (await scene.deliver(CARD, InChannel(str(place.id))))[0] == "delivered"
    assert made(scene)[-1]["applied_tags"] == ["12"]
    free = await forum(scene, *tags)
    assert (await scene.deliver(CARD, InChannel(str(free.id)), "r2"))[0] == "delivered"
    assert not made(scene)[-1].get("applied_tags")
    known_to_the_library(scene)


async def test_rewritten_post_is_opened_again_when_discord_has_archived_it(scene: Scene) -> None:
    place = await forum(scene)
    _delivered, receipt = await scene.deliver(CARD, InChannel(str(place.id)))
    thread = scene.peer.backend.get_channel(int(receipt.split()[0]))
    thread.thread_metadata.archived = True
    changed = Message((Text("Closed"),), title="Check-in")
    outcome = await scene.deliver(changed, InChannel(str(place.id)), "r2", replaces=receipt)
    assert outcome == ("delivered", receipt)
    known_to_the_library(scene)


async def test_answer_in_a_forum_post_is_heard_in_the_forum(scene: Scene) -> None:
    """A post belongs to its forum, as a thread belongs to its channel."""
    place = await forum(scene)
    _delivered, receipt = await scene.deliver(CARD, InChannel(str(place.id)))
    [thread] = [t for t in place.threads if str(t.id) == receipt.split()[0]]
    result = await scene.ben.slash(thread, "cop home")
    await scene.answered(result)
    heard = scene.bot.events_of_kind("Command")[-1]
    assert heard["place"]["channel"] == str(place.id)
    known_to_the_library(scene)


async def test_cards_are_delivered_to_announcement_and_voice_channels(scene: Scene) -> None:
    for number, place in enumerate(
        (scene.guild.create_news_channel("news"), scene.guild.create_voice_channel("voice"))
    ):
        outcome, receipt = await scene.deliver(CARD, InChannel(str(place.id)), f"a{number}")
        assert outcome == "delivered"
        assert receipt.split()[0] == str(place.id)
