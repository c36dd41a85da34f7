"""The real adapter for many workspaces, its pages on a web server, and a person with a browser."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import ClientSession, CookieJar, web

from adapters.slack.adapter import Slack
from adapters.slack.multi_workspace import MultiWorkspace
from adapters.slack.oauth import Door
from bot.core.app import App
from bot.core.platform import ConfigurationError
from bot.operations.encryption import TokenCipher, new_key
from bot.operations.installations import Installations
from tests.adapters.slack.front import CLIENT, HOME, SECRET, Front
from tests.support.ports import free_port

KEY = new_key()


@dataclass
class Page:
    status: int
    words: str
    headers: Any
    url: str


class Browser:
    """Keeps cookies and follows redirects, as a browser does."""

    def __init__(self, front: Front, address: str) -> None:
        self.front, self.address = front, address
        # An unsafe jar keeps the cookies of an IP address such as 127.0.0.1 too.
        self.http = ClientSession(cookie_jar=CookieJar(unsafe=True))

    async def opens(self, url: str, **headers: str) -> Page:
        async with self.http.get(url, headers=headers) as answer:
            return Page(answer.status, await answer.text(), answer.headers, str(answer.url))

    async def asks_to_install(self) -> str:
        """Open the page that installs the bot, and return where its button leads."""
        page = await self.opens(f"{self.address}/slack/install")
        assert page.status == 200, page.words
        return page.words.partition('class="button" href="')[2].partition('"')[0].replace("&amp;", "&")

    async def installs(self, team: str = HOME) -> Page:
        self.front.choosing = team
        return await self.opens(await self.asks_to_install())

    async def allows(self, question: str) -> str:
        """Allow it on Slack's page, and return where that leads back to, without going there."""
        async with self.http.get(question, allow_redirects=False) as answer:
            return answer.headers["Location"]


@dataclass
class Running:
    slack: Slack
    many: MultiWorkspace
    front: Front
    address: str

    @property
    def installations(self) -> Installations:
        return self.many.installations


@asynccontextmanager
async def many(
    front: Front, app: App, mode: str = "socket", keys: str = KEY, *, threads: bool = False
) -> AsyncIterator[Running]:
    peer, port = front.peer, free_port()
    env, address = peer.env(), f"http://127.0.0.1:{port}"
    found = MultiWorkspace(Installations(app, TokenCipher(keys), "slack"), front.base_url)
    slack = Slack(
        app,
        many=found,
        app_token=env["SLACK_APP_TOKEN"] if mode == "socket" else "",
        signing_secret=env["SLACK_SIGNING_SECRET"] if mode == "http" else "",
        base_url=front.base_url,
    )
    site = web.Application()
    Door(
        found, slack.client, client_id=CLIENT, client_secret=SECRET, address=address, root=app.root, threads=threads
    ).routes(site)
    if mode == "http":
        slack.routes(site)
        peer.bot_url = f"{address}/slack/events"
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    running = asyncio.create_task(slack.run())
    try:
        await peer.until(lambda: slack.ready or running.done())
        if running.done():
            running.result()
        yield Running(slack, found, front, address)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError, ConfigurationError):
            await running
        await runner.cleanup()


@asynccontextmanager
async def browser(running: Running) -> AsyncIterator[Browser]:
    somebody = Browser(running.front, running.address)
    try:
        yield somebody
    finally:
        await somebody.http.close()


def state_in(url: str) -> str:
    return parse_qs(urlsplit(url).query)["state"][0]
