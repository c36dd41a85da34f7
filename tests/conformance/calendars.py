"""What a person's calendar application and browser get from the bot."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import recurring_ical_events
from icalendar import Calendar

from tests.conformance.people import PersonAtKeyboard
from tests.conformance.process import Bot

ADDRESS = "https://bot.example.org"
LINK = re.compile(re.escape(ADDRESS) + r"/calendar/[\w-]+\.ics")
ZONE = ZoneInfo("America/New_York")


async def has_a_link(person: PersonAtKeyboard) -> str:
    await person.types("my calendar")
    await person.presses("Make my link")
    found = LINK.search(person.sees.words)
    assert found, person.sees.words
    return found[0]


async def status(bot: Bot, link: str) -> int:
    async with aiohttp.ClientSession() as program, program.get(_here(bot, link)) as answer:
        return answer.status


async def opened(bot: Bot, link: str) -> int:
    """Open a page as a browser that hasn't been there does, which has to keep a cookie. Returns the status code."""
    async with aiohttp.ClientSession() as browser:
        async with browser.get(_here(bot, link), allow_redirects=False) as asked:
            back, cookie = asked.headers.get("Location"), {name: each.value for name, each in asked.cookies.items()}
        if back is None:
            return asked.status
        async with browser.get(f"{_here(bot, link)}{back}", cookies=cookie) as answer:
            return answer.status


async def meetings_at(bot: Bot, link: str) -> list[datetime]:
    """Return the meetings that a person's calendar shows from now on, in the community's time zone."""
    now = datetime.now(UTC)
    return await meetings_between(bot, link, now, now + timedelta(days=300))


async def meetings_between(bot: Bot, link: str, begin: datetime, end: datetime) -> list[datetime]:
    async with aiohttp.ClientSession() as program, program.get(_here(bot, link)) as answer:
        assert answer.status == 200
        file = await answer.text()
    shown: Any = recurring_ical_events.of(Calendar.from_ical(file)).between(begin, end)
    return sorted(each.start.astimezone(ZONE) for each in shown if str(each["STATUS"]) != "CANCELLED")


def _here(bot: Bot, link: str) -> str:
    return f"http://127.0.0.1:{bot.port}{link.removeprefix(ADDRESS)}"
