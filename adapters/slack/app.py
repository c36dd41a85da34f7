"""Slack: connects, passes what people do to the bot, and shows what it says."""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import structlog
from aiohttp import ClientSession, ClientTimeout, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from adapters.slack import doctor, draw, read, recall
from adapters.slack.people import People
from adapters.slack.refusals import insist
from adapters.slack.signed import request_of
from adapters.slack.voice import Voice
from bot.app import App
from bot.events import Click, Command, HomeOpened, Person, PersonEvent
from bot.platform import Check, Doubt, Pace, Parcel, TryLater
from bot.text import gettext as _
from bot.text import speaking
from bot.ui import FormErrors, Message

log = structlog.get_logger(__name__)

BASE_URL = "https://slack.com/api/"
ANY = re.compile("")  # Bolt matches by id; App.handle routes
CALL = ClientTimeout(total=15)
LOOK_UP = 1.0  # seconds: a form must be opened within 3 s of the click, so who they are must come sooner
ACK = 2.5  # seconds: Slack shows an error where a form is not acknowledged within 3
# Slack takes about one message a second in a channel and several hundred a minute in a workspace.
PACE = Pace("slack", per_second=4.85, channel_gap=1.0)
SIGNING_IN = 1.0  # seconds until what needs the token's permissions is tried again
LAST = 0.6  # seconds that work under way is given when the bot stops
GOODBYE = 0.4  # seconds that Slack is given to see the connection closed

Ack = Any  # Bolt's; it is called with the body of the acknowledgement
Body = dict[str, Any]


