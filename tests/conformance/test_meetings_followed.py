"""Six weeks of a community's meetings on Slack and Discord, followed to the last reminder.

People change the meetings as in `test_meetings`. Then the bot's clock moves on day by day, to see what comes of it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path

import pytest

from tests.conformance import story
from tests.conformance.calendars import ZONE, has_a_link, meetings_between
from tests.conformance.conftest import open_room
from tests.conformance.discord_people import DiscordRoom
from tests.conformance.own_clock import at_work, moves
from tests.conformance.people import Room
from tests.conformance.process import Bot

# What differs here is the platform, not the database.
pytestmark = [pytest.mark.conformance, pytest.mark.slow, pytest.mark.anywhere]
# Discord takes no event in the past. All of these years have the same weekdays from October on.
YEAR = next(year for year in count(datetime.now(UTC).year + 1) if date(year, 10, 1).strftime("%A") == "Friday")
MOMENT = re.compile(r"<t:(\d+):F>|(\d{4}-\d\d-\d\d \d\d:\d\d) UTC")
OCT_5, OCT_19, OCT_20, OCT_21 = (date(YEAR, 10, day) for day in (5, 19, 20, 21))
NOV_16, DEC_7 = date(YEAR, 11, 16), date(YEAR, 12, 7)
# Oct 13 is cancelled, Nov 2 is a closed day, and Nov 10 belonged to the old cadence.
HELD = [OCT_5, OCT_19, OCT_21, NOV_16]
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass
class Told:
    on: date
    words: str


@pytest.mark.parametrize("kind", ["slack over a socket", "discord"])
async def test_every_change_of_the_cadence_takes_effect(kind: str, tmp_path: Path) -> None:
    async with open_room(kind) as room, at_work(tmp_path, datetime(YEAR, 10, 4, 10, tzinfo=ZONE), room) as bot:
        await story.begins(room)
        await story.is_joined(room)
        await room.bob.types("my reminders 1 day")
        await room.bob.types("rsvp yes to all")
        await changes(room)
        told = await live(room, bot, date(YEAR, 10, 4), OCT_19)
        # It was announced in the channel for the 20th.
        await room.ada.types("meeting move 21 Oct 4pm", "facilitate")
        told += await live(room, bot, OCT_20, date(YEAR, 11, 20))

        asking = [each for each in told if "Say whether you come" in each.words]
        assert reminded(asking, "In one hour: the meeting") == [(day, day) for day in HELD]
        assert reminded(asking, "Tomorrow: the meeting") == [
            (day - DAY, day) for day in (OCT_19, OCT_20, OCT_21, NOV_16)
        ]
        assert [words for words in await there(room) if "Say whether you come" in words] == [], "all of it is over"
        # Drawn anew without its promise of another reminder, once that has come.
        assert reminded(told, "has changed since: it’s now on") == [(OCT_20, OCT_21), (OCT_21, OCT_21)]
        # Drawn anew when feedback on it has closed.
        closed = [(day + WEEK, day) for day in HELD if day + WEEK <= date(YEAR, 11, 20)]
        assert reminded(told, "This meeting took place") == sorted([*((day, day) for day in HELD), *closed])
        # The call for topics.
        assert reminded(told, "We meet") == [(NOV_16 - DAY * 13, NOV_16)]
        # At most one request a week: there is a check-in before the meeting on the 19th, but none for the 21st.
        asked = [(each.on, "Open until" in each.words) for each in told if each.words.startswith("Check-in")]
        ended = [date(YEAR, 10, 15), NOV_16 - DAY]
        assert asked == [(OCT_19 - WEEK, True), (ended[0], False), (NOV_16 - WEEK, True), (ended[1], False)]
        privately = [card.words for card in await room.bob.received()]
        assert [meant(words) for words in privately if "A reminder of the meeting" in words] == HELD
        assert [meant(words) for words in privately if "changed after this reminder" in words] == [OCT_21]
        await is_in_calendars(room, bot)
        await bot.stop()
        assert bot.trouble == []
        assert room.complaints() == []


async def changes(room: Room) -> None:
    ada = room.ada
    await ada.types("meeting cancel", "facilitate")
    await ada.fills(note="Snow")
    await ada.presses("Cancel the meeting")
    await ada.types("meeting schedule 19 Oct 4pm", "facilitate")
    await ada.types("meeting move 20 Oct 4pm", "facilitate")
    assert "check-in: Wed, Oct 13" in ada.sees.words
    await ada.types("cadence set first and third Tuesday of each month, October to June, 4pm", "admin")
    assert "Wed, Nov 10" in ada.sees.words.partition("No longer")[2]
    await ada.presses("Save")
    await ada.types("closure add Nov 2", "admin")
    assert "Tue, Nov 2" in ada.sees.words


async def live(room: Room, bot: Bot, first: date, last: date) -> list[Told]:
    """Let days pass, and return what the channel was told on each."""
    told: list[Told] = []
    before = len(await room.posted_words())
    for day in (first + DAY * n for n in range((last - first).days + 1)):
        await moves(bot, datetime.combine(day + DAY, time(), ZONE))
        said = await room.posted_words()
        told += [Told(day, re.sub(r"\*\*|^#+ ", "", words)) for words in said[before:]]
        before = len(said)
    return told


async def there(room: Room) -> list[str]:
    """Return what is in the channel now, and in its threads."""
    return [said.words for card in await room.cards() for said in (card, *await room.thread(card))]


def reminded(told: Sequence[Told], words: str) -> list[tuple[date, date]]:
    """Return on which days `words` were said, and the day of the meeting each was about."""
    return [(each.on, meant(each.words)) for each in told if words in each.words]


def meant(words: str) -> date:
    found = MOMENT.search(words)
    assert found, words
    stamp, fallback = found.groups()
    at = datetime.fromtimestamp(int(stamp), UTC) if stamp else datetime.fromisoformat(f"{fallback}+00:00")
    return at.astimezone(ZONE).date()


async def is_in_calendars(room: Room, bot: Bot) -> None:
    link = await has_a_link(room.bob)
    begin, end = (datetime(YEAR, month, day, tzinfo=ZONE) for month, day in ((10, 4), (11, 20)))
    assert [at.date() for at in await meetings_between(bot, link, begin, end)] == HELD
    if isinstance(room, DiscordRoom):
        events = room.peer.backend.get_guild(int(room.space)).scheduled_events.values()
        begun = [datetime.fromisoformat(str(each.scheduled_start_time)).astimezone(ZONE).date() for each in events]
        assert sorted(begun) == [*HELD, DEC_7]
