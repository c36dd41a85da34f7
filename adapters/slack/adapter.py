"""The Slack adapter: connects, listens, and delivers messages.

It listens through Socket Mode where it has an app-level token, else at an HTTP endpoint. When it stops, handlers under
way get a moment to finish before the connection closes.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aiohttp import ClientSession, ClientTimeout, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack import delivery_lookup, doctor
from adapters.slack.authorize import Authorizer
from adapters.slack.bolt_app import BoltApp
from adapters.slack.handlers import Listener
from adapters.slack.intake import Intake
from adapters.slack.signature import request_of
from adapters.slack.socket_mode import Socket
from adapters.slack.user_cache import UserCache
from adapters.slack.workspaces import SingleWorkspace, Workspaces
from bot.core.app import App
from bot.core.platform import (
    Check,
    ConnectedChannel,
    Delivery,
    LookupUnavailable,
    RateLimit,
    RetryAfter,
    TokenRefused,
    UncertainDelivery,
    Undeliverable,
)

BASE_URL = "https://slack.com/api/"
CALL_TIMEOUT = ClientTimeout(total=15)  # seconds
# Slack takes about one message a second in a channel, and several hundred a minute in a workspace. These are 300 a
# minute, and short bursts beyond that.
RATE_LIMIT = RateLimit("slack", per_second=4.95, channel_interval=1.0, burst=4)
LOOKUP_RETRY = 1.0  # seconds


class Slack:
    """Serves the workspace of `bot_token`, or all in `many`. Listens through Socket Mode if `app_token` is set, else at
    `routes`.
    """

    name = "slack"

    def __init__(
        self,
        app: App,
        *,
        bot_token: str = "",
        many: Workspaces | None = None,
        app_token: str = "",
        signing_secret: str = "",
        base_url: str = "",
        threads: bool = False,
    ) -> None:
        """With `threads`, replies under the bot's own questions are heard, if Slack sends them."""
        self.app, self.signing_secret = app, signing_secret
        self.bolt = BoltApp(
            name=self.name,
            token=None if many else bot_token,
            # With our own authorizer, Bolt asks Slack nothing before the first event of each workspace.
            authorize=Authorizer(many) if many else None,
            signing_secret=signing_secret,
            # Without a signing secret there is no HTTP mode, so there are no requests to verify.
            request_verification_enabled=bool(signing_secret),
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        self.client = self.bolt.client
        self.client.base_url = base_url or BASE_URL
        # The library's retry of chat.postMessage can post twice.
        self.client.retry_handlers = []
        self.workspaces: Workspaces = many or SingleWorkspace(self.client)
        self.user_cache = UserCache()
        self.listener = Listener(app, self.workspaces, self.user_cache, threads=threads)
        self.intake = Intake(self.bolt, app.workers, app.root, self.listener.accept)
        self.socket = Socket(self.bolt, self.intake, app_token) if app_token else None
        self.listener.to_everything(self.bolt)
        self._taking: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Connect and listen until cancelled.

        Raises ConfigurationError if Slack refuses a token. Waits for any other failure to pass.
        """
        async with ClientSession(timeout=CALL_TIMEOUT) as session:
            self.client.session = session
            try:
                await self.workspaces.open(session)
                if self.socket:
                    await self.socket.connect()
                await asyncio.Event().wait()
            finally:
                await self.listener.finish()
                if self.socket:
                    await self.socket.hang_up()
                self.workspaces.close()
                self.client.session = None

    def routes(self, web_app: web.Application, path: str = "/slack/events") -> None:
        """Listen at `path` of a web server (HTTP mode). Raises ValueError if there is no signing secret."""
        if not self.signing_secret:
            raise ValueError("Without SLACK_SIGNING_SECRET nobody could tell Slack’s requests from forged ones")
        web_app.router.add_post(path, self.on_request)

    async def on_request(self, request: web.Request) -> web.Response:
        asked = await request_of(request, self.signing_secret)
        return await self._acknowledgement(asked)

    async def _acknowledgement(self, asked: AsyncBoltRequest) -> web.Response:
        """Return what to answer a request, which goes on being handled if that comes first."""
        answered: asyncio.Future[BoltResponse] = asyncio.get_running_loop().create_future()

        async def acknowledge(response: BoltResponse) -> None:
            if not answered.done():
                answered.set_result(response)

        taking = asyncio.create_task(self.intake.take(asked, acknowledge))
        self._taking.add(taking)
        taking.add_done_callback(self._taking.discard)
        either: set[asyncio.Future[Any]] = {taking, answered}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not answered.done():
            # Raises what Bolt did.
            await taking
        return await to_aiohttp_response(await answered)

    async def deliver(self, delivery: Delivery) -> str:
        self.workspaces.check_token()
        workspace = await self.workspaces.find(delivery.space)
        if workspace is None:
            raise Undeliverable("removed from the space")
        try:
            return await workspace.messenger.deliver(delivery)
        except TokenRefused as why:
            if await self.workspaces.refused(delivery.space, workspace, why.__cause__):
                self.user_cache.forget(delivery.space)
                raise Undeliverable("removed from the space") from why
            raise

    async def find(self, uncertain: UncertainDelivery) -> str | None:
        self.workspaces.check_token()
        # The lookup depends on the token's scopes, which are known only once the bot has signed in.
        workspace = await self.workspaces.find(uncertain.delivery.space) if self.workspaces.ready else None
        if workspace is None:
            raise RetryAfter(LOOKUP_RETRY, whole_lane=True)
        try:
            return await delivery_lookup.find(workspace.client, workspace.scopes, uncertain)
        except TokenRefused:
            # The attempt to send it finds that out too, and does what follows from it.
            raise LookupUnavailable from None

    def rate_limit(self, space: str) -> RateLimit:
        return replace(RATE_LIMIT, lane=f"slack:{space}")

    @property
    def ready(self) -> bool:
        return self.workspaces.ready and (self.socket is None or self.socket.ready)

    async def find_unreachable(self, channels: Sequence[ConnectedChannel]) -> list[Check]:
        return await self.workspaces.find_unreachable(channels)

    async def diagnose(self) -> list[Check]:
        found = await self.workspaces.diagnose()
        return [
            *found,
            await doctor.listening(self.client, self.socket.app_token if self.socket else "", self.signing_secret),
        ]
