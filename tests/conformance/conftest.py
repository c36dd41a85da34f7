"""Fixtures: a room on each platform, and the bot started for it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from tests.adapters.slack.conftest import node_modules
from tests.conformance.discord_people import DiscordRoom, discord_room
from tests.conformance.people import Room
from tests.conformance.process import START_S, Bot
from tests.conformance.slack_people import SlackRoom, slack_room

SHARED = Path(__file__).resolve().parents[3] / "shared"
Run = Callable[..., Awaitable[Bot]]
OpenRoom = Callable[[], AbstractAsyncContextManager[Room]]


def open_room(kind: str) -> AbstractAsyncContextManager[Room]:
    """Open a room on "slack over a socket", "slack over http", or "discord"."""
    if not SHARED.exists():
        pytest.skip("needs: ../shared")
    if kind == "discord":
        return discord_room()
    if not (node_modules() / "emulate").exists():
        pytest.skip("needs: the Slack peer's node modules (npm ci of ../shared/peers/slack in build/slack-peer)")
    return slack_room(str(node_modules()), "http" if kind == "slack over http" else "socket")


@pytest.fixture
def payloads() -> Path:
    if not SHARED.exists():
        pytest.skip("needs: ../shared")
    return SHARED / "payloads"


@pytest.fixture
async def slack() -> AsyncIterator[SlackRoom]:
    async with open_room("slack over a socket") as room:
        assert isinstance(room, SlackRoom)
        yield room


@pytest.fixture
async def discord() -> AsyncIterator[DiscordRoom]:
    async with open_room("discord") as room:
        assert isinstance(room, DiscordRoom)
        yield room


@pytest.fixture
async def run(tmp_path: Path, fresh_database: str) -> AsyncIterator[Run]:
    """Start the bot for some rooms, on this test's own data, and wait until it is ready."""
    own = {"DATABASE_URL": fresh_database}
    started: list[Bot] = []

    async def start(*rooms: Room, **environment: str) -> Bot:
        bot = await Bot.start(tmp_path, own, *(room.environment() for room in rooms), environment)
        started.append(bot)
        port = await bot.listening()
        for room in rooms:
            if isinstance(room, SlackRoom) and room.mode == "http":
                room.listens_at(port)
            await bot.until(room.ready())
        await asyncio.wait_for(bot.warm(), START_S)
        return bot

    yield start
    for bot in started:
        await bot.kill()
        # Pytest shows it if the test fails.
        print(*bot.lines, *bot.words, sep="\n")


@asynccontextmanager
async def running(folder: Path, environment: Mapping[str, str]) -> AsyncIterator[Bot]:
    """Start the bot, and don't wait until it is ready: it may refuse to start."""
    bot = await Bot.start(folder, environment)
    try:
        yield bot
    finally:
        await bot.kill()
