"""One community on Slack, Discord, and the playground at once: one question, one round, one summary."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from tests.adapters.playground.conftest import Tab
from tests.conformance import story
from tests.conformance.accounts import CODE, lives_on_both
from tests.conformance.discord_people import DiscordRoom
from tests.conformance.people import card_with, said_under
from tests.conformance.playground_people import Visitor
from tests.conformance.process import START_S, Bot
from tests.conformance.slack_people import SlackRoom
from tests.support.ports import free_port

pytestmark = [pytest.mark.conformance, pytest.mark.slow]
QUESTION = "What helped this week?"


async def test_community_shares_a_round_on_three_platforms(
    slack: SlackRoom, discord: DiscordRoom, tmp_path: Path, fresh_database: str
) -> None:
    port = free_port()
    runner = ["tests.conformance.everywhere", str(port)]
    own = {"DATABASE_URL": fresh_database}
    bot = await Bot.start(tmp_path, own, slack.environment(), discord.environment(), command=runner)
    try:
        await bot.until(slack.ready())
        await bot.until(discord.ready())
        await asyncio.wait_for(bot.warm(), START_S)
        headers = {"Origin": f"http://127.0.0.1:{port}"}
        async with aiohttp.ClientSession(headers=headers) as http:
            url = f"http://127.0.0.1:{port}/"
            ada, kit = Visitor(Tab(http, url, "ada", "general")), Visitor(Tab(http, url, "kit", "general"))
            await ada.is_there()
            await play_story(slack, discord, ada, kit)
        await bot.stop()
        assert bot.trouble == []
        assert slack.complaints() == []
        assert discord.complaints() == []
    finally:
        await bot.kill()
        # Pytest shows it if the test fails.
        print(*bot.lines, *bot.words, sep="\n")


async def play_story(slack: SlackRoom, discord: DiscordRoom, ada: Visitor, kit: Visitor) -> None:
    await story.begins(slack)
    await lives_on_both(slack, discord)
    await slack.ada.types("link")
    found = CODE.search(slack.ada.sees.words)
    assert found
    assert "on Slack" in await ada.types(f"/cop link {found[1]}")
    await ada.presses("Link accounts")
    # Shown again to whoever has not seen the direct message.
    await slack.ada.types("link")
    assert "one person now" in (await slack.ada.presses("Link accounts")).words
    assert story.NAME in await ada.types("/cop-admin channel bind")

    await slack.alice.types("join")
    await slack.alice.presses("Join")
    await discord.bob.types("join")
    await discord.bob.presses("Join")
    await kit.types("/cop join")
    assert "You have joined" in await kit.presses("Join")

    await ada.types(f"/cop-facilitate checkin open {QUESTION}")
    controls = ada.sees
    there, here = await card_with(slack, QUESTION), await card_with(discord, QUESTION)
    await slack.alice.presses("Answer", there)
    await slack.alice.fills(body="Silent starts")
    await discord.bob.presses("Answer", here)
    await discord.bob.fills(body="A walk after homework")
    await kit.presses("Answer", await kit.post_with(QUESTION))
    await kit.fills(body="Snack first")

    await ada.presses("Close it now", controls)
    told = [(await said_under(room, card, "Summary")).words for room, card in ((slack, there), (discord, here))]
    told.append((await kit.post_with("3 people shared this")).text)
    for words in told:
        assert "3 people shared this" in words
        assert all(said in words for said in ("Silent starts", "A walk after homework", "Snack first"))
