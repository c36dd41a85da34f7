"""Channels that are not plain text channels, on Discord: a forum, and what no community can live in."""

from pathlib import Path

import pytest

from tests.conformance import story
from tests.conformance.conftest import Run
from tests.conformance.discord_people import DiscordRoom
from tests.conformance.people import Shown, card_with, until
from tests.conformance.process import doctor

# What differs here is the platform, not the database.
pytestmark = [pytest.mark.conformance, pytest.mark.slow, pytest.mark.anywhere]
QUESTION = "What went well?"


async def test_forum_gets_a_post_for_each_card(discord: DiscordRoom, run: Run) -> None:
    """Typed in somebody's post, it means the forum. The summary is said in the card's post."""
    bot = await run(discord)
    await story.begins(discord)
    await story.is_joined(discord)
    ada, alice = discord.ada, discord.alice
    forum = discord.guild.create_forum_channel("questions")
    await ada.types(f"channel bind <#{forum.id}>", "admin")
    assert "each of my cards becomes a post" in ada.sees.words
    await ada.types(f"checkin open {QUESTION}", "facilitate")
    controls = ada.sees
    await card_with(discord, QUESTION)

    async def posted() -> Shown | None:
        posts = [card for thread in forum.threads for card in discord.history(thread)]
        return next((card for card in posts if QUESTION in card.words), None)

    card = await until(posted, "a post in the forum")
    await alice.presses("Answer", card)
    await alice.fills(body="Silent starts")
    await ada.presses("Close it now", controls)

    async def summed_up() -> bool:
        [thread] = forum.threads
        return any("Silent starts" in said.words for said in discord.history(thread))

    await until(summed_up, "the summary in the post")
    await bot.stop()
    assert bot.trouble == []
    # The library sends these with each post in a forum, and Discord ignores them.
    assert {found[3] for found in discord.complaints()} <= {"/message/tts", "/type"}


async def test_channel_where_no_community_can_live_is_refused_in_words(discord: DiscordRoom, run: Run) -> None:
    bot = await run(discord)
    await story.begins(discord)
    ada, guild = discord.ada, discord.guild
    thread = discord.peer.backend.create_thread(discord.channel.id, "aside", ada.member.id)
    for place, words in (
        (guild.create_stage_channel("stage").id, "This is a stage"),
        (guild.create_category("all").id, "This is a category"),
        (thread.id, "This is a thread"),
        (4_000, "I can’t see that channel"),
    ):
        await ada.types(f"channel bind <#{place}>", "admin")
        assert words in ada.sees.words
    for place in (guild.create_news_channel("news"), guild.create_voice_channel("room")):
        await ada.types(f"channel bind <#{place.id}>", "admin")
        assert "lives in" in ada.sees.words
    await bot.stop()
    assert bot.trouble == []
    assert discord.complaints() == []


async def test_role_says_who_sees_its_commands_on_discord(
    discord: DiscordRoom, run: Run, tmp_path: Path, fresh_database: str
) -> None:
    """`cop doctor` too, until somebody shows them."""
    bot = await run(discord)
    await story.begins(discord)
    ada = discord.ada
    await ada.types(f"role map facilitator <@{discord.bob.id}>", "admin")
    assert "Only people with **Manage Events** see `/cop-facilitate`" in ada.sees.words
    assert "Server Settings → Integrations" in ada.sees.words
    await ada.types(f"role map admin <@{discord.bob.id}>", "admin")
    assert "Only people with **Manage Server** see `/cop-admin`" in ada.sees.words
    hidden = "Bob can’t see /cop-facilitate, because they don’t have Manage Events"
    own = {"DATABASE_URL": fresh_database}
    said = await doctor(tmp_path, own, discord.environment())
    assert hidden in said
    assert "Ada can’t see" not in said
    listed = discord.peer.backend.visible_commands(user_id=ada.member.id, channel_id=discord.channel.id)
    [command] = [command for command in listed if command["name"] == "cop-facilitate"]
    discord.guild.set_command_permissions(int(command["id"]), {discord.bob.member: True})
    assert hidden not in await doctor(tmp_path, own, discord.environment())
    await bot.stop()
    assert bot.trouble == []
    assert discord.complaints() == []
