"""Request verification for HTTP mode: only a request of reasonable length with Slack's signature is read."""

from aiohttp import web
from slack_bolt.async_app import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

# A form with all its answers is under 250 KB before it is encoded.
MAX_BODY = 2**20  # bytes


async def request_of(request: web.Request, secret: str) -> AsyncBoltRequest:
    """Verify a request and return it as Bolt takes it.

    Raises aiohttp's 413 (too long), 401 (forged, or over five minutes old), or 400 (unreadable).
    """
    body = bytearray()
    async for chunk in request.content.iter_chunked(2**16):
        body += chunk
        if len(body) > MAX_BODY:
            raise web.HTTPRequestEntityTooLarge(MAX_BODY, len(body))
    headers = dict(request.headers)
    try:
        if not SignatureVerifier(secret).is_valid_request(bytes(body), headers):
            raise web.HTTPUnauthorized
        return AsyncBoltRequest(body=body.decode(), query=request.query_string, headers={**headers})
    except (ValueError, TypeError):
        # The time isn't a number, the signature isn't ASCII, or the body isn't UTF-8.
        raise web.HTTPBadRequest from None
