"""Fixtures: a Discord peer, one server with people in it, and the bot as its own process."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import TypeAdapter

from bot.core.platform import Address, Delivery
from bot.ui import Message

HERE = Path(__file__).resolve()
DELIVERY = TypeAdapter(Delivery)
SHARED = HERE.parents[4] / "shared"
# Generous, since the machine may be busy.
PATIENCE_S = 60.0

Line = dict[str, Any]


class Bot:
    """The process, and everything it printed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process, self.lines = process, list[Line]()
        self.reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, peer: Any, *words: str, **environment: str) -> "Bot":
        root = HERE.parents[3]
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.adapters.discord.bot_process",
                *words,
                cwd=root,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={**os.environ, **peer.env(), **environment},
            )
        )

    async def _read(self) -> None:
        assert self.process.stdout
        while line := await self.process.stdout.readline():
            if line.startswith(b"{"):
                self.lines.append(json.loads(line))

    def values(self, what: str) -> list[Any]:
        return [line[what] for line in self.lines if what in line]

    def events_of_kind(self, kind: str) -> list[Line]:
        return [event for event in self.values("event") if event["kind"] == kind]

    def send(self, delivery: Delivery) -> None:
        assert self.process.stdin
        self.process.stdin.write(DELIVERY.dump_json(delivery) + b"\n")

    @property
    def alive(self) -> bool:
        return self.process.returncode is None

    async def stop(self) -> None:
        if self.alive:
            self.process.terminate()
        await self.process.wait()
        await self.reading


class Scene:
    """A server with one channel, Alice who manages it, Ben who doesn't, and the bot."""

    def __init__(self, peer: Any) -> None:
        import discord

        self.peer = peer
        self.guild = peer.create_guild()
        self.channel: Any
        self.managers = self.guild.create_role(
            "managers", permissions=discord.Permissions(manage_guild=True, manage_events=True)
        )
        self.alice = self.guild.add_member(peer.create_user("alice"), roles=[self.managers])
        self.ben = self.guild.add_member(peer.create_user("ben"))
        self.bot: Bot

    async def start(self) -> "Scene":
        self.bot = await Bot.start(self.peer)
        await self.peer.ready(PATIENCE_S)
        await self.peer.synced(PATIENCE_S)
        return self

    async def until(self, condition: Callable[[], Any], seconds: float = PATIENCE_S) -> Any:
        return await self.peer.until(condition, seconds)

    async def answered(self, result: Any) -> Any:
        """Wait for the bot's first answer to an interaction."""
        await self.until(lambda: result.acknowledged)
        return result

    async def deliver(self, message: Message, to: Address, ref: str = "r1", **more: Any) -> tuple[str, Any]:
        """Deliver a message, and return the outcome: ("delivered", receipt), ("later", …), or ("unreachable", why)."""
        before = self.outcomes()
        self.bot.send(Delivery(more.pop("space", str(self.guild.id)), to, message, ref, **more))
        outcomes: list[Line] = await self.until(lambda: len(self.outcomes()) > len(before) and self.outcomes())
        return next(iter(outcomes[-1].items()))

    def outcomes(self) -> list[Line]:
        return [line for line in self.bot.lines if "event" not in line]

    def requests(self, method: str, ending: str) -> list[Line]:
        return [r for r in self.peer.requests if r["method"] == method and r["path"].endswith(ending)]

    def posted(self) -> list[Line]:
        return self.requests("POST", "/messages")


@pytest.fixture(scope="session")
def payloads() -> Path:
    if not SHARED.is_dir():
        pytest.skip("needs: ../shared")
    return SHARED / "payloads" / "discord"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(payloads: Path) -> AsyncIterator[Scene]:
    """One bot for all tests of a module, since it takes seconds to start."""
    from peers.discord.peer import DiscordPeer

    async with DiscordPeer() as peer:
        scene = Scene(peer)
        try:
            yield await scene.start()
        finally:
            await scene.bot.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def scene(world: Scene) -> AsyncIterator[Scene]:
    """A new channel for each test. At its end, the peer must have found nothing wrong with what the bot sent."""
    world.channel = world.guild.create_text_channel("general")
    world.peer.requests.clear()
    world.bot.lines.clear()
    yield world
    assert world.peer.findings == []
    assert world.peer.unimplemented == []


def components(where: Any) -> Iterator[Line]:
    """Yield every component of a message or form, however deep."""
    for component in where:
        yield component
        yield from components(component.get("components") or [])
        if "component" in component:
            yield component["component"]


def texts(shown: Any) -> str:
    """Return all the text of a message that the bot sent."""
    return "\n".join(c["content"] for c in components(shown) if c["type"] == 10)
