"""The trials' platform: a web server that remembers every message it took, and misbehaves as told."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

# Returns what goes wrong, "" for nothing.
Failure = Callable[[], str]
NETWORK_S = (0.002, 0.03)  # each way
# How long a sender waits for an answer. A slow one takes longer.
PATIENCE_S = 1.0
SLOW_S = 1.5
# Its Retry-After.
WAIT_S = 0.3


@dataclass
class Taken:
    """One message as people see it.

    `by` is the process that sent it, `message` the JSON of a bot.ui.Message, and `at` when it first arrived (seconds
    since 1970).
    """

    id: str
    ref: str
    by: int
    attempt: str
    place: str
    message: str
    at: float


@dataclass
class Sink:
    """A platform that counts what reaches it.

    `suppresses`: a repeat with the same idempotency key returns the message that exists, as on Discord with a nonce.
    `refused` counts how often it said to wait, `hasty` how often that was ignored, and `troubled` the requests that met
    with any trouble. `silence` is until when (monotonic) nothing should come to a place, `given_up` the attempts whose
    sender heard no good end, `asked` the number of all requests, and `order` the keys by place as they arrived.
    """

    suppresses: bool
    network_s: tuple[float, float] = NETWORK_S
    trouble: Failure = lambda: ""
    messages: dict[str, Taken] = field(default_factory=dict)
    suppressed: int = 0
    refused: int = 0
    hasty: int = 0
    troubled: int = 0
    silence: dict[str, float] = field(default_factory=dict)
    given_up: set[str] = field(default_factory=set)
    asked: int = 0
    order: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    url: str = ""

    async def __aenter__(self) -> "Sink":
        app = web.Application()
        app.router.add_post("/messages", self._around(self._accept))
        app.router.add_get("/messages/{ref}", self._look_up)
        app.router.add_post("/messages/unheard", self._note_unheard)
        self.runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self.runner.addresses[0][1]}/messages"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.runner.cleanup()

    @property
    def repeated(self) -> int:
        """How many messages people see that repeat another: each should be there once."""
        return len(self.messages) - len({row_of(m.ref) for m in self.messages.values()})

    @property
    def unconfirmed(self) -> int:
        """How many new messages it took without their sender hearing so."""
        return sum(m.attempt in self.given_up for m in self.messages.values())

    def _around(self, take: Callable[[Any], str]) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(request: web.Request) -> web.StreamResponse:
            sent, began = await request.json(), time.monotonic()
            self.asked += 1
            self.hasty += began < self.silence.get(sent["place"], 0.0)
            await asyncio.sleep(random.uniform(*self.network_s))
            trouble = self.trouble()
            self.troubled += trouble != ""
            match trouble:
                case "429":
                    self.refused += 1
                    self.silence[sent["place"]] = time.monotonic() + WAIT_S
                    return web.json_response({}, status=429, headers={"Retry-After": f"{WAIT_S}"})
                case "500":
                    return web.json_response({}, status=500)
                case "dropped":
                    return _hang_up(request)
                case "slow":
                    await asyncio.sleep(SLOW_S)
            # It takes the message even if nobody waits for the answer any more.
            id = take(sent)
            await asyncio.sleep(random.uniform(*self.network_s))
            match trouble:
                case "500 though taken":
                    return web.json_response({}, status=500)
                case "dropped though taken":
                    return _hang_up(request)
            return web.json_response({"id": id})

        return answer

    def _accept(self, sent: Any) -> str:
        if earlier := sent["earlier"]:
            self.messages[earlier].message = sent["message"]
            return str(earlier)
        if self.suppresses:
            for message in self.messages.values():
                if message.ref == sent["ref"]:
                    self.suppressed += 1
                    return message.id
        id = f"m{len(self.messages) + 1}"
        taken = Taken(id, sent["ref"], sent["by"], sent["attempt"], sent["place"], sent["message"], time.time())
        self.messages[taken.id] = taken
        self.order[taken.place].append(taken.ref)
        return taken.id

    async def _note_unheard(self, request: web.Request) -> web.Response:
        self.given_up.add((await request.json())["attempt"])
        return web.Response()

    async def _look_up(self, request: web.Request) -> web.Response:
        self.asked += 1
        found = [m.id for m in self.messages.values() if m.ref == request.match_info["ref"]]
        return web.json_response({"id": found[0] if found else None})


def row_of(ref: str) -> int:
    """Return the outbox row that an idempotency key belongs to."""
    return int(ref.partition("-")[0])


def _hang_up(request: web.Request) -> web.Response:
    assert request.transport
    request.transport.abort()
    return web.Response()


def now_and_then(share: float, *troubles: str) -> Failure:
    return lambda: random.choice(troubles) if random.random() < share else ""
