"""The bot that is killed: the real core, storage, clock, and worker in their own process, on the sink's platform."""

import asyncio
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiohttp import ClientError, ClientSession, ClientTimeout
from sqlalchemy import Engine

from bot.bootstrap.process import Process
from bot.bootstrap.serve import platforms
from bot.core.app import App
from bot.core.context import MESSAGE, Context
from bot.core.events import TimerFired
from bot.core.feature import Feature
from bot.core.platform import (
    Delivery,
    DirectMessage,
    InChannel,
    InThread,
    Platform,
    RateLimit,
    RetryAfter,
    UncertainDelivery,
)
from bot.features import ALL
from bot.operations import token_state
from bot.settings import load
from bot.telemetry import logs
from bot.ui import Message, Text, ToCommunity, ToPerson, ToThread
from scheduler import local_runner
from storage import database as storage_database
from storage.database import process_lock
from storage.people import people
from tests.chaos.door import Door
from tests.chaos.sink import PATIENCE_S

NAME, SPACE = "sink", "S1"
PATIENCE = ClientTimeout(total=PATIENCE_S)
# The sink takes what it was sent within 0.06 s.
SETTLING_S = 0.2
# How long until a platform is asked again whether it accepts the token.
TOKEN_S = 0.5

chaos = Feature("chaos")


@chaos.timer("wave")
def wave(ctx: Context, event: TimerFired) -> None:
    """Post something to everyone at the same moment."""
    for _membership, person in people.members(ctx.session, ctx.community_id):
        ctx.post(
            ToPerson(people.key(person), ignores_quiet_hours=True), f"chaos.{event.value}", wave_message, event.value
        )
    ctx.post(ToCommunity(), f"chaos.{event.value}", wave_message, event.value)


@chaos.timer("card")
def card(ctx: Context, event: TimerFired) -> None:
    """Post something in the channel alone."""
    ctx.post(ToCommunity(), f"chaos.{event.value}", wave_message, event.value)


@chaos.timer("again")
def again(ctx: Context, event: TimerFired) -> None:
    """Rewrite a message in the channel, and post another one under it."""
    key = f"chaos.{event.value}"
    ctx.post(ToCommunity(), key, wave_message, f"{event.value}, rewritten")
    ctx.post(ToThread(key), f"chaos.under.{event.value}", wave_message, f"{event.value}, under it")


def wave_message(value: str) -> Message:
    return Message((Text(f"Wave {value}"),))


@dataclass(frozen=True)
class Orders:
    """What a process is started with.

    `door` is a Unix socket for what people do. `can_tell`: the sink can be asked what it took. `per_second` limits the
    messages of the whole platform. `ahead_s` is added to the machine's clock. `hurries`: it waits for what was on its
    way only as long as this sink needs. With `settings` it runs on the platforms they name instead of the sink.
    """

    database: str
    sink: str
    door: str
    log: str
    can_tell: bool
    per_second: float
    ahead_s: float = 0.0
    hurries: bool = True
    settings: Mapping[str, str] = field(default_factory=dict)


class Clock:
    """The machine's clock, set ahead or back."""

    def __init__(self, ahead_s: float) -> None:
        self.ahead = timedelta(seconds=ahead_s)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def jump(self, ahead: timedelta) -> None:
        self.ahead = ahead

    def wait(self, until: datetime) -> timedelta:
        return until - self.now()


class SinkPlatform:
    """The platform of a bot that posts to the sink."""

    name = NAME
    ready = True

    def __init__(self, orders: Orders) -> None:
        self.orders = orders

    def rate_limit(self, space: str) -> RateLimit:
        return RateLimit(NAME, self.orders.per_second, channel_interval=0.02)

    async def run(self) -> None:
        await asyncio.Event().wait()

    async def deliver(self, delivery: Delivery) -> str:
        match delivery.to:
            case InChannel(channel):
                place = channel
            case DirectMessage(person):
                place = f"@{person}"
            case InThread(parent):
                place = f"under {parent}"
        sent = {
            "ref": delivery.idempotency_key,
            "by": os.getpid(),
            "attempt": uuid4().hex,
            "place": place,
            "earlier": delivery.replaces,
            "message": MESSAGE.dump_json(delivery.message).decode(),
        }
        try:
            answer: Any = await self._request("POST", self.orders.sink, json=sent)
        except RetryAfter as why:
            # If the sink took it all the same, it may be repeated.
            if why.fault:
                async with ClientSession() as http, http.post(f"{self.orders.sink}/unheard", json=sent):
                    pass
            raise
        return str(answer["id"])

    async def _request(self, method: str, url: str, **more: Any) -> Any:
        try:
            async with ClientSession(timeout=PATIENCE) as http, http.request(method, url, **more) as answer:
                if answer.status == 429:
                    raise RetryAfter(float(answer.headers["Retry-After"]))
                if answer.status != 200:
                    raise RetryAfter(0.2, fault=True)
                return await answer.json()
        except (ClientError, OSError, TimeoutError) as fault:
            raise RetryAfter(0.2, fault=True) from fault


class SinkPlatformWithLookup(SinkPlatform):
    """A platform whose sink can be asked what it took."""

    async def find(self, uncertain: UncertainDelivery) -> str | None:
        found: Any = await self._request("GET", f"{self.orders.sink}/{uncertain.delivery.idempotency_key}")
        return str(found["id"]) if found["id"] else None


def work(orders: Orders) -> None:
    """Run the bot until killed, or told to stop."""
    log = os.open(orders.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    logs.set_up("info", "json", to=sys.stderr)
    if orders.hurries:
        _hurry(orders.database)
    asyncio.run(_serve(orders))


def _hurry(database: str) -> None:
    local_runner.SETTLING = SETTLING_S
    token_state.FIRST_WAIT = token_state.LONGEST_WAIT = token_state.DELIVERY_WAIT = TOKEN_S
    if database.startswith("postgresql"):
        # On SQLite the bot doesn't load it either.
        from scheduler import cluster_runner

        cluster_runner.IN_FLIGHT = SETTLING_S


async def _serve(orders: Orders) -> None:
    with _opened(orders.database) as engine:
        clock = Clock(orders.ahead_s)
        app = App((*ALL, chaos), engine, clock.now)
        process = Process(app, clock, _platforms(app, orders))
        door = Door(orders.door, app, process, clock.jump)
        listening = asyncio.create_task(door.listen())
        await process.until_stopped()
        listening.cancel()


def _platforms(app: App, orders: Orders) -> Mapping[str, Platform]:
    if orders.settings:
        os.environ.update(orders.settings)
        return platforms(load(env_file=None), app)
    return {NAME: (SinkPlatformWithLookup if orders.can_tell else SinkPlatform)(orders)}


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    """Open the database as `cop run` does: no other process runs on the same file."""
    with process_lock.held(url):
        engine = storage_database.connect(url)
        storage_database.upgrade(engine)
        yield engine
        engine.dispose()


def migrate_for_ever(url: str, log: str) -> None:
    """Upgrade an empty database to this version and downgrade it, until killed."""
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(file, 2)
    engine = storage_database.connect(url)
    print("at work", file=sys.stderr, flush=True)
    while Path(log).exists():
        storage_database.upgrade(engine)
        storage_database.downgrade(engine, "base")
