"""What only one platform has: Slack's home page and mentions; Discord's autocomplete and commands in private."""

import pytest

from tests.conformance import story
from tests.conformance.conftest import Run, open_room
from tests.conformance.discord_people import DiscordRoom
from tests.conformance.people import Room, Shown, card_with, until
from tests.conformance.process import Bot
from tests.conformance.slack_people import SlackRoom

# What differs here is the platform, not the database.
pytestmark = [pytest.mark.conformance, pytest.mark.slow, pytest.mark.anywhere]
QUESTION = "What went well?"


async def recorded(bot: Bot, room: Room) -> Shown:
    """Wait until the card of the question is there and the bot has noted which message it is. Replies to it need that.

    A person who reads the card first takes longer.
    """

    async def noted() -> bool:
        return bool(bot.of_one_event("rounds.opened"))

    card = await card_with(room, QUESTION)
    await until(noted, "the delivery in the log")
    return card


@pytest.mark.parametrize("kind", ["slack over a socket", "slack over http"])
async def test_slack_shows_the_home_page_and_answers_a_mention(kind: str, run: Run) -> None:
    async with open_room(kind) as room:
        assert isinstance(room, SlackRoom)
        bot = await run(room)
        alice = room.alice
        await alice.opens_home()
        assert "Hello" in alice.sees.words
        await story.begins(room)
        await story.is_joined(room)
        await room.ada.types(f"checkin open {QUESTION}", "facilitate")
        await card_with(room, QUESTION)

        page = await alice.opens_home()
        assert story.NAME in page.words
        assert QUESTION in page.words
        await alice.presses("Answer", page)
        await alice.fills(body="The first ten minutes")
        await card_with(room, "1 heard from")

        await room.bob.mentions("find homework")
        assert "homework" in room.bob.sees.words
        # A form can't open from a mention, so a button offers it.
        await room.bob.mentions("answer")
        await room.bob.presses("Open the form")
        await room.bob.fills(body="Snacks first")
        await card_with(room, "2 heard from")
        await bot.stop()
        assert bot.trouble == []
        assert room.complaints() == []


async def test_discord_suggests_while_typing_and_takes_private_commands(discord: DiscordRoom, run: Run) -> None:
    bot = await run(discord)
    await story.begins(discord)
    await story.is_joined(discord)
    alice = discord.alice
    await alice.member.autocomplete(discord.channel, "cop timezone", "zone", "lisb")

    async def suggested() -> list[str]:
        answers = [r["json"] for r in discord.peer.requests if r["path"].endswith("/callback")]
        return [c["value"] for a in answers if a["type"] == 8 for c in a["data"]["choices"]]

    assert "Europe/Lisbon" in await until(suggested, "suggestions")
    await alice.types("timezone Europe/Lisbon")
    assert "Lisbon" in alice.sees.words

    await alice.writes_in_private("home")
    assert story.NAME in alice.sees.words
    await bot.stop()
    assert bot.trouble == []
    assert discord.complaints() == []


async def test_discord_answers_a_mention_and_takes_a_reply_for_an_answer(discord: DiscordRoom, run: Run) -> None:
    """Nobody else in the channel sees an answer about a person. What isn't for the bot is not even looked at."""
    bot = await run(discord)
    await story.begins(discord)
    await story.is_joined(discord)
    alice, bob = discord.alice, discord.bob
    await bob.mentions("help")
    assert "answer" in bob.sees.words
    assert bob.sees.surface.channel.id == discord.channel.id
    await bob.mentions("find homework")
    assert "homework" in bob.sees.words
    assert bob.sees.surface.channel.id == bob.user.dm_channel.id
    await card_with(discord, "I’ve answered you in a direct message")

    await discord.ada.types(f"checkin open {QUESTION}", "facilitate")
    card = await recorded(bot, discord)
    await alice.says("Nobody asked the bot")
    await alice.mentions("Snacks first", in_reply_to=card, by_name=False)
    assert QUESTION in alice.sees.words
    assert "Is this your answer?" in alice.sees.words
    assert alice.sees.surface.channel.id == alice.user.dm_channel.id
    await alice.presses("Keep it")
    assert "your answer is kept" in alice.sees.words
    await card_with(discord, "1 heard from")
    await bot.stop()
    assert bot.trouble == []
    assert discord.complaints() == []


async def test_slack_takes_a_mention_in_the_thread_of_a_card_for_an_answer(slack: SlackRoom, run: Run) -> None:
    bot = await run(slack)
    await story.begins(slack)
    await story.is_joined(slack)
    await slack.ada.types(f"checkin open {QUESTION}", "facilitate")
    card = await recorded(bot, slack)
    await slack.bob.mentions("Next week: snacks first", in_thread_of=card)
    assert "Is this your answer?" in slack.bob.sees.words
    await slack.bob.presses("Keep it")
    await card_with(slack, "1 heard from")
    await slack.bob.mentions("help", in_thread_of=card)
    assert "answer" in slack.bob.sees.words
    await bot.stop()
    assert bot.trouble == []
    assert slack.complaints() == []
