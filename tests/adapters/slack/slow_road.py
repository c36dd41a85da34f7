"""A proxy to the Slack peer on which one API method is slow."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import unquote_plus

from aiohttp import ClientSession, web

from tests.adapters.slack.conftest import Peer


@dataclass
class Road:
    address: str
    # The bodies of slow calls, as soon as they are under way.
    taken: list[str]


@asynccontextmanager
async def slow_road(peer: Peer, slow: str, seconds: float) -> AsyncIterator[Road]:
    """Run a proxy on which the method `slow` takes `seconds`. A call under way is lost if its sender dies."""
    taken: list[str] = []

    async def forward(request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if method == slow:
            taken.append(unquote_plus(await request.text()))
            await asyncio.sleep(seconds)
        head = {k: v for k, v in request.headers.items() if k in ("Authorization", "Content-Type")}
        there = f"{peer.base_url}{method}?{request.query_string}"
        async with (
            ClientSession() as http,
            http.request(request.method, there, headers=head, data=await request.read()) as answer,
        ):
            return web.json_response(await answer.json(), status=answer.status)

    site = web.Application()
    site.router.add_route("*", "/api/{method}", forward)
    runner = web.AppRunner(site, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield Road(f"http://127.0.0.1:{runner.addresses[0][1]}/api/", taken)
    finally:
        await runner.cleanup()
