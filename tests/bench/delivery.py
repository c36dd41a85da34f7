"""How fast a check-in reaches everyone, against a server that enforces each platform's limits.

RECIPIENTS= changes how many people there are on Discord. Slack has a tenth of them, because it takes a tenth as much.
The least possible time is what the limits alone require, including the burst they allow. The baseline sends the same
messages 64 at a time, and waits only when the platform says so.
"""

import asyncio
import multiprocessing
import os
import tempfile
from collections import deque
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import inf
from random import uniform
from time import monotonic
from typing import Any

from aiohttp import ClientSession, ClientTimeout, TCPConnector, web
from sqlalchemy import Engine, insert

from adapters.discord.adapter import CHANNEL_INTERVAL, PER_SECOND
from adapters.slack.adapter import RATE_LIMIT
from bot.core.app import App
from bot.core.clock import RealClock
from bot.core.context import ADDRESS, MESSAGE
from bot.core.platform import Delivery, DirectMessage, RateLimit, RetryAfter
from bot.ui import card
from scheduler.delivery_worker import DeliveryWorker
from scheduler.local_runner import LocalRunner
from storage import database
from storage.messaging.outbox import Outgoing
from tests.bench.figure import Figure

RECIPIENTS = int(os.environ.get("RECIPIENTS") or 1_000)
# Messages that the baseline sends at a time.
PLAIN = 64
NETWORK_S = (0.02, 0.08)  # round trip
NAMES = ("slack", "discord")
RATE_LIMITS = {"slack": RATE_LIMIT, "discord": RateLimit("discord", PER_SECOND, CHANNEL_INTERVAL)}

# Seconds it took, the least possible, and how often it was told to wait.
Measured = Mapping[str, tuple[float, float, int]]


@dataclass
class Server:
    """Takes `per_second` messages, and one a second to the same person.

    `rolling`: never more than `per_second` in any second. Otherwise it takes as many at once after a quiet time.
    """

    name: str
    per_second: int
    rolling: bool
    recipients: int
    taken: int = 0
    refused: int = 0
    left: float = 0.0
    counted: float = 0.0
    arrived: deque[float] = field(default_factory=deque)
    spoke: dict[str, float] = field(default_factory=dict)

    @property
    def least_s(self) -> float:
        return max(1.0, (self.recipients - self.per_second) / self.per_second)

    def full_s(self, now: float) -> float:
        """Return the seconds until it takes another message."""
        if self.rolling:
            while self.arrived and self.arrived[0] <= now - 1.0:
                self.arrived.popleft()
            return self.arrived[0] + 1.0 - now if len(self.arrived) >= self.per_second else 0.0
        self.left = min(self.per_second, self.left + (now - self.counted) * self.per_second)
        self.counted = now
        return (1 - self.left) / self.per_second if self.left < 1 else 0.0

    def accept(self, person: str, now: float) -> float:
        """Take a message, or return the seconds to wait; 0 if it was taken."""
        wait = max(self.full_s(now), self.spoke.get(person, -inf) + 1.0 - now)
        if wait > 0:
            self.refused += 1
            return wait
        self.arrived.append(now)
        self.left -= 1
        self.spoke[person] = now
        self.taken += 1
        return 0.0

    async def answer(self, request: web.Request) -> web.Response:
        person = (await request.json())["to"]
        way = uniform(*NETWORK_S) / 2
        await asyncio.sleep(way)
        wait = self.accept(person, monotonic())
        await asyncio.sleep(way)
        if wait > 0:
            return web.json_response({}, status=429, headers={"Retry-After": f"{wait:.3f}"})
        return web.json_response({})


