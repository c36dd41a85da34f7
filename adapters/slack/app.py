"""Slack: connects, passes what people do to the bot, and shows what it says."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import structlog
from aiohttp import ClientSession, ClientTimeout, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp

from adapters.slack import doctor, draw, read, recall
from adapters.slack.gate import Gate
from adapters.slack.people import People
from adapters.slack.signed import request_of
from adapters.slack.socket import Socket
from adapters.slack.workspaces import One, Workspace, Workspaces
from bot.app import App
from bot.events import Click, Command, HomeOpened, Person, PersonEvent
from bot.looking import TakesMore
from bot.platform import Check, Doubt, Pace, Parcel, TryLater, Unreachable
from bot.text import gettext as _
from bot.text import speaking
from bot.ui import FormErrors, Message

log = structlog.get_logger(__name__)

BASE_URL = "https://slack.com/api/"
ANY = re.compile("")  # Bolt matches by id; App.handle routes
CALL = ClientTimeout(total=15)
LOOK_UP = 1.0  # seconds: a form must be opened within 3 s of the click, so who they are must come sooner
ACK = 2.5  # seconds: Slack shows an error where a form is not acknowledged within 3
# Slack takes about one message a second in a channel and several hundred a minute in a workspace: here 300, and short
# bursts beyond that.
PACE = Pace("slack", per_second=4.95, channel_gap=1.0, at_once=4)
SIGNING_IN = 1.0  # seconds until what needs the token's permissions is tried again
LAST = 0.6  # seconds that work under way is given when the bot stops

Ack = Any  # Bolt's; it is called with the body of the acknowledgement
Body = dict[str, Any]


class Slack:
    """The workspace that `bot_token` is of, or every one in `many`. With an app-level token it listens by Socket Mode,
    else at `routes`.
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
    ) -> None:
        self.app, self.signing_secret = app, signing_secret
        self.bolt = AsyncApp(
            name=self.name,
            token=None if many else bot_token,
            authorize=Gate(many) if many else None,  # so that Bolt asks Slack nothing before each first event
            signing_secret=signing_secret,
            request_verification_enabled=bool(signing_secret),  # without one there is no HTTP mode
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        self.client = self.bolt.client
        self.client.base_url = base_url or BASE_URL
        self.client.retry_handlers = []  # the library's retry of chat.postMessage can post twice
        self.workspaces: Workspaces = many or One(self.client)
        self.people = People()
        self.socket = Socket(self.bolt, app_token) if app_token else None
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
                await self.workspaces.open(session)
                if self.socket:
                    await self.socket.connect()
                await asyncio.Event().wait()
            finally:
                await self._let_finish()
                if self.socket:
                    await self.socket.hang_up()
                self.workspaces.close()
                self.client.session = None

    def routes(self, web_app: web.Application, path: str = "/slack/events") -> None:
        """Listen at `path` of a web server (HTTP mode). Raises ValueError without a signing secret."""
        if not self.signing_secret:
            raise ValueError("Without SLACK_SIGNING_SECRET nobody could tell Slack’s requests from forged ones")
        web_app.router.add_post(path, self.on_request)

    async def deliver(self, parcel: Parcel) -> str:
        workspace = await self.workspaces.find(parcel.space)
        if workspace is None:
            raise Unreachable("removed from the space")
        try:
            return await workspace.voice.deliver(parcel)
        except Unreachable as why:
            if await self.workspaces.refused(parcel.space, workspace, why.__cause__):
                self.people.forget(parcel.space)
            raise

    async def find(self, doubt: Doubt) -> str | None:
        workspace = await self.workspaces.find(doubt.parcel.space) if self.workspaces.ready else None
        if workspace is None:
            raise TryLater(SIGNING_IN, whole_lane=True)
        return await recall.find(workspace.client, workspace.scopes, doubt)

    def pace(self, space: str) -> Pace:
        return replace(PACE, lane=f"slack:{space}")

    @property
    def ready(self) -> bool:
        return self.workspaces.ready and (self.socket is None or self.socket.ready)

    async def diagnose(self) -> list[Check]:
        found = await self.workspaces.diagnose()
        return [
            *found,
            await doctor.listening(self.client, self.socket.app_token if self.socket else "", self.signing_secret),
        ]

    # --- what people do -------------------------------------------------------------------------

    async def on_command(self, ack: Ack, body: Body) -> None:
        if read.root(body, self.app.root) is None:
            log.warning("a slash command that is none of the bot’s", command=body.get("command"))
            await ack(
                _("This command is not mine. An admin can compare the app with what `cop manifest slack` prints.")
            )
            return
        if await self._where(body) is None:
            await ack(_("I am not installed in this workspace. Whoever manages it can install me again."))
            return
        await ack()
        await self._act(body, lambda who, _workspace: read.command(body, who, self.app.root))

    async def on_click(self, ack: Ack, body: Body) -> None:
        await ack()
        await self._act(body, lambda who, _workspace: read.click(body, who))

    async def on_shortcut(self, ack: Ack, body: Body) -> None:
        await ack()
        await self._act(body, lambda who, _workspace: read.shortcut(body, who))

    async def on_submission(self, ack: Ack, body: Body) -> None:
        """Only the acknowledgement can mark fields, so it waits for the handler, but never too long."""
        self._begin()
        loop = asyncio.get_running_loop()
        end = loop.time() + ACK
        workspace = await self._where(body)
        if workspace is None:
            await ack()
            return
        who = await self._who(body, workspace)
        work = asyncio.create_task(asyncio.to_thread(self.app.handle, read.submission(body, who)))
        await asyncio.wait({work}, timeout=end - loop.time())
        fields = list(read.part(read.part(body["view"], "state"), "values"))
        if work.done() and isinstance(reply := work.result(), FormErrors) and fields:
            await ack(response_action="errors", errors=draw.errors(dict(reply.problems), fields))
            return
        await ack()
        back = read.back(body)
        with speaking(who.locale):
            await workspace.voice.answer(await work, back)
        await self._refresh_home(body, who, back, workspace)

    async def on_event(self, body: Body) -> None:
        self._begin()
        event = body["event"]
        if event["type"] == "user_change":
            self.people.heard(read.space(body), read.part(event, "user"))
        elif out_at := read.taken_out(body):
            await self.workspaces.taken_out(read.space(body), out_at)
            self.people.forget(read.space(body))
        elif event["type"] == "app_home_opened" and event.get("tab") == "home":
            if workspace := await self._where(body):
                await self._show_home(read.home(body, await self._who(body, workspace)), workspace)
        elif read.addressed(body):
            await self._act(body, lambda who, workspace: read.message(body, who, workspace.bot))

    async def on_other(self, ack: Ack) -> None:
        await ack()

    async def on_options(self, ack: Ack) -> None:
        await ack(options=[])

    async def on_request(self, request: web.Request) -> web.Response:
        asked = await request_of(request, self.signing_secret)
        return await to_aiohttp_response(await self.bolt.async_dispatch(asked))

    # --- in common ------------------------------------------------------------------------------

    async def _act(self, body: Body, event_of: Callable[[Person, Workspace], PersonEvent | None]) -> None:
        self._begin()
        workspace = await self._where(body)
        if workspace is None:
            return
        who, back = await self._who(body, workspace), read.back(body)
        event = event_of(who, workspace)
        if event is None:
            return
        with speaking(who.locale):
            try:
                reply = self.app.at_once(event)
            except TakesMore:
                reply = await asyncio.to_thread(self.app.handle, event)
            await workspace.voice.answer(reply, back, event if isinstance(event, Command | Click) else None)
        if isinstance(reply, Message | None):
            await self._refresh_home(body, who, back, workspace)

    async def _refresh_home(self, body: Body, who: Person, back: read.Back, workspace: Workspace) -> None:
        """What they did on the bot's own page may have changed what it shows."""
        if back.home:
            await self._show_home(HomeOpened(read.place(body), who), workspace)

    async def _show_home(self, event: HomeOpened, workspace: Workspace) -> None:
        page = await asyncio.to_thread(self.app.handle, event)
        if isinstance(page, Message):
            await workspace.voice.show_home(event.person.id.partition("-")[2], page)

    async def _where(self, body: Body) -> Workspace | None:
        """None where the bot is not let in."""
        try:
            return await self.workspaces.find(read.space(body))
        except TryLater:
            return None

    async def _who(self, body: Body, workspace: Workspace) -> Person:
        known = await self.people.find(workspace.client, read.space(body), read.user(body), LOOK_UP)
        return read.person(body, known)

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
