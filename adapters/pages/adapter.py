"""Serves pages on the bot's own web server. The token in the address opens a page in one browser, the first.

A browser is known by a random cookie, which it has to bring back before a link opens for the first time. So nothing
that only looks at addresses, such as a link preview, is ever the first. Nothing is logged of a request, since its
address opens the page.
"""

import asyncio
import logging
import re
from pathlib import Path
from secrets import token_urlsafe
from typing import Protocol
from urllib.parse import urlsplit

from aiohttp import web

from adapters.html.figures import STYLESHEET
from adapters.pages import render
from bot.core.pages import LASTS, PATH, ClosedLink, OpenPage

log = logging.getLogger(__name__)
STATIC = Path(__file__).parent / "static"
# How many are drawn at once. A page asks the database for much, and people wait for the bot in chat meanwhile.
MOST_AT_ONCE = 4
WAIT_S = 5  # seconds that a browser is asked to wait when there are more

COOKIE = "commonplace_pages"
SECRET_BYTES = 24
SECRET = re.compile(r"[A-Za-z0-9_-]{32}")
# In the address once the cookie was sent, so that a browser that keeps none is not sent round in circles.
AGAIN = "again"
STATUS = {
    ClosedLink.UNKNOWN: 404,
    ClosedLink.ENDED: 410,
    ClosedLink.EXPIRED: 410,
    ClosedLink.ELSEWHERE: 403,
    ClosedLink.NO_BROWSER: 403,
    ClosedLink.DENIED: 403,
}

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

    address: str

    def open_page(self, token: str, browser: str) -> OpenPage | ClosedLink: ...


def answer_pages(web_app: web.Application, bot: Bot) -> None:
    """Serve pages at PATH, and their stylesheets beside it."""
    drawing = 0

    async def send(request: web.Request) -> web.Response:
        nonlocal drawing
        if drawing >= MOST_AT_ONCE:
            return _html(render.busy(), 503, {"Retry-After": str(WAIT_S)})
        drawing += 1
        browser = _browser(request)
        try:
            shown = await asyncio.to_thread(_draw, bot, request.match_info["token"], browser)
        except Exception:
            log.exception("a page could not be shown")
            return _html(render.broken(), 500)
        finally:
            drawing -= 1
        if not isinstance(shown, ClosedLink):
            return _with_cookie(_html(shown, 200), browser, bot.address)
        if shown is ClosedLink.NO_BROWSER and AGAIN not in request.query:
            back = web.Response(status=303, headers=HEADERS | {"Location": f"?{AGAIN}"})
            return _with_cookie(back, token_urlsafe(SECRET_BYTES), bot.address)
        return _html(render.closed(shown), STATUS[shown])

    def looks(file: Path) -> None:
        async def send_looks(_request: web.Request) -> web.FileResponse:
            return web.FileResponse(file, headers=LOOKS)

        web_app.router.add_get(PATH.format(token=file.name), send_looks)

    looks(STATIC / "page.css")
    looks(STYLESHEET)
    web_app.router.add_get(PATH, send)


def _browser(request: web.Request) -> str:
    """Return the secret in the browser's cookie, "" if it has none of ours."""
    secret = request.cookies.get(COOKIE, "")
    return secret if SECRET.fullmatch(secret) else ""


def _with_cookie(response: web.Response, secret: str, address: str) -> web.Response:
    """Let the browser keep its secret for as long as a link that is made now lasts.

    Lax and not Strict: a click in Slack's or Discord's own web page is from another site, and Strict would leave the
    cookie out of it. Nothing here changes anything for anyone but the first opening, so no other site gains by a click.
    """
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(LASTS.total_seconds()),
        # Only for pages, wherever a web server in front puts them.
        path=urlsplit(address).path + PATH.format(token=""),
        httponly=True,
        samesite="Lax",
        secure=address.startswith("https:"),
    )
    return response


def _draw(bot: Bot, token: str, browser: str) -> str | ClosedLink:
    opened = bot.open_page(token, browser)
    return opened if isinstance(opened, ClosedLink) else render.page(opened)


def _html(text: str, status: int, more: dict[str, str] | None = None) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html", headers=HEADERS | (more or {}))
