"""One person with an account on two platforms."""

import re

from tests.conformance import story
from tests.conformance.discord_people import DiscordRoom
from tests.conformance.people import sent_to
from tests.conformance.slack_people import SlackRoom

CODE = re.compile(r"link ([A-Z0-9]{4}-[A-Z0-9]{4})")


async def lives_on_both(slack: SlackRoom, discord: DiscordRoom) -> None:
    """Ada links her accounts with a code, and binds her community to a Discord channel."""
    await slack.ada.types("link")
    found = CODE.search(slack.ada.sees.words)
    assert found, slack.ada.sees.words
    await discord.ada.types(f"link {found[1]}")
    assert "on Slack" in discord.ada.sees.words
    await discord.ada.presses("Link accounts")
    question = await sent_to(slack.ada, "on Discord")
    assert "one person now" in (await slack.ada.presses("Link accounts", question)).words
    await sent_to(discord.ada, "one person now")
    await discord.ada.types("channel bind", "admin")
    assert story.NAME in discord.ada.sees.words
    await discord.ada.types("channel show", "admin")
    assert "Slack" in discord.ada.sees.words