class Slack:
    """One Slack workspace. With an app-level token it listens by Socket Mode, else at `routes`."""

    name = "slack"

    def __init__(
        self, app: App, *, bot_token: str, app_token: str = "", signing_secret: str = "", base_url: str = ""
    ) -> None:
        self.app, self.app_token, self.signing_secret = app, app_token, signing_secret
        self.bolt = AsyncApp(
            name=self.name,
            token=bot_token,
            signing_secret=signing_secret,
            request_verification_enabled=bool(signing_secret),  # without one there is no HTTP mode
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        self.client = self.bolt.client
        self.client.base_url = base_url or BASE_URL
        self.client.retry_handlers = []  # the library's retry of chat.postMessage can post twice
        self.people, self.voice = People(self.client), Voice(self.client)
        self.bot = ""  # the bot's own user id, once signed in
        self.scopes: frozenset[str] = frozenset()  # that the token has, once signed in
        self._socket: AsyncSocketModeHandler | None = None
        self._busy: set[asyncio.Task[Any]] = set()
        self._listen_to_everything(self.bolt)

    def _listen_to_everything(self, bolt: AsyncApp) -> None:
        """What nobody listens to is not acknowledged, and Slack sends it again."""
        bolt.command(ANY)(self.on_command)
        bolt.action({"type": "block_actions", "action_id": ANY})(self.on_click)
        bolt.view(ANY)(self.on_submission)
        bolt.shortcut(ANY)(self.on_shortcut)
        bolt.event(ANY)(self.on_event)
        bolt.view_closed(ANY)(self.on_other)
        bolt.action(ANY)(self.on_other)  # attachments and dialogs, which this bot never sends
        bolt.options(ANY)(self.on_options)

    # --- the platform ---------------------------------------------------------------------------

    async def run(self) -> None:
        """Raises Misconfigured where Slack refuses a token; waits for everything else to pass."""
        async with ClientSession(timeout=CALL) as session:
            self.client.session = session
            try:
                signed_in = await insist("SLACK_BOT_TOKEN", self.client.auth_test)
                self.bot = str(signed_in["user_id"])
                granted = str(signed_in.headers.get("x-oauth-scopes") or "")
                self.scopes = frozenset(scope.strip() for scope in granted.split(","))
                if self.app_token:
                    await self._listen()
                await asyncio.Event().wait()
            finally:
                await self._let_finish()
                await self._hang_up()

    def routes(self, web_app: web.Application, path: str = "/slack/events") -> None:
        """Listen at `path` of a web server (HTTP mode). Raises ValueError without a signing secret."""
        if not self.signing_secret:
            raise ValueError("Without SLACK_SIGNING_SECRET nobody could tell Slack’s requests from forged ones")
        web_app.router.add_post(path, self.on_request)

    async def deliver(self, parcel: Parcel) -> str:
        return await self.voice.deliver(parcel)

    async def find(self, doubt: Doubt) -> str | None:
        if not self.bot:
            raise TryLater(SIGNING_IN, whole_lane=True)
        return await recall.find(self.client, self.scopes, doubt)

    def pace(self, space: str) -> Pace:
        return replace(PACE, lane=f"slack:{space}")

    @property
    def ready(self) -> bool:
        if not self.bot:
            return False
        if not self.app_token:
            return True
        session = self._socket and self._socket.client.current_session
        return bool(session and not session.closed)

    async def diagnose(self) -> list[Check]:
        return await doctor.diagnose(self.client, self.app_token, self.signing_secret)

    # --- what people do -------------------------------------------------------------------------

    async def on_command(self, ack: Ack, body: Body) -> None:
        if read.root(body, self.app.root) is None:
            log.warning("a slash command that is none of the bot’s", command=body.get("command"))
            await ack(
                _("This command is not mine. An admin can compare the app with what `cop manifest slack` prints.")
            )
            return
        await ack()
        await self._act(body, lambda who: read.command(body, who, self.app.root))

    async def on_click(self, ack: Ack, body: Body) -> None:
        await ack()
        await self._act(body, lambda who: read.click(body, who))

    async def on_shortcut(self, ack: Ack, body: Body) -> None:
        await ack()
        await self._act(body, lambda who: read.shortcut(body, who))

    async def on_submission(self, ack: Ack, body: Body) -> None:
        """Only the acknowledgement can mark fields, so it waits for the handler, but never too long."""
        self._begin()
        loop = asyncio.get_running_loop()
        end = loop.time() + ACK
        who = await self._who(body)
        work = asyncio.create_task(asyncio.to_thread(self.app.handle, read.submission(body, who)))
        await asyncio.wait({work}, timeout=end - loop.time())
        fields = list(read.part(read.part(body["view"], "state"), "values"))
        if work.done() and isinstance(reply := work.result(), FormErrors) and fields:
            await ack(response_action="errors", errors=draw.errors(dict(reply.problems), fields))
            return
        await ack()
        back = read.back(body)
        with speaking(who.locale):
            await self.voice.answer(await work, back)
        await self._refresh_home(body, who, back)

    async def on_event(self, body: Body) -> None:
        self._begin()
        event = body["event"]
        if event["type"] == "user_change":
            self.people.heard(read.part(event, "user"))
        elif event["type"] == "app_home_opened" and event.get("tab") == "home":
            await self._show_home(read.home(body, await self._who(body)))
        elif read.addressed(body):
            await self._act(body, lambda who: read.message(body, who, self.bot))

    async def on_other(self, ack: Ack) -> None:
        await ack()

    async def on_options(self, ack: Ack) -> None:
        await ack(options=[])

    async def on_request(self, request: web.Request) -> web.Response:
        asked = await request_of(request, self.signing_secret)
        return await to_aiohttp_response(await self.bolt.async_dispatch(asked))

    # --- in common ------------------------------------------------------------------------------

    async def _act(self, body: Body, event_of: Callable[[Person], PersonEvent | None]) -> None:
        self._begin()
        who, back = await self._who(body), read.back(body)
        event = event_of(who)
        if event is None:
            return
        with speaking(who.locale):
            reply = await asyncio.to_thread(self.app.handle, event)
            await self.voice.answer(reply, back, event if isinstance(event, Command | Click) else None)
        if isinstance(reply, Message | None):
            await self._refresh_home(body, who, back)

    async def _refresh_home(self, body: Body, who: Person, back: read.Back) -> None:
        """What they did on the bot's own page may have changed what it shows."""
        if back.home:
            await self._show_home(HomeOpened(read.place(body), who))

    async def _show_home(self, event: HomeOpened) -> None:
        page = await asyncio.to_thread(self.app.handle, event)
        if isinstance(page, Message):
            await self.voice.show_home(event.person.id.partition("-")[2], page)

    async def _who(self, body: Body) -> Person:
        return read.person(body, await self.people.find(read.user(body), LOOK_UP))

    def _begin(self) -> None:
        """Remember what is under way, so that stopping can wait for it."""
        task = asyncio.current_task()
        if task:
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)

    async def _let_finish(self) -> None:
        if self._busy:
            await asyncio.wait(set(self._busy), timeout=LAST)
        await self.people.stop()

    async def _listen(self) -> None:
        ask = self.client.apps_connections_open
        answer = await insist("SLACK_APP_TOKEN", lambda: ask(app_token=self.app_token))
        self._socket = AsyncSocketModeHandler(self.bolt, self.app_token)
        self._socket.client.wss_uri = answer["url"]
        await self._socket.connect_async()  # type: ignore[no-untyped-call]

    async def _hang_up(self) -> None:
        if self._socket:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._socket.close_async(), GOODBYE)  # type: ignore[no-untyped-call]
        self._socket, self.bot, self.client.session = None, "", None
