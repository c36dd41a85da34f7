"""The HTTP endpoint behind calendar links. Calendar applications fetch it; the token is the only credential."""

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web
from sqlmodel import Session

from bot.features.calendar_feeds import feed as calendar_feeds_feed
from bot.operations.http import LOOPBACK
from storage.meetings import calendar_feeds as links

if TYPE_CHECKING:
    from bot.core.app import App

PATH = "/calendar/{token}.ics"
GONE = "This calendar link does not work, or no more. Whoever gave it to you may have made a new one.\n"
# In addition to the headers that every page gets (bot.operations.http, and the playground's own).
HEADERS = {
    "Cache-Control": "private, max-age=300",
    "Content-Disposition": 'inline; filename="commonplace.ics"',
    "X-Robots-Tag": "noindex",
}


def address(of_bot: str, token: str) -> str:
    return of_bot + PATH.format(token=token)


def is_only_here(link: str) -> bool:
    """Whether only programs on the same machine can open the link, as in the playground."""
    return urlsplit(link).hostname in LOOPBACK


def answer_calendars(web_app: web.Application, app: "App") -> None:
    """Serve feeds at PATH: 200 with the file, 404 for a token that is unknown or was revoked."""

    def load(token: str) -> str | None:
        with Session(app.read_engine) as session:
            feed = links.by_token(session, token)
            return calendar_feeds_feed.of_feed(session, feed, app.clock()) if feed else None

    async def send(request: web.Request) -> web.Response:
        file = await asyncio.to_thread(load, request.match_info["token"])
        if file is None:
            return web.Response(status=404, text=GONE)
        return web.Response(text=file, content_type="text/calendar", charset="utf-8", headers=HEADERS)

    web_app.router.add_get(PATH, send)
