"""The web server ends requests that never finish, and bounds how many connections are open."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.operations import http as pages
from bot.operations import web_server
from tests.support.interruptions import until

HALF = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "


@asynccontextmanager
async def served(monkeypatch: pytest.MonkeyPatch, most: int, *headers_s: float) -> AsyncIterator[int]:
    """Serve on a port. Each connection has so many seconds for its headers: the first, the second, and so on."""
    make, deadlines = web_server.Connection, iter(headers_s)

    def connection(connections: web_server.Connections, handler: Any) -> web_server.Connection:
        connections.most, connections.headers_s = most, next(deadlines, connections.headers_s)
        return make(connections, handler)

    monkeypatch.setattr(web_server, "Connection", connection)
    async with web_server.listening(pages.application(), "127.0.0.1", 0, stop_s=0.1) as port:
        yield port


async def answered(port: int) -> int:
    async with ClientSession() as http, http.get(f"http://127.0.0.1:{port}/healthz") as answer:
        return answer.status


async def test_request_whose_headers_never_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(monkeypatch, 200, 0.05, 600.0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HALF)
        assert await ended(reader)
        writer.close()
        assert await answered(port) == 200


async def test_connection_that_says_nothing_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(monkeypatch, 200, 0.05) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await ended(reader)
        writer.close()


async def test_headers_may_arrive_byte_by_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(monkeypatch, 200, 30.0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for byte in HALF + b"yes\r\n\r\n":
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0)
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        writer.close()


async def test_open_connections_are_bounded_and_the_bot_still_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many half-sent requests: each new one takes the place of the one that has waited longest."""
    async with served(monkeypatch, 5, 600.0) as port:
        half = []
        for _each in range(40):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(HALF)
            half.append((reader, writer))
        assert await answered(port) == 200
        closed: list[int] = []
        for number, (reader, _writer) in enumerate(half):
            asyncio.create_task(_note(reader, number, closed)).add_done_callback(lambda task: task.result())
        await until(lambda: len(closed) >= 35)
        for _reader, writer in half:
            writer.close()


async def _note(reader: asyncio.StreamReader, number: int, closed: list[int]) -> None:
    if await ended(reader):
        closed.append(number)


async def ended(reader: asyncio.StreamReader) -> bool:
    try:
        return await reader.read() == b""
    except ConnectionError:
        return True


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        ("127.0.0.1:8080", True),
        ("[::1]:8080", True),
        ("localhost", True),
        ("10.1.2.3:8080", True),
        ("bot:8080", True),
        ("bot.cops.svc", True),
        ("COP.example.org", True),
        ("evil.example", False),
        ("cop.example.org.evil.example", False),
        ("127.0.0.1.evil.example", False),
    ],
)
def test_own_names_are_addresses_containers_and_the_public_address(host: str, is_own: bool) -> None:
    assert pages.is_own(host, pages.own_names("127.0.0.1", "https://cop.example.org")) is is_own


async def test_machine_page_refuses_a_foreign_name_and_names_no_version() -> None:
    async with web_server.listening(pages.application(), "127.0.0.1", 0, stop_s=0.1) as port, ClientSession() as http:
        for path in pages.FOR_MACHINES:
            async with http.get(f"http://127.0.0.1:{port}{path}", headers={"Host": "evil.example"}) as answer:
                assert answer.status == 421
        async with http.get(f"http://127.0.0.1:{port}/nowhere") as answer:
            assert (answer.status, answer.headers["Server"]) == (404, "Commonplace")
