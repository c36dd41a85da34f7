"""Fixtures: a running playground with a pretend bot, and tabs that talk to it over HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.playground.adapter import Playground
from tests.adapters.playground.pretend import PretendBot, PretendClock, create_world
from tests.support.html import Node, read


@dataclass
class Tab:
    """One person's tab, without a browser."""

    http: aiohttp.ClientSession
    url: str
    person: str
    room: str = "youth-workers"

    async def page(self, room: str = "") -> Node:
        where = f"{self.url}?as={self.person}&in={room or self.room}"
        async with self.http.get(where) as answer:
            assert answer.status == 200
            return read((await answer.text()).removeprefix("<!doctype html>"))

    async def request(self, path: str, *, expect: int = 200, **body: Any) -> dict[str, Any]:
        asked = {"person": self.person, "room": self.room, **body}
        async with self.http.post(f"{self.url}{path}", json=asked) as answer:
            told = await answer.json()
            assert answer.status == expect, told
            return dict(told)

    async def say(self, text: str, **more: Any) -> dict[str, Any]:
        return await self.request("say", text=text, **more)

    @asynccontextmanager
    async def listen(self, since: str, *, last: str = "") -> AsyncIterator["Stream"]:
        headers = {"Last-Event-ID": last} if last else {}
        where = f"{self.url}events?as={self.person}&since={since}"
        async with self.http.get(where, headers=headers) as answer:
            assert answer.content_type == "text/event-stream"
            assert await answer.content.readline() == b"retry: 1000\n"
            await answer.content.readline()
            yield Stream(answer)


@dataclass
class News:
    kind: str
    id: str
    data: dict[str, Any]

    @property
    def html(self) -> Node:
        return read(self.data["html"])


class Stream:
    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self.answer = answer

    async def next(self, kind: str = "") -> News:
        """Wait for the next event, or the next of a kind."""
        while True:
            lines = {}
            while line := (await asyncio.wait_for(self.answer.content.readline(), 10)).decode().rstrip("\n"):
                name, _colon, rest = line.partition(": ")
                lines[name] = rest
            assert lines, "the stream ended"
            news = News(lines["event"], lines.get("id", ""), json.loads(lines["data"]))
            if kind in ("", news.kind):
                return news

    async def ended(self) -> bool:
        return await asyncio.wait_for(self.answer.content.read(), 10) is not None


@dataclass
class Running:
    playground: Playground
    bot: PretendBot
    clock: PretendClock
    http: aiohttp.ClientSession
    task: "asyncio.Task[None]"

    @property
    def url(self) -> str:
        return self.playground.url

    def tab(self, person: str, room: str = "youth-workers") -> Tab:
        return Tab(self.http, self.url, person, room)

    async def stop(self) -> None:
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task
        self.playground.world.close()


@asynccontextmanager
async def started(file: Path) -> AsyncIterator[Running]:
    clock = PretendClock()
    bot = PretendBot(now=clock.now)
    playground = Playground(bot, clock, create_world(file), port=0)
    clock.playground = playground
    task = asyncio.create_task(playground.run())
    await playground.wait_until_ready()
    async with aiohttp.ClientSession() as http:
        running = Running(playground, bot, clock, http, task)
        try:
            yield running
        finally:
            await running.stop()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "playground.db"


@pytest.fixture
async def running(file: Path) -> AsyncIterator[Running]:
    async with started(file) as running:
        yield running
