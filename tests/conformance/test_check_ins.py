"""A community on Slack and Discord at once lives with check-ins: built, scheduled, answered, summed up, reported."""

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from tests.conformance import check_in_story, story
from tests.conformance.accounts import lives_on_both
from tests.conformance.calendars import ZONE, opened
from tests.conformance.discord_people import DiscordRoom
from tests.conformance.own_clock import at_work, moves
from tests.conformance.people import sent_to
from tests.conformance.slack_people import SlackRoom

# What differs here is the platform, not the database.
pytestmark = [pytest.mark.conformance, pytest.mark.slow, pytest.mark.anywhere]
# Discord takes no event in the past. All of these years have the same weekdays from October on.
MONDAY = next(
    day for year in count(datetime.now(UTC).year + 1) if (day := datetime(year, 10, 4, 10, tzinfo=ZONE)).weekday() == 0
)


async def test_community_lives_with_its_check_ins(slack: SlackRoom, discord: DiscordRoom, tmp_path: Path) -> None:
    async def fetch(link: str) -> int:
        return await opened(bot, link)

    async with at_work(tmp_path, MONDAY, slack, discord) as bot:
        await story.begins(slack)
        await lives_on_both(slack, discord)
        for person in (slack.ada, slack.alice, slack.bob, discord.alice, discord.bob):
            await person.types("join")
            await person.presses("Join")
        for room in (slack, discord):
            await check_in_story.builds_from_a_template(room)
            await check_in_story.builds_from_lines(room)
            await check_in_story.keeps_them_in_order(room)
        await check_in_story.is_answered_page_by_page(slack, slack, discord)
        await check_in_story.is_answered_by_one_press(discord, slack, discord)
        await check_in_story.is_answered_by_typing(slack, slack, discord)
        await check_in_story.is_put_off(slack, discord)
        await moves(bot, MONDAY + timedelta(hours=3))
        await sent_to(discord.bob, "You asked me to remind you")
        await check_in_story.is_answered_anonymously(discord, slack, discord)
        await check_in_story.is_read_by_facilitators(slack, slack, discord)
        await check_in_story.is_scheduled(slack, "Friday", f"<#{slack.channel}|general>")
        await check_in_story.is_away(slack)
        await check_in_story.is_scheduled(discord, "Tuesday", f"<#{discord.channel.id}>")
        await check_in_story.is_away(discord)

        await moves(bot, MONDAY + timedelta(days=2))
        await sent_to(slack.bob, "A gentle reminder")
        for room in (slack, discord):
            await sent_to(room.alice, "Welcome back.")
        await check_in_story.is_asked_in_private(discord, slack, discord)
        await moves(bot, MONDAY + timedelta(days=3, hours=8))
        await check_in_story.is_shared_at_the_close(discord, slack, discord)
        for room in (slack, discord):
            await check_in_story.is_reported(room, fetch)
        await bot.stop()
        assert bot.trouble == []
        assert slack.complaints() == []
        assert discord.complaints() == []
