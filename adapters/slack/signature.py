"""Request verification for HTTP mode: only a request of reasonable length with Slack's signature is read."""

import asyncio
import re

from aiohttp import web
from slack_bolt.async_app import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from adapters.slack.bolt_app import UNREADABLE, note_unreadable

# A form with all its answers is under 250 KB before it is encoded.
MAX_BODY = 2**20  # bytes
BODY_S = 10.0  # seconds for it to arrive
# Seconds since 1970, until the year 5138.
TIMESTAMP = re.compile(r"[0-9]{1,11}")


async def request_of(request: web.Request, secret: str) -> AsyncBoltRequest:
    """Verify a request and return it as Bolt takes it.

    Raises aiohttp's 413 (too long), 408 (too slow), 401 (forged, or over five minutes old), or 400 (unreadable).
    """
    body = await _body(request)
    headers = dict(request.headers)
    if (sent_at := headers.get("X-Slack-Request-Timestamp")) and not TIMESTAMP.fullmatch(sent_at):
        raise web.HTTPBadRequest
    try:
        if not SignatureVerifier(secret).is_valid_request(body, headers):
            raise web.HTTPUnauthorized
        return AsyncBoltRequest(body=body.decode(), query=request.query_string, headers={**headers})
    except UNREADABLE as error:
        # The signature isn't ASCII, or the body isn't UTF-8, or not what Slack sends.
        note_unreadable(error)
        raise web.HTTPBadRequest from None


async def _body(request: web.Request) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            async for chunk in request.content.iter_chunked(2**16):
                body += chunk
                if len(body) > MAX_BODY:
                    raise web.HTTPRequestEntityTooLarge(MAX_BODY, len(body))
    except TimeoutError:
        raise web.HTTPRequestTimeout(headers={"Connection": "close"}) from None
    return bytes(body)
