"""Bolt's listeners: pass what people do in Slack to the bot, and show the reply before Slack's deadlines.

Everything that arrives is acknowledged, or Slack sends it again.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp

from adapters.slack import parse, render
from adapters.slack.intake import ACKNOWLEDGED, ARRIVED
from adapters.slack.user_cache import UserCache
from adapters.slack.workspaces import SlackWorkspace, Workspaces
from bot.core.app import App, NeedsWriteTransaction
from bot.core.events import Click, Command, HomeOpened, PersonEvent, PlatformUser, Submission
from bot.core.platform import RetryAfter
from bot.i18n import gettext as _
from bot.i18n import speaking
from bot.operations import accounts, open_questions
from bot.operations.places import ChannelState, Places
from bot.ui import FormErrors, Message, NextForm, NotSaved, Reply

log = structlog.get_logger(__name__)

# Bolt would route by id, but App.handle does that.
ANY = re.compile("")
# A form must be opened within 3 seconds of the click, so the profile must arrive well before that.
PROFILE_TIMEOUT = 1.0  # seconds
# Slack shows an error when the submission of a form isn't acknowledged within 3 seconds.
ACK_TIMEOUT = 2.5  # seconds
# Before a form is acknowledged whose outcome isn't known, it is saved, which may take this long.
ACCEPT_TIMEOUT = 0.5  # seconds
SHUTDOWN_GRACE = 0.6  # seconds

# Bolt's function, called with the body of the acknowledgement.
Ack = Any
Body = dict[str, Any]


class NotHandled(Exception):
    """The bot failed on something that it could read, whatever the cause."""


@contextmanager
def acting() -> Iterator[None]:
    """Raise NotHandled for every fault, so that a fault of our own isn't taken for a request that can't be read."""
    try:
        yield
    except Exception as error:
        raise NotHandled from error


@dataclass(frozen=True)
class FormOutcome:
    """Who submitted a form, and what the bot replied. `workspace` is None if the bot isn't installed there."""

    who: PlatformUser
    reply: Reply = None
    workspace: SlackWorkspace | None = None


