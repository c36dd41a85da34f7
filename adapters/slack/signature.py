"""HTTP mode: only what carries Slack's signature, and is not years too long, is read at all."""

from aiohttp import web
from slack_bolt.async_app import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

BIGGEST = 2**20  # bytes: a form with all its answers is under 250 KB before it is encoded for the way


async def request_of(request: web.Request, secret: str) -> AsyncBoltRequest:
    """The request as Bolt takes it. Raises aiohttp's 413, 401 (forged, or over five minutes old) or 400."""
    body = bytearray()
    async for chunk in request.content.iter_chunked(2**16):
        body += chunk
        if len(body) > BIGGEST:
            raise web.HTTPRequestEntityTooLarge(BIGGEST, len(body))
    headers = dict(request.headers)
    try:
        if not SignatureVerifier(secret).is_valid_request(bytes(body), headers):
            raise web.HTTPUnauthorized
        return AsyncBoltRequest(body=body.decode(), query=request.query_string, headers={**headers})
    except (ValueError, TypeError):  # a time that is no number, a signature that is no ASCII, a body that is no text
        raise web.HTTPBadRequest from None
