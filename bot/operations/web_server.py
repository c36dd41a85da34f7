"""The bot's web server: the pages of an application, with deadlines and a bound on open connections.

aiohttp waits for a request for as long as it takes to arrive, so anybody who can reach the bot could keep all of its
connections busy with requests that they never finish.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from aiohttp import web

HEADERS_S = 10.0  # seconds for the first request's headers to arrive
KEEPALIVE_S = 15.0  # seconds for the next request on a connection to arrive
# Far more than Slack and a web server in front open, and far fewer than a process may have files open.
MOST_CONNECTIONS = 200


class Handler(Protocol):
    """What asyncio calls on one of aiohttp's connections."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None: ...
    def connection_lost(self, exc: BaseException | None) -> None: ...
    def data_received(self, data: bytes) -> None: ...
    def eof_received(self) -> None: ...
    def pause_writing(self) -> None: ...
    def resume_writing(self) -> None: ...


class Connections:
    """Makes the connections of a server. At most MOST_CONNECTIONS are open; the one waiting longest makes room."""

    def __init__(self, server: web.Server, most: int = MOST_CONNECTIONS, headers_s: float = HEADERS_S) -> None:
        self.server, self.most, self.headers_s = server, most, headers_s
        # In the order in which they were opened. Of those in `waiting`, no request has arrived yet.
        self.open: dict[Connection, None] = {}
        self.waiting: dict[Connection, None] = {}

    def __call__(self) -> "Connection":
        return Connection(self, self.server())

    def opened(self, connection: "Connection") -> None:
        if len(self.open) >= self.most:
            # If all others are being answered, there is no room for this one.
            oldest = next(iter(self.waiting), connection)
            self.closed(oldest)
            oldest.abort()
            if oldest is connection:
                return
        self.open[connection] = self.waiting[connection] = None

    def closed(self, connection: "Connection") -> None:
        self.open.pop(connection, None)
        self.waiting.pop(connection, None)


class Connection(asyncio.Protocol):
    """One connection: passes everything on to aiohttp, and ends if no whole headers arrive in time."""

    def __init__(self, connections: Connections, handler: Handler) -> None:
        self.connections, self.handler = connections, handler
        self.last = b""
        self.transport: asyncio.Transport | None = None
        self.deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.deadline = asyncio.get_running_loop().call_later(self.connections.headers_s, self.abort)
        self.handler.connection_made(transport)
        self.connections.opened(self)

    def data_received(self, data: bytes) -> None:
        if self.deadline:
            # An empty line ends the headers.
            self.last = (self.last + data)[-3 - len(data) :]
            if b"\r\n\r\n" in self.last or b"\n\n" in self.last:
                self._headers_arrived()
            self.last = self.last[-3:]
        self.handler.data_received(data)

    def _headers_arrived(self) -> None:
        if self.deadline:
            self.deadline.cancel()
            self.deadline = None
        self.connections.waiting.pop(self, None)

    def abort(self) -> None:
        if self.transport:
            self.transport.abort()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._headers_arrived()
        self.connections.closed(self)
        self.handler.connection_lost(exc)

    def eof_received(self) -> None:
        return self.handler.eof_received()

    def pause_writing(self) -> None:
        self.handler.pause_writing()

    def resume_writing(self) -> None:
        self.handler.resume_writing()


@asynccontextmanager
async def listening(app: web.Application, host: str, port: int, *, stop_s: float) -> AsyncIterator[int]:
    """Serve `app` while inside. Yields the port. Open requests get `stop_s` seconds at the end. Raises OSError."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=stop_s, keepalive_timeout=KEEPALIVE_S)
    await runner.setup()
    try:
        assert runner.server
        server = await asyncio.get_running_loop().create_server(Connections(runner.server), host, port, backlog=128)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
    finally:
        await runner.cleanup()
