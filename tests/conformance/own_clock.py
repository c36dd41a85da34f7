"""Runs the bot with a clock that the test moves."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import aiohttp

from tests.conformance.calendars import ADDRESS
from tests.conformance.later import MOVE
from tests.conformance.people import Room
from tests.conformance.process import START_S, Bot
from tests.conformance.slack_people import SlackRoom


@asynccontextmanager
async def at_work(
    folder: Path, start: datetime, *rooms: Room, environment: Mapping[str, str] | None = None
) -> AsyncIterator[Bot]:
    """Run the bot for some rooms with its clock at `start`, and wait until it is ready."""
    command = ["tests.conformance.later", start.isoformat()]
    own = {"PUBLIC_ADDRESS": ADDRESS, **(environment or {})}
    bot = await Bot.start(folder, *(room.environment() for room in rooms), own, command=command)
    try:
        port = await bot.listening()
        for room in rooms:
            if isinstance(room, SlackRoom) and room.mode == "http":
                room.listens_at(port)
            await bot.until(room.ready())
        await asyncio.wait_for(bot.warm(), START_S)
        yield bot
    finally:
        await bot.kill()
        # Pytest shows it if the test fails.
        print(*bot.lines, *bot.words, sep="\n")


async def moves(bot: Bot, to: datetime) -> None:
    """Move the clock, and let everything that comes due on the way happen."""
    address = f"http://127.0.0.1:{bot.port}{MOVE}"
    async with aiohttp.ClientSession() as http, http.post(address, data=to.isoformat()) as answer:
        assert answer.status == 200
