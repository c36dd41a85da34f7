"""Keeps the playground to this machine: no other website can read it or act in it, and nothing typed can run.

There are no passwords. Instead, every request must be for a loopback host, and one that changes something must come
from the playground's own page.
"""

import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from adapters.playground.parse import Malformed
from bot.i18n import gettext as _
from bot.operations.http import LOOPBACK

log = logging.getLogger(__name__)

# Five answers of 3,000 characters fit, however they are encoded.
MOST_SENT = 256 * 1024  # bytes
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def dress(request: web.Request, response: web.StreamResponse) -> None:
    """Add the headers to every answer, errors included. A page's own headers win."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")


def _host_name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


@web.middleware
async def refuse_strangers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse other websites: those whose name was made to point here (DNS rebinding), and those that post here."""
    if _host_name(request.host) not in LOOPBACK:
        return web.Response(status=421, text=_("The playground answers only to this machine's own address."))
    if request.method not in ("GET", "HEAD"):
        origin = request.headers.get("Origin")
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        if (origin is not None and origin != f"http://{request.host}") or site not in ("same-origin", "none"):
            return web.Response(status=403, text=_("Only the playground's own page may do that."))
        if request.content_type != "application/json":
            return web.Response(status=415, text=_("Send JSON, please."))
    return await handler(request)


@web.middleware
async def say_what_went_wrong(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a failed request with words that the page shows."""
    try:
        return await handler(request)
    except Malformed as fault:
        return web.json_response({"error": str(fault)}, status=400)
    except web.HTTPRequestEntityTooLarge:
        return web.json_response({"error": _("That is too much at once. Please send less.")}, status=413)
    except (web.HTTPException, ConnectionResetError):
        raise
    except Exception:
        log.exception("the playground failed at %s", request.path)
        words = _("Something broke in the playground; nothing was saved. The log says more.")
        return web.json_response({"error": words}, status=500)
