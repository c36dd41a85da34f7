"""The door of a process in a trial: a Unix socket by which a trial acts as people do, and asks how the process is."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from aiohttp import web
from pydantic import TypeAdapter

from bot.bootstrap.process import Process
from bot.core import failures
from bot.core.app import App
from bot.core.events import Submission

SUBMISSION = TypeAdapter(Submission)


class Door:
    """Listens at `address`. `jump` sets the clock of the process this far ahead of the machine's."""

    def __init__(self, address: str, app: App, process: Process, jump: Callable[[timedelta], None]) -> None:
        self.address, self.app, self.process, self.jump = address, app, process, jump
        # The idempotency keys of the events that failed.
        self.failed: set[str] = set()
        self._note_failures()

    def _note_failures(self) -> None:
        record = failures.record_failure

        def noting(*given: Any, **named: Any) -> Any:
            self.failed.update(each.idempotency_key for each in given if isinstance(each, Submission))
            return record(*given, **named)

        failures.record_failure = noting

    async def listen(self) -> None:
        """Listen until cancelled."""
        app = web.Application()
        app.router.add_post("/events", self._handle)
        app.router.add_post("/clock", self._jump)
        app.router.add_post("/wake", self._wake)
        app.router.add_post("/ready", self._say_how_it_is)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.UnixSite(runner, self.address).start()
        await asyncio.Event().wait()

    async def _handle(self, request: web.Request) -> web.Response:
        """Handle a form. The answer says what the person sees, and whether they are told that it failed."""
        event = SUBMISSION.validate_json(await request.read())
        self.failed.discard(event.idempotency_key)
        reply = await asyncio.to_thread(self.app.handle, event)
        failed = event.idempotency_key in self.failed
        return web.json_response({"reply": type(reply).__name__, "shown": repr(reply), "failed": failed})

    async def _jump(self, request: web.Request) -> web.Response:
        self.jump(timedelta(seconds=float(await request.text())))
        return web.Response()

    async def _wake(self, _request: web.Request) -> web.Response:
        self.app.on_work_queued()
        return web.Response()

    async def _say_how_it_is(self, _request: web.Request) -> web.Response:
        return web.json_response({"parts": await self.process.readiness(), "problems": self.process.problems})
