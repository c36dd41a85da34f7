"""One community on Slack and Discord at once: one question, one round, one summary."""

import pytest

from tests.conformance import story
from tests.conformance.accounts import lives_on_both
from tests.conformance.conftest import Run
from tests.conformance.discord_people import DiscordRoom
from tests.conformance.people import card_with, said_under
from tests.conformance.slack_people import SlackRoom

# On PostgreSQL, the story on three platforms holds all of it.
pytestmark = [pytest.mark.conformance, pytest.mark.slow, pytest.mark.anywhere]
QUESTION = "What will you try?"


async def test_community_shares_a_round_on_two_platforms(slack: SlackRoom, discord: DiscordRoom, run: Run) -> None:
    bot = await run(slack, discord)
    await story.begins(slack)
    await lives_on_both(slack, discord)

    await slack.alice.types("join")
    await slack.alice.presses("Join")
    await discord.bob.types("join")
    await discord.bob.presses("Join")
    await slack.ada.types(f"checkin open {QUESTION}", "facilitate")
    controls = slack.ada.sees
    there, here = await card_with(slack, QUESTION), await card_with(discord, QUESTION)
    await slack.alice.presses("Answer", there)
    await slack.alice.fills(body="Silent starts")
    await discord.bob.presses("Answer", here)
    await discord.bob.fills(body="A walk after homework")
    await card_with(slack, "2 heard from")
    await card_with(discord, "2 heard from")

    await slack.ada.presses("Close it now", controls)
    told_there, told_here = await said_under(slack, there, "Summary"), await said_under(discord, here, "Summary")
    for told in (told_there, told_here):
        assert "2 people shared this" in told.words
        assert "Silent starts" in told.words
        assert "A walk after homework" in told.words
    assert "Bob" in told_there.words, "whoever has no account there is named"
    for room, card in ((slack, there), (discord, here)):
        assert len([said for said in await room.thread(card) if "Summary" in said.words]) == 1
        assert len([card for card in await room.cards() if QUESTION in card.words]) == 1

    await bot.stop()
    assert bot.trouble == []
    assert slack.complaints() == []
    assert discord.complaints() == []