def servers(recipients: int) -> list[Server]:
    """Slack takes several hundred messages a minute in a workspace (here 300), Discord 50 a second from a bot."""
    return [Server("slack", 5, False, max(1, recipients // 10)), Server("discord", 50, True, recipients)]


def figures() -> list[Figure]:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as other:
        plain = other.submit(_plain)
        ours = asyncio.run(_ours())
        beside = plain.result()
    found = []
    for name in NAMES:
        took, least, refused = ours[name]
        their_took, their_least, their_refused = beside[name]
        found += [
            Figure(f"delivery.{name}_over_least", took / least, "times", their_took / their_least),
            Figure(f"delivery.{name}_told_to_wait", refused, "times", their_refused),
        ]
    return found


class Wire:
    """An adapter that only posts to a server."""

    ready = True

    def __init__(self, http: ClientSession, server: Server, url: str) -> None:
        self.http, self.server, self.url, self.name = http, server, url, server.name

    async def run(self) -> None: ...

    def rate_limit(self, space: str) -> RateLimit:
        return RATE_LIMITS[self.name]

    async def deliver(self, delivery: Delivery) -> str:
        assert isinstance(delivery.to, DirectMessage)
        async with self.http.post(self.url, json={"to": delivery.to.person, "ref": delivery.idempotency_key}) as answer:
            if answer.status == 429:
                raise RetryAfter(float(answer.headers["Retry-After"]))
        return delivery.idempotency_key


@asynccontextmanager
async def _wires() -> Any:
    """Run the servers, and yield a wire to each."""
    async with AsyncExitStack() as open:
        timeout, connector = ClientTimeout(total=None), TCPConnector(limit=0)
        http = await open.enter_async_context(ClientSession(timeout=timeout, connector=connector))
        wires = []
        for server in servers(RECIPIENTS):
            app = web.Application()
            app.router.add_post("/", server.answer)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            open.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            wires.append(Wire(http, server, f"http://127.0.0.1:{runner.addresses[0][1]}/"))
        yield wires


async def _until_taken(wires: list[Wire], began: float) -> Measured:
    done: dict[str, tuple[float, float, int]] = {}
    while len(done) < len(wires):
        await asyncio.sleep(0.005)
        for server in (wire.server for wire in wires):
            if server.name not in done and server.taken >= server.recipients:
                done[server.name] = (monotonic() - began, server.least_s, server.refused)
    return done


async def _ours() -> Measured:
    with tempfile.TemporaryDirectory(prefix="commonplace-") as folder:
        engine = database.connect(f"sqlite:///{folder}/bench.db")
        database.upgrade(engine)
        async with _wires() as wires:
            _fill(engine, [wire.server for wire in wires])
            worker = DeliveryWorker(App([], engine, RealClock().now), {wire.name: wire for wire in wires}, LocalRunner)
            began = monotonic()
            await worker.pump()
            found = await _until_taken(wires, began)
            await worker.stop()
        engine.dispose()
    return found


def _fill(engine: Engine, servers: list[Server]) -> None:
    now, message = datetime.now(UTC), MESSAGE.dump_json(card("How is it going?")).decode()
    rows = [
        {
            "key": f"bench.{server.name}@p{n}",
            "platform": server.name,
            "space": "S1",
            "address": ADDRESS.dump_json(DirectMessage(f"p{n}")).decode(),
            "message": message,
            "not_before": now,
            "made_at": now,
        }
        for server in servers
        for n in range(server.recipients)
    ]
    with engine.begin() as connection:
        connection.execute(insert(Outgoing), rows)


def _plain() -> Measured:
    return asyncio.run(_plainly())


async def _plainly() -> Measured:
    async with _wires() as wires:
        began = monotonic()
        queues = [deque(f"p{n}" for n in range(wire.server.recipients)) for wire in wires]
        work = [
            asyncio.create_task(_send_all(wire, queue))
            for wire, queue in zip(wires, queues, strict=True)
            for _worker in range(PLAIN)
        ]
        found = await _until_taken(wires, began)
        await asyncio.gather(*work)
    return found


async def _send_all(wire: Wire, people: deque[str]) -> None:
    while people:
        delivery = Delivery("S1", DirectMessage(people.popleft()), card("How is it going?"), "1")
        while True:
            try:
                await wire.deliver(delivery)
                break
            except RetryAfter as wait:
                await asyncio.sleep(wait.after)
