"""A member answers by writing to the bot, as to a colleague."""

import pytest

from tests.conformance import story
from tests.conformance.conftest import Run, open_room
from tests.conformance.discord_people import DiscordPerson
from tests.conformance.people import card_with
from tests.conformance.slack_people import SlackPerson

pytestmark = [pytest.mark.conformance, pytest.mark.slow, pytest.mark.anywhere]
QUESTION = "What went well?"


@pytest.mark.parametrize("kind", ["slack over a socket", "slack over http", "discord"])
async def test_direct_message_to_the_bot_is_kept_as_the_answer(kind: str, run: Run) -> None:
    async with open_room(kind) as room:
        bot = await run(room)
        await story.begins(room)
        await story.is_joined(room)
        await room.ada.types(f"checkin open {QUESTION}", "facilitate")
        await card_with(room, QUESTION)
        said = await room.alice.whispers("We began with snacks")
        assert QUESTION in said.words
        assert "Is this your answer?" in said.words
        await room.alice.presses("Keep it")
        assert "your answer is kept" in room.alice.sees.words
        await card_with(room, "1 heard from")
        assert isinstance(room.alice, SlackPerson | DiscordPerson)
        assert "Changed" in (await room.alice.edits("We began with songs")).words
        assert "I still keep your answer" in (await room.alice.deletes()).words
        await room.alice.presses("Keep it")
        assert "We began with songs" in room.alice.sees.words
        assert "welcome" in (await room.alice.whispers("Thanks!")).words
        assert "What should stop?" in (await room.alice.whispers("stop")).words
        await bot.stop()
        assert bot.trouble == []
        assert room.complaints() == []