class Listener:
    """Listens to the people of `workspaces`, whose profiles `user_cache` holds.

    With `threads`, that includes what they write in the thread under a question.
    """

    def __init__(self, app: App, workspaces: Workspaces, user_cache: UserCache, *, threads: bool = False) -> None:
        self.app, self.workspaces, self.user_cache, self.threads = app, workspaces, user_cache, threads
        self.places = Places(app, "slack")
        self._busy: set[asyncio.Task[Any]] = set()
        # What was typed and waits to be handled.
        self._handling: dict[int, Submission | Command] = {}

    def to_everything(self, bolt: AsyncApp) -> None:
        """Register a listener for everything, so that everything is acknowledged."""
        bolt.command(ANY)(self.on_command)
        bolt.action({"type": "block_actions", "action_id": ANY})(self.on_click)
        bolt.view(ANY)(self.on_submission)
        bolt.shortcut(ANY)(self.on_shortcut)
        bolt.event(ANY)(self.on_event)
        bolt.view_closed(ANY)(self.on_other)
        # Attachments and dialogs, neither of which this bot sends.
        bolt.action(ANY)(self.on_other)
        bolt.options(ANY)(self.on_options)

    async def on_command(self, ack: Ack, body: Body, context: Body) -> None:
        """Handle a slash command. One that isn't the bot's, or where it isn't installed, is answered in words."""
        if parse.root(body, self.app.root) is None:
            log.warning("a slash command that is none of the bot’s", command=body.get("command"))
            await ack(
                _("This command is not mine. An admin can compare the app with what `cop manifest slack` prints.")
            )
            return
        if context.get(ACKNOWLEDGED) is None and await self._is_missing_from(body):
            await ack(_("I am not installed in this workspace. Whoever manages it can install me again."))
            return
        await ack()
        await self._handle_and_answer(body, lambda who, _workspace: parse.command(body, who, self.app.root))

    async def on_click(self, ack: Ack, body: Body) -> None:
        await ack()
        await self._handle_and_answer(body, lambda who, _workspace: parse.click(body, who))

    async def on_shortcut(self, ack: Ack, body: Body) -> None:
        await ack()
        await self._handle_and_answer(body, lambda who, _workspace: parse.shortcut(body, who))

    async def on_submission(self, ack: Ack, body: Body, context: Body) -> None:
        """Handle a submitted form.

        Only the acknowledgement can mark fields, so it waits for the handler, but no longer than ACK_TIMEOUT after the
        form arrived. It has come already where many arrived at once.
        """
        self._begin()
        work = asyncio.create_task(self._handle_form(body))
        if ACKNOWLEDGED in context:
            # Slack has its answer. Bolt waits for one too.
            await ack()
        else:
            waited = asyncio.get_running_loop().time() - context[ARRIVED]
            await asyncio.wait({work}, timeout=max(0.0, ACK_TIMEOUT - ACCEPT_TIMEOUT - waited))
            if not work.done():
                await self.accept(body)
            fields = list(parse.part(parse.part(body["view"], "state"), "values"))
            # Raises NotHandled before the form is acknowledged, also for one without fields.
            problems = _problems(work.result().reply) if work.done() else {}
            if fields and problems:
                await ack(response_action="errors", errors=render.errors(problems, fields))
                return
            if work.done() and isinstance(following := work.result().reply, NextForm):
                channel = parse.metadata(body["view"])[0]
                with speaking(work.result().who.locale):
                    await ack(response_action="update", view=render.view(following.form, channel))
                return
            await ack()
        outcome, back = await work, parse.back(body)
        if outcome.workspace is None:
            return
        with speaking(outcome.who.locale):
            await outcome.workspace.messenger.answer(outcome.reply, back)
        await self._refresh_home(body, outcome.who, back, outcome.workspace)

    async def _handle_form(self, body: Body) -> FormOutcome:
        """Pass a form to the bot. Raises NotHandled, after which Slack leaves it open with what was typed.

        That is also so where the workspace isn't known yet.
        """
        with acting():
            workspace = await self.workspaces.find(parse.space(body))
        if workspace is None:
            return FormOutcome(parse.person(body, None))
        who = await self._who(body, workspace)
        event = parse.submission(body, who)
        with acting():
            return FormOutcome(who, await self._work(event), workspace)

    async def accept(self, body: Body) -> bool:
        """Save a form or a command that waits, and return whether it may be acknowledged already."""
        event: Submission | Command
        who = parse.person(body, self.user_cache.known(parse.space(body), parse.user(body)))
        if body.get("type") == "view_submission":
            event = parse.submission(body, who)
        elif "command" in body:
            event = parse.command(body, who, self.app.root)
        else:
            return True
        return await self.app.acceptance.accept(event, ACCEPT_TIMEOUT)

    async def on_event(self, body: Body) -> None:
        self._begin()
        event = body["event"]
        if event["type"] == "user_change":
            self.user_cache.update(parse.space(body), who := parse.part(event, "user"))
            external = f"{parse.space(body)}-{who.get('id') or ''}"
            await asyncio.to_thread(accounts.change, self.app, "slack", external, off=bool(who.get("deleted")))
        elif out_at := parse.taken_out(body):
            await self.workspaces.taken_out(parse.space(body), out_at)
            self.user_cache.forget(parse.space(body))
        elif change := parse.channel_change(body, await self._own_id(body)):
            await asyncio.to_thread(self._note_change, parse.space(body), change)
        elif event["type"] == "app_home_opened" and event.get("tab") == "home":
            if workspace := await self._where(body):
                await self._show_home(parse.home(body, await self._who(body, workspace)), workspace)
        elif parse.addressed(body):
            await self._handle_and_answer(body, lambda who, workspace: parse.message(body, who, workspace.bot))
        elif self.threads and (thread := parse.thread_reply(body)):
            # Whatever isn't under an open question goes no further, and its text has not been looked at.
            if await asyncio.to_thread(open_questions.is_one, self.app, "slack", *thread):
                await self._handle_and_answer(body, lambda who, workspace: parse.overheard(body, who, workspace.bot))
        elif parse.is_direct_change(body):
            await self._handle_and_answer(body, lambda who, _workspace: parse.message_changed(body, who))

    async def _own_id(self, body: Body) -> str:
        workspace = await self._where(body) if parse.part(body, "event").get("type") in parse.MEMBERS else None
        return workspace.bot if workspace else ""

    def _note_change(self, space: str, change: parse.ChannelChange) -> None:
        if change.new_id:
            self.places.renumber(space, change.channel, change.new_id)
        elif change.name:
            self.places.rename(space, change.channel, change.name)
        else:
            self.places.look(space, {change.channel: ChannelState("", change.problem, change.happened)})

    async def on_other(self, ack: Ack) -> None:
        await ack()

    async def on_options(self, ack: Ack) -> None:
        await ack(options=[])

    async def _handle_and_answer(
        self, body: Body, event_of: Callable[[PlatformUser, SlackWorkspace], PersonEvent | None]
    ) -> None:
        self._begin()
        workspace = await self._where(body)
        if workspace is None:
            return
        who, back = await self._who(body, workspace), parse.back(body)
        event = event_of(who, workspace)
        if event is None:
            return
        with acting(), speaking(who.locale):
            try:
                reply = self.app.try_handle_immediately(event)
            except NeedsWriteTransaction:
                reply = await self._work(event)
            await workspace.messenger.answer(reply, back, event if isinstance(event, Command | Click) else None)
        if isinstance(reply, Message | None):
            await self._refresh_home(body, who, back, workspace)

    async def _refresh_home(
        self, body: Body, who: PlatformUser, back: parse.ReplyTarget, workspace: SlackWorkspace
    ) -> None:
        """Show the home page again if they acted there, since that may have changed it."""
        if back.home:
            await self._show_home(HomeOpened(parse.place(body), who), workspace)

    async def _show_home(self, event: HomeOpened, workspace: SlackWorkspace) -> None:
        with acting():
            page = await self.app.workers.run(self.app.handle, event)
            if isinstance(page, Message):
                await workspace.messenger.show_home(event.person.id.partition("-")[2], page)

    async def _where(self, body: Body) -> SlackWorkspace | None:
        """Return the workspace, or None if the bot isn't installed there or that can't be known yet."""
        try:
            return await self.workspaces.find(parse.space(body))
        except RetryAfter:
            return None

    async def _work(self, event: PersonEvent) -> Reply:
        if not isinstance(event, Submission | Command):
            return await self.app.workers.run(self.app.handle, event)
        self._handling[id(event)] = event
        try:
            reply = await self.app.workers.run(self.app.handle, event)
        except Exception:
            # Whoever typed it is told, or still has the form.
            del self._handling[id(event)]
            raise
        # Kept if this is cancelled, as when the process stops.
        del self._handling[id(event)]
        return reply

    async def _is_missing_from(self, body: Body) -> bool:
        """Return whether the bot isn't installed in a workspace. Doesn't wait for a database that takes long to say."""
        finding = asyncio.ensure_future(self._where(body))
        await asyncio.wait({finding}, timeout=PROFILE_TIMEOUT)
        return finding.done() and finding.result() is None

    async def _who(self, body: Body, workspace: SlackWorkspace) -> PlatformUser:
        known = await self.user_cache.find(workspace.client, parse.space(body), parse.user(body), PROFILE_TIMEOUT)
        return parse.person(body, known)

    def _begin(self) -> None:
        """Remember the current task until it ends, so that `finish` can wait for it."""
        task = asyncio.current_task()
        if task:
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)

    async def finish(self) -> None:
        """Wait for handlers under way, but no longer than SHUTDOWN_GRACE. What is left is saved for the next start."""
        if self._busy:
            await asyncio.wait(set(self._busy), timeout=SHUTDOWN_GRACE)
        left = [self.app.acceptance.accept(event, ACCEPT_TIMEOUT) for event in self._handling.values()]
        await asyncio.gather(*left)
        await self.user_cache.stop()


def _problems(reply: Reply) -> dict[str, str]:
    """Return what keeps a form open, by field; "" stands for no field of its own."""
    match reply:
        case FormErrors(problems=problems):
            return dict(problems)
        case NotSaved(problem=problem) if problem:
            return {"": problem}
        case _:
            return {}
