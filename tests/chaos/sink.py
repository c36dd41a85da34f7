"""The platform of these trials: a web server that remembers every message it took, and misbehaves as it is told."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Trouble = Callable[[], str]  # "" for none, else what goes wrong
NETWORK_S = (0.002, 0.03)  # each way
PATIENCE_S = 1.0  # that whoever asks has
SLOW_S = 1.5
WAIT_S = 0.3  # that it asks for where it is told too much


@dataclass
class Taken:
    """One message as people see it."""

    id: str
    ref: str
    by: int  # the process that sent it
    attempt: str
    place: str
    message: str  # JSON of bot.ui.Message
    at: float  # epoch seconds of its first arrival


@dataclass
class Sink:
    """`suppresses`: the same ref again gives the message it made, as Discord does with a nonce."""

    suppresses: bool
    network_s: tuple[float, float] = NETWORK_S
    trouble: Trouble = lambda: ""
    messages: dict[str, Taken] = field(default_factory=dict)
    suppressed: int = 0
    refused: int = 0  # times it said to wait
    hasty: int = 0  # times somebody did not
    troubled: int = 0  # requests that met with trouble of any kind
    silence: dict[str, float] = field(default_factory=dict)  # place -> until when (monotonic) nothing is to come
    given_up: set[str] = field(default_factory=set)  # attempts of which whoever made them heard no good end
    asked: int = 0  # requests of any kind
    order: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # place -> refs as they arrived

    async def __aenter__(self) -> "Sink":
        app = web.Application()
        app.router.add_post("/messages", self._around(self._take))
        app.router.add_get("/messages/{ref}", self._find)
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
        """How many messages people see that they have seen already, as much as was to be said once."""
        return len(self.messages) - len({row_of(m.ref) for m in self.messages.values()})

    @property
    def unheard(self) -> int:
        """New messages that it took without whoever sent them hearing so."""
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
            id = take(sent)  # what has been asked happens, whether or not anybody waits for the answer
            await asyncio.sleep(random.uniform(*self.network_s))
            match trouble:
                case "500 though taken":
                    return web.json_response({}, status=500)
                case "dropped though taken":
                    return _hang_up(request)
            return web.json_response({"id": id})

        return answer

    def _take(self, sent: Any) -> str:
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

    async def _find(self, request: web.Request) -> web.Response:
        self.asked += 1
        found = [m.id for m in self.messages.values() if m.ref == request.match_info["ref"]]
        return web.json_response({"id": found[0] if found else None})


def row_of(ref: str) -> int:
    """The number of what was to be said, as the outbox has it."""
    return int(ref.partition("-")[0])


def _hang_up(request: web.Request) -> web.Response:
    assert request.transport
    request.transport.abort()
    return web.Response()


def now_and_then(share: float, *troubles: str) -> Trouble:
    return lambda: random.choice(troubles) if random.random() < share else ""
