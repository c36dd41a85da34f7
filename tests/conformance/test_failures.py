"""Failures from outside: a power cut, a wrong token, a platform that says to wait."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.slack.slow_road import slow_road
from tests.conformance import story
from tests.conformance.conftest import Run, running
from tests.conformance.discord_people import DiscordRoom
from tests.conformance.people import card_with, until
from tests.conformance.slack_people import SlackRoom

# What differs here is the platform, not the database.
pytestmark = [pytest.mark.conformance, pytest.mark.slow, pytest.mark.anywhere]
QUESTION = "What did you notice?"
# Processes that share a database wait until a silent one must be gone (scheduler.cluster_runner), and then for what
# it sent.
TAKEN_OVER_S = 60.0


@pytest.mark.kills
async def test_message_interrupted_by_a_power_cut_reaches_slack(slack: SlackRoom, run: Run) -> None:
    """The bot is killed before its request reaches Slack; the next process posts the message, once."""
    async with slow_road(slack.peer, "chat.postMessage", 3.0) as road:

        async def on_its_way() -> bool:
            return any(QUESTION in body for body in road.taken)

        bot = await run(slack, SLACK_BASE_URL=road.address)
        await story.begins(slack)
        await slack.ada.types(f"checkin open {QUESTION}", "facilitate")
        await until(on_its_way, "the question on its way")
        await bot.kill()
    assert not [card for card in await slack.cards() if QUESTION in card.words]
    again = await run(slack)
    await card_with(slack, QUESTION, TAKEN_OVER_S)

    async def resumed() -> bool:
        return bool(again.logged("deliveries resumed"))

    await until(resumed, "its log saying so")
    assert len([card for card in await slack.cards() if QUESTION in card.words]) == 1
    await again.stop()
    assert again.trouble == []


@pytest.mark.kills
async def test_discord_is_asked_what_arrived_before_a_power_cut(discord: DiscordRoom, run: Run) -> None:
    """The bot is killed before Discord answers; the next process looks the message up, and it is there once."""
    bot = await run(discord)
    await story.begins(discord)
    discord.peer.latency = 1.5  # seconds
    await discord.ada.types(f"checkin open {QUESTION}", "facilitate")

    async def on_its_way() -> bool:
        return bool(list(posts(discord)))

    await until(on_its_way, "the question on its way")
    await bot.kill()
    discord.peer.latency = 0.0
    again = await run(discord)
    await card_with(discord, QUESTION, TAKEN_OVER_S)

    async def asked() -> bool:
        return bool(again.logged("asked whether a delivery arrived"))

    await until(asked, "Discord being asked", TAKEN_OVER_S)
    await again.stop()
    assert again.trouble == []
    assert len([card for card in await discord.cards() if QUESTION in card.words]) == 1
    assert all(post["nonce"] and post["enforce_nonce"] is True for post in posts(discord)), "sent again, it is one"


def posts(room: DiscordRoom) -> Iterator[Any]:
    for request in room.peer.requests:
        if request["method"] == "POST" and request["path"].endswith("/messages") and QUESTION in str(request["json"]):
            yield request["json"]


@pytest.mark.parametrize("setting", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_wrong_slack_token_ends_the_bot_in_words(
    slack: SlackRoom, tmp_path: Path, fresh_database: str, setting: str
) -> None:
    wrong = {setting: "xoxb-wrong" if setting == "SLACK_BOT_TOKEN" else "xapp-1-wrong"}
    async with running(tmp_path, {**slack.environment(), **wrong, "DATABASE_URL": fresh_database}) as bot:
        assert await bot.ended() == 1
    [words] = bot.words
    assert setting in words
    assert "cop doctor" in words
    assert "wrong" not in words


async def test_wrong_discord_token_ends_the_bot_in_words(
    discord: DiscordRoom, tmp_path: Path, fresh_database: str
) -> None:
    wrong = {"DISCORD_TOKEN": "not.the.token"}
    async with running(tmp_path, {**discord.environment(), **wrong, "DATABASE_URL": fresh_database}) as bot:
        assert await bot.ended() == 1
    [words] = bot.words
    assert "does not accept DISCORD_TOKEN" in words
    assert "not.the.token" not in words


async def test_message_comes_later_when_slack_says_to_wait(slack: SlackRoom, run: Run) -> None:
    bot = await run(slack)
    await story.begins(slack)
    slack.peer.fault("chat.postMessage", times=2)
    await slack.ada.types(f"checkin open {QUESTION}", "facilitate")
    await card_with(slack, QUESTION)

    # The peer records a call a moment after it shows what was posted.
    async def taken() -> list[Any]:
        tries = [c for c in slack.peer.sent("chat.postMessage") if QUESTION in c["args"]["text"]]
        return tries if tries[-1]["status"] == 200 else []

    tries = await until(taken, "the message being taken")
    assert [c["status"] for c in tries] == [429, 429, 200]
    assert all(later["t"] - earlier["t"] >= 1.0 for earlier, later in pairwise(tries)), "Retry-After was 1"
    await bot.stop()
    assert bot.trouble == []
    assert slack.complaints() == []


async def test_message_comes_later_when_discord_says_to_wait(discord: DiscordRoom, run: Run) -> None:
    bot = await run(discord)
    await story.begins(discord)
    discord.peer.force_429("POST", r"/channels/\d+/messages$", 1.5, times=2)
    await discord.ada.types(f"checkin open {QUESTION}", "facilitate")
    await card_with(discord, QUESTION)
    tries = [r for r in discord.peer.requests if r["path"].endswith("/messages") and QUESTION in str(r["json"])]
    assert [r["status"] for r in tries] == [429, 429, 200]
    assert all(later["t"] - earlier["t"] >= 1.5 for earlier, later in pairwise(tries)), "Discord said 1.5 s"
    await bot.stop()
    assert bot.trouble == []
    assert discord.complaints() == []
