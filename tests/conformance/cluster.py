"""Several `cop run` processes on one PostgreSQL: started together, asked what they run, killed; and a load balancer."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from bot.core.context import ADDRESS, MESSAGE
from bot.core.platform import InChannel
from bot.ui import card
from storage import database as storage_database
from storage.messaging import outbox
from storage.messaging.outbox import Outgoing
from tests.conformance.people import Room, until
from tests.conformance.process import START_S, Bot
from tests.conformance.slack_people import SlackRoom


class Cluster:
    """The processes (`bots`), and an engine on their database."""

    def __init__(self, folder: Path, room: Room, database: str, more: dict[str, str]) -> None:
        self.folder, self.room, self.database, self.more = folder, room, database, more
        self.bots: list[Bot] = []
        self.engine: Engine = storage_database.connect(database)

    async def start(self, count: int) -> Sequence[Bot]:
        """Start processes at the same moment, on a database that may be empty."""
        started = [self._start_one(n) for n in range(len(self.bots), len(self.bots) + count)]
        self.bots += await asyncio.gather(*started)
        await until(self._listening, "every process being there", START_S * count)
        await self.bots[0].until(self.room.ready())
        # A cold process may take longer than the three seconds that platforms allow.
        await until(self._warm, "every process being warm", START_S * count)
        return self.bots

    async def _warm(self) -> bool:
        return all(bot.logged("what takes long the first time is done") for bot in self.bots)

    async def _listening(self) -> bool:
        assert all(bot.alive for bot in self.bots), [bot.trouble for bot in self.bots]
        return all(bot.port for bot in self.bots)

    async def _start_one(self, number: int) -> Bot:
        folder = self.folder / f"{number}"
        folder.mkdir()
        return await Bot.start(folder, self.room.environment(), {"DATABASE_URL": self.database}, self.more)

    async def kill(self, bot: Bot) -> None:
        self.bots.remove(bot)
        await bot.kill()

    async def run(self, what: str) -> list[tuple[Bot, list[str]]]:
        """Ask each process what it runs: its "lanes", or its shards of "discord"."""
        said = await asyncio.gather(*(_ready(bot) for bot in self.bots))
        return [(bot, ready["runs"][what]) for bot, ready in zip(self.bots, said, strict=True)]

    def decide_on(self, count: int, space: str, channels: Sequence[str]) -> None:
        """Put messages into the outbox, for each channel in turn, before any process runs."""
        storage_database.upgrade(self.engine)
        now = datetime.now(UTC)
        with Session(self.engine) as session, session.begin():
            for n in range(count):
                channel = channels[n % len(channels)]
                outbox.put(
                    session,
                    key=f"cluster.{n}@{channel}",
                    platform=self.room.platform,
                    space=space,
                    address=ADDRESS.dump_json(InChannel(channel)).decode(),
                    message=MESSAGE.dump_json(card(f"Message number {n}.")).decode(),
                    now=now,
                )

    def sent(self) -> int:
        return self._count(outbox.SENT)

    def on_their_way(self) -> int:
        return self._count(outbox.SENDING)

    def _count(self, state: str) -> int:
        with Session(self.engine) as session:
            return session.exec(select(func.count()).where(col(Outgoing.state) == state)).one()


async def _ready(bot: Bot) -> Any:
    async with ClientSession() as http, http.get(f"http://127.0.0.1:{bot.port}/readyz") as answer:
        return await answer.json()


@asynccontextmanager
async def cluster(folder: Path, room: Room, database: str, **more: str) -> AsyncIterator[Cluster]:
    it = Cluster(folder, room, database, more)
    try:
        yield it
    finally:
        for bot in it.bots:
            await bot.kill()
            # Pytest shows it if the test fails.
            print(*bot.lines, *bot.words, sep="\n")
        it.engine.dispose()


@asynccontextmanager
async def balanced(room: SlackRoom, ports: Callable[[], Sequence[int]]) -> AsyncIterator[None]:
    """Pass Slack's requests to the processes in turn."""
    turns = itertools.count()

    async def pass_on(request: web.Request) -> web.Response:
        there = ports()
        address = f"http://127.0.0.1:{there[next(turns) % len(there)]}{request.path}"
        headers = {name: value for name, value in request.headers.items() if name != "Host"}
        async with http.post(address, data=await request.read(), headers=headers) as answer:
            return web.Response(status=answer.status, body=await answer.read(), content_type=answer.content_type)

    app = web.Application()
    app.router.add_post("/slack/events", pass_on)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with ClientSession() as http:
            room.listens_at(runner.addresses[0][1])
            yield
    finally:
        await runner.cleanup()
