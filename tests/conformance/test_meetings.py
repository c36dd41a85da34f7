"""Changes to a community's meetings on each platform: what people read, their calendars, and Discord's own events.

The clock is the real one, so the dates depend on when the test runs.
"""

from datetime import datetime, timedelta

import pytest

from tests.conformance import story
from tests.conformance.calendars import ADDRESS, has_a_link, meetings_at, status
from tests.conformance.conftest import Run, open_room
from tests.conformance.discord_people import DiscordRoom
from tests.conformance.people import PersonAtKeyboard, Room, until
from tests.conformance.process import Bot

# What differs here is the platform, not the database.
pytestmark = [pytest.mark.conformance, pytest.mark.slow, pytest.mark.anywhere]


@pytest.mark.parametrize("kind", ["slack over http", "discord"])
async def test_every_change_of_a_meeting_takes_effect(kind: str, run: Run) -> None:
    async with open_room(kind) as room:
        bot = await run(room, PUBLIC_ADDRESS=ADDRESS)
        await story.begins(room)
        await story.is_joined(room)
        link = await has_a_link(room.bob)
        first, second, third = (await meetings_at(bot, link))[:3]
        assert all(at.weekday() == 2 and 8 <= at.day <= 14 and at.hour == 16 for at in (first, second, third))
        await is_shown(room, first)

        later = first + timedelta(days=1, hours=1)
        await moves(room.ada, later)
        assert (await meetings_at(bot, link))[:2] == [later, second]
        await is_shown(room, later)
        assert date_text(later) in (await room.bob.types("next")).words

        await room.ada.types("meeting cancel", "facilitate")
        await room.ada.fills(note="Snow")
        await room.ada.presses("Cancel the meeting")
        assert (await meetings_at(bot, link))[0] == second
        await is_shown(room, second)
        await room.ada.types("meeting restore", "facilitate")
        assert (await meetings_at(bot, link))[0] == later

        await room.ada.types(f"closure add {third:%-d %B %Y}", "admin")
        await until(lambda: lacks(bot, link, third), "the closed day to leave the calendar")
        await room.ada.types(f"closure remove {third:%-d %B %Y}", "admin")
        await until(lambda: has(bot, link, third), "the day that was opened again to be back")

        await room.ada.types("cadence set last Friday at 9am", "admin")
        await room.ada.presses("Save")
        by_rule = [at for at in await meetings_at(bot, link) if at != later]
        assert by_rule
        assert all(at.weekday() == 4 and at.hour == 9 and (at + timedelta(days=7)).month != at.month for at in by_rule)

        await room.bob.types("my calendar")
        await room.bob.presses("Switch it off")
        assert await status(bot, link) == 404
        await bot.stop()
        assert bot.trouble == []
        assert room.complaints() == []


async def moves(ada: PersonAtKeyboard, to: datetime) -> None:
    await ada.types(f"meeting move {to:%-d %B %Y %-I%p}", "facilitate")
    # Depending on when the test runs, the day may be a holiday, and the bot asks again.
    if "Move it" in ada.sees.buttons:
        await ada.presses("Move it")


async def has(bot: Bot, link: str, at: datetime) -> bool:
    return at in await meetings_at(bot, link)


async def lacks(bot: Bot, link: str, at: datetime) -> bool:
    return not await has(bot, link, at)


def date_text(at: datetime) -> str:
    return f"{at:%b} {at.day}, {at.year}"


async def is_shown(room: Room, at: datetime) -> None:
    """Wait for the meeting among the server's events on Discord. No other platform has them."""
    if not isinstance(room, DiscordRoom):
        return

    async def is_listed() -> bool:
        events = room.peer.backend.get_guild(int(room.space)).scheduled_events.values()
        return at in [datetime.fromisoformat(str(event.scheduled_start_time)) for event in events]

    await until(is_listed, f"an event at {at}")
