"""Socket Mode: the bot opens a WebSocket to Slack, so that it needs no public address."""

import asyncio
from contextlib import suppress
from time import time

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from adapters.slack.bolt_app import UNREADABLE, note_unreadable
from adapters.slack.errors import call_until_answered
from adapters.slack.intake import Intake

CLOSE_TIMEOUT = 0.4  # seconds


class Handler(AsyncSocketModeHandler):
    """Takes in each envelope. What Bolt can't take in at all is acknowledged too, or Slack would send it again."""

    def __init__(self, intake: Intake, app_token: str) -> None:
        super().__init__(intake.bolt, app_token)
        self.intake = intake

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        async def acknowledge(response: BoltResponse) -> None:
            await send_async_response(client, req, response, time())

        try:
            request = AsyncBoltRequest(mode="socket_mode", body=req.payload, headers=build_headers(req))
            await self.intake.take(request, acknowledge)
        except UNREADABLE as error:
            note_unreadable(error)
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))


class Socket:
    """The one connection, for every workspace that the app is installed in."""

    def __init__(self, bolt: AsyncApp, intake: Intake, app_token: str) -> None:
        self.bolt, self.intake, self.app_token = bolt, intake, app_token
        self._handler: Handler | None = None

    @property
    def ready(self) -> bool:
        session = self._handler and self._handler.client.current_session
        return bool(session and not session.closed)

    async def connect(self) -> None:
        """Connect. Raises ConfigurationError if Slack refuses the token."""
        ask = self.bolt.client.apps_connections_open
        answer = await call_until_answered("SLACK_APP_TOKEN", lambda: ask(app_token=self.app_token))
        self._handler = Handler(self.intake, self.app_token)
        self._handler.client.wss_uri = answer["url"]
        await self._handler.connect_async()  # type: ignore[no-untyped-call]

    async def hang_up(self) -> None:
        """Close the connection, gracefully if that takes no longer than CLOSE_TIMEOUT."""
        if self._handler:
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_TIMEOUT):
                    await self._handler.close_async()  # type: ignore[no-untyped-call]
        self._handler = None
