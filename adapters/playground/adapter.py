"""The playground adapter: serves the workspace to browsers on this machine, and delivers messages into it."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from aiohttp import web

from adapters.playground.autocomplete import Phrasebook
from adapters.playground.live_workspace import LiveWorkspace
from adapters.playground.parse import PLATFORM
from adapters.playground.routes import Server, To
from adapters.playground.workspace_model import World, direct
from bot.core.events import AutocompleteQuery, PersonEvent
from bot.core.platform import Delivery, DirectMessage, InCalendar, InChannel, InThread, RateLimit, Undeliverable
from bot.core.routes import CommandSpec, ShortcutSpec
from bot.operations.http import LOOPBACK
from bot.ui import Reply

RATE_LIMIT = RateLimit(lane=PLATFORM, per_second=500.0, channel_interval=0.0)
SHUTDOWN_GRACE = 0.3  # seconds


class Bot(Protocol):
    """What the playground needs from the bot. bot.core.app.App has it."""

    root: str

    @property
    def commands(self) -> Sequence[CommandSpec]: ...

    @property
    def shortcuts(self) -> Sequence[ShortcutSpec]: ...

    def handle(self, event: PersonEvent) -> Reply: ...

    def complete(self, typing: AutocompleteQuery) -> list[str]: ...


class WorkspaceClock(Protocol):
    """The workspace's own time, which can be moved."""

    def now(self) -> datetime:
        """Return the current time, aware."""

    async def move(self, to: To) -> str:
        """Move to a moment, by a span, or to the next thing that happens, doing all that comes due on the way.

        Returns what happened and when, as CommonMark with the tokens of bot.ui.markup.
        """


class Playground:
    """The platform as the bot sees it."""

    name = PLATFORM

    def __init__(
        self,
        app: Bot,
        clock: WorkspaceClock,
        world: World,
        *,
        host: str = "127.0.0.1",
        port: int = 8765,
        pages: Callable[[web.Application], None] = lambda _site: None,
    ) -> None:
        """`port` 0 takes any free one. `pages` adds the bot's own pages to the site.

        Raises ValueError for a host that other machines can reach, since the playground has no passwords.
        """
        if host not in LOOPBACK:
            raise ValueError(
                f"The playground has no passwords, so it is served to this machine only: not to {host}. "
                f"Use one of {', '.join(LOOPBACK)}."
            )
        self.world, self._host, self._port, self._pages = world, host, port, pages
        self.workspace = LiveWorkspace(world, clock.now, tuple(app.shortcuts))
        book = Phrasebook(tuple(app.commands), app.root)
        self._server = Server(self.workspace, app.handle, app.complete, book, clock.move)
        self._ready = asyncio.Event()

    @property
    def ready(self) -> bool:
        return self._ready.is_set()

    async def wait_until_ready(self) -> None:
        await self._ready.wait()

    @property
    def url(self) -> str:
        """The address to open in a browser. Right once `ready`, since the port may be chosen only then."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}/"

    def rate_limit(self, space: str) -> RateLimit:
        return RATE_LIMIT

    async def run(self) -> None:
        """Serve until cancelled. Raises OSError if the port is taken."""
        site = self._server.application()
        self._pages(site)
        runner = web.AppRunner(site, shutdown_timeout=SHUTDOWN_GRACE, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
            self._port = runner.addresses[0][1]
            self._ready.set()
            await asyncio.Event().wait()
        finally:
            self._ready.clear()
            await runner.cleanup()

    async def deliver(self, delivery: Delivery) -> str:
        place, under = self._where(delivery)
        if not delivery.replaces:
            post = self.workspace.say(place, message=delivery.message, under=under, ref=delivery.idempotency_key)
            return str(post.id)
        try:
            return str(self.workspace.rewrite(int(delivery.replaces), delivery.message).id)
        except (KeyError, ValueError) as gone:
            raise Undeliverable("channel gone") from gone

    def _where(self, delivery: Delivery) -> tuple[str, int | None]:
        """Return the place, and the post whose thread it belongs to. Raises Undeliverable."""
        match delivery.to:
            case InChannel(channel):
                if self.world.channel(channel) is None:
                    raise Undeliverable("channel gone")
                return channel, None
            case DirectMessage(person):
                if self.world.person(person) is None:
                    raise Undeliverable("person gone")
                return direct(person), None
            case InThread(parent, broadcast):
                try:
                    above = self.world.post(int(parent))
                except (KeyError, ValueError) as gone:
                    raise Undeliverable("channel gone") from gone
                return above.place, None if broadcast else above.under or above.id
            case InCalendar():
                # The playground has no calendar, so nothing should be addressed to it.
                raise Undeliverable("refused")
