"""The HTTP endpoint behind calendar links. Calendar applications fetch it; the token is the only credential."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
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


@dataclass(frozen=True)
class FeedFile:
    """The file behind a link, and what tells it from the one before."""

    body: bytes
    fingerprint: str
    changed_at: datetime

    @property
    def validators(self) -> dict[str, str]:
        return {"ETag": f'"{self.fingerprint}"', "Last-Modified": format_datetime(self.changed_at, usegmt=True)}

    def is_known_to(self, request: web.Request) -> bool:
        """Whether the program that asks has this very file. A date counts only where it sent no fingerprint."""
        if (known := request.if_none_match) is not None:
            return any(tag.value in (self.fingerprint, "*") for tag in known)
        since = request.if_modified_since
        return since is not None and self.changed_at.replace(microsecond=0) <= since


def answer_calendars(web_app: web.Application, app: "App") -> None:
    """Serve feeds at PATH: 200 with the file, 304 if the program has it, 404 for a token that is unknown or revoked."""

    def load(token: str) -> FeedFile | None:
        with Session(app.read_engine) as session:
            feed = links.by_token(session, token)
            text = calendar_feeds_feed.of_feed(session, feed) if feed else None
        if feed is None or text is None:
            return None
        body = text.encode()
        fingerprint = sha256(body).hexdigest()[:32]
        if fingerprint == feed.fingerprint and feed.changed_at:
            return FeedFile(body, fingerprint, feed.changed_at)
        return FeedFile(body, fingerprint, _record(app, feed, fingerprint))

    async def send(request: web.Request) -> web.Response:
        file = await asyncio.to_thread(load, request.match_info["token"])
        if file is None:
            return web.Response(status=404, text=GONE)
        headers = HEADERS | file.validators
        if file.is_known_to(request):
            return web.Response(status=304, headers=headers)
        return web.Response(body=file.body, content_type="text/calendar", charset="utf-8", headers=headers)

    web_app.router.add_get(PATH, send)


def _record(app: "App", feed: links.Feed, fingerprint: str) -> datetime:
    """Save that the file has changed. Returns the moment that counts as its last change."""
    with app.write_lock, Session(app.engine) as session, session.begin():
        changed_at = links.record_change(session, feed.id or 0, fingerprint, app.clock())
    return changed_at
