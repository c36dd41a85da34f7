"""Serves pages on the bot's own web server. The token in the address is the only credential.

Whatever is wrong with a link, the answer is the same. Nothing is logged of a request, since its address opens the page.
"""

import asyncio
import logging
from pathlib import Path
from typing import Protocol

from aiohttp import web

from adapters.html.figures import STYLESHEET
from adapters.pages import render
from bot.core.pages import PATH, OpenPage

log = logging.getLogger(__name__)
STATIC = Path(__file__).parent / "static"
# How many are drawn at once. A page asks the database for much, and people wait for the bot in chat meanwhile.
MOST_AT_ONCE = 4
WAIT_S = 5  # seconds that a browser is asked to wait when there are more

# In addition to the headers that every page gets (bot.operations.http, and the playground's own).
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
# A stylesheet is the same for everybody.
LOOKS = {"Cache-Control": "public, max-age=3600", "X-Robots-Tag": "noindex"}


class Bot(Protocol):
    """What the pages need from the bot. bot.core.app.App has it."""

    def open_page(self, token: str) -> OpenPage | None: ...


def answer_pages(web_app: web.Application, bot: Bot) -> None:
    """Serve pages at PATH, and their stylesheets beside it."""
    drawing = 0

    async def send(request: web.Request) -> web.Response:
        nonlocal drawing
        if drawing >= MOST_AT_ONCE:
            return _html(render.busy(), 503, {"Retry-After": str(WAIT_S)})
        drawing += 1
        try:
            shown = await asyncio.to_thread(_draw, bot, request.match_info["token"])
        except Exception:
            log.exception("a page could not be shown")
            return _html(render.broken(), 500)
        finally:
            drawing -= 1
        return _html(shown, 200) if shown else _html(render.gone(), 404)

    def looks(file: Path) -> None:
        async def send_looks(_request: web.Request) -> web.FileResponse:
            return web.FileResponse(file, headers=LOOKS)

        web_app.router.add_get(PATH.format(token=file.name), send_looks)

    looks(STATIC / "page.css")
    looks(STYLESHEET)
    web_app.router.add_get(PATH, send)


def _draw(bot: Bot, token: str) -> str | None:
    opened = bot.open_page(token)
    return render.page(opened) if opened else None


def _html(text: str, status: int, more: dict[str, str] | None = None) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html", headers=HEADERS | (more or {}))
