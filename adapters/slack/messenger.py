"""Everything the bot says in a Slack workspace: ephemeral answers, forms, the home page, deliveries, and files."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from io import BytesIO
from time import monotonic
from typing import Any, assert_never
from urllib.parse import urlsplit

import structlog
from aiohttp import ClientSession, ClientTimeout
from slack_sdk.errors import SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack import render, rich_text
from adapters.slack.delivery_lookup import DELIVERY
from adapters.slack.errors import FAULTS, code, meaning, retry_after
from adapters.slack.mrkdwn import escape, user_of
from adapters.slack.parse import ReplyTarget
from bot.core.events import Click, Command
from bot.core.platform import (
    Delivery,
    DirectMessage,
    InCalendar,
    InChannel,
    InThread,
    RetryAfter,
    TokenRefused,
    Undeliverable,
)
from bot.core.unsaved import corrections
from bot.i18n import gettext as _
from bot.ui import Attachment, Form, FormErrors, Message, NextForm, NotSaved, Reply, Text

log = structlog.get_logger(__name__)

# Arguments of a call.
Arguments = dict[str, Any]

QUIET: Arguments = {"unfurl_links": False, "unfurl_media": False}
UPLOAD_TIMEOUT = ClientTimeout(total=60)  # seconds

# A file that Slack doesn't take is sent as messages instead. A message holds PIECES blocks of PIECE characters, since
# Slack refuses about 13,000 characters over all blocks. A file too long for MESSAGES is cut.
PIECE = 3_000
PIECES = 3
MESSAGES = 10
# Slack takes one message a second in a channel.
GAP = 1.1  # seconds

# For how long an answer is tried again while Slack says to wait, in seconds. A response URL works for 30 minutes, the
# trigger of a form for 3 seconds, some of which have passed.
ANSWER_LIFETIME = 1_700.0
FORM_LIFETIME = 1.5
# Nobody waits for the home page, or for the file beside a card, that long.
PATIENCE = 60.0


class Messenger:
    """Speaks in one workspace. A failure to answer a person is logged; one to deliver a message is raised."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.client = client
        self.host = (urlsplit(client.base_url).hostname or "").removeprefix("www.")

    async def answer(self, reply: Reply, back: ReplyTarget, event: Command | Click | None = None) -> None:
        """Show `reply` to the person who acted, and to nobody else.

        If a form can't open, a button offers to repeat `event`, which asks for it again.
        """
        match reply:
            case None:
                pass
            case Form():
                if not await self._open(reply, back):
                    await self._send_ephemeral(render.late(event), back)
            case NextForm(card=card):
                await self._send_ephemeral(render.message(card), back)
            case FormErrors():
                await self._send_ephemeral(render.message(corrections(reply)), back)
            case NotSaved(messages=messages):
                for each in messages:
                    await self._send_ephemeral(render.message(each), back)
            case Message(attachment=Attachment()):
                await self._answer_with_file(reply, back)
            case Message():
                await self._send_ephemeral(render.message(reply), back, replace=reply.replace)
            case _:
                assert_never(reply)

    async def show_home(self, user: str, page: Message) -> None:
        try:
            view = render.home(page)
            await _until_accepted(lambda: self.client.views_publish(user_id=user, view=view), PATIENCE)
        except FAULTS as error:
            log.warning("the home page was not shown", error=code(error) or type(error).__name__)

    async def deliver(self, delivery: Delivery) -> str:
        """Post or rewrite a message; the receipt is "channel ts". Raises whatever Platform.deliver can."""
        content = render.message(delivery.message)
        if delivery.replaces:
            channel, ts = delivery.replaces.split(" ")
            try:
                await self.client.chat_update(channel=channel, ts=ts, parse="none", **content)
            except FAULTS as error:
                raise meaning(error, delivery.to, update=True) from error
            return delivery.replaces
        match delivery.to:
            case InChannel(channel):
                where: Arguments = {"channel": channel}
            case InThread(parent, broadcast):
                channel, thread = parent.split(" ")
                where = {"channel": channel, "thread_ts": thread, "reply_broadcast": broadcast}
            case DirectMessage(person):
                where = {"channel": user_of(person)}
            case InCalendar():
                # Slack has no calendar, so nothing should be addressed to it.
                raise Undeliverable("refused")
            case _:
                assert_never(delivery.to)
        mark = {"event_type": DELIVERY, "event_payload": {"ref": delivery.idempotency_key}}
        try:
            sent = await self.client.chat_postMessage(**where, **content, **QUIET, metadata=mark)
        except FAULTS as error:
            raise meaning(error, delivery.to) from error
        if delivery.message.attachment:
            thread = "" if isinstance(delivery.to, DirectMessage) else where.get("thread_ts", str(sent["ts"]))
            await self._send_file(delivery.message.attachment, str(sent["channel"]), thread)
        return f"{sent['channel']} {sent['ts']}"

    async def _open(self, form: Form, back: ReplyTarget) -> bool:
        if not back.trigger:
            return False
        try:
            view = render.view(form, back.channel)
            await _until_accepted(lambda: self.client.views_open(trigger_id=back.trigger, view=view), FORM_LIFETIME)
        except FAULTS as error:
            log.warning("a form was not opened", form=form.id, error=code(error) or type(error).__name__)
            return False
        return True

    async def _send_ephemeral(self, content: Arguments, back: ReplyTarget, *, replace: bool = False) -> None:
        """Answer through the response URL, else in the channel where they acted, else in a direct message."""
        if back.response_url and await self._respond(content, back, replace=replace and back.replaceable):
            return
        try:
            if back.channel and not back.channel.startswith("D"):
                where: Arguments = {"channel": back.channel, "user": back.user, "thread_ts": back.thread or None}
                await _until_accepted(lambda: self.client.chat_postEphemeral(**where, **content), ANSWER_LIFETIME)
                return
        except FAULTS as error:
            log.info("answered in a direct message instead", error=code(error) or type(error).__name__)
        try:
            await self._send_directly(content, back)
        except FAULTS as error:
            log.warning("an answer was not shown", error=code(error) or type(error).__name__)

    async def _send_directly(self, content: Arguments, back: ReplyTarget) -> AsyncSlackResponse:
        return await _until_accepted(
            lambda: self.client.chat_postMessage(channel=back.user, **content, **QUIET), ANSWER_LIFETIME
        )

    async def _respond(self, content: Arguments, back: ReplyTarget, *, replace: bool) -> bool:
        body = {"response_type": "ephemeral", "replace_original": replace, **content, **QUIET}
        if back.thread and not replace:
            body["thread_ts"] = back.thread
        try:
            self._require_slack_host(back.response_url)
            hook = AsyncWebhookClient(
                back.response_url, session=self.client.session, proxy=self.client.proxy, retry_handlers=[]
            )
            end = monotonic() + ANSWER_LIFETIME
            while (answer := await hook.send_dict(body)).status_code == 429:
                wait = retry_after(answer.headers)
                if monotonic() + wait > end:
                    return False
                await asyncio.sleep(wait)
        except FAULTS as error:
            log.info("Slack’s address for answers failed", error=type(error).__name__)
            return False
        return answer.status_code == 200

    async def _answer_with_file(self, reply: Message, back: ReplyTarget) -> None:
        """Send a file in a direct message, and say so where they acted.

        In a channel, a file can't be shown to one person only.
        """
        assert reply.attachment
        try:
            sent = await self._send_directly(render.message(reply), back)
        except FAULTS as error:
            log.warning("a file was not sent", error=code(error) or type(error).__name__)
            explanation = Message(parts=(Text(_("I could not send you a direct message, so the file was not sent.")),))
            await self._send_ephemeral(render.message(explanation), back)
            return
        if back.channel != sent["channel"]:
            note = Message(parts=(Text(_("I have sent it to you in a direct message.")),))
            await self._send_ephemeral(render.message(note), back)
        await self._send_file(reply.attachment, str(sent["channel"]), "")

    async def _send_file(self, file: Attachment, channel: str, thread: str) -> None:
        """Upload a file, or send its content as messages if Slack refuses. The message it belongs to is posted."""
        try:
            await self._upload(file, channel, thread)
        except FAULTS as error:
            log.warning("a file was sent as messages", error=code(error) or type(error).__name__)
            await self._send_file_as_messages(file, channel, thread)

    async def _upload(self, file: Attachment, channel: str, thread: str) -> None:
        body = (file.body or "\n").encode()
        slot = await _until_accepted(
            lambda: self.client.files_getUploadURLExternal(filename=file.name, length=len(body)), PATIENCE
        )
        self._require_slack_host(str(slot["upload_url"]))
        async with (
            ClientSession(timeout=UPLOAD_TIMEOUT) as session,
            session.post(str(slot["upload_url"]), data=BytesIO(body), proxy=self.client.proxy) as taken,
        ):
            taken.raise_for_status()
        complete: Arguments = {
            "files": [{"id": slot["file_id"], "title": file.name}],
            "channel_id": channel,
            "thread_ts": thread or None,
        }
        await _until_accepted(lambda: self.client.files_completeUploadExternal(**complete), PATIENCE)

    async def _send_file_as_messages(self, file: Attachment, channel: str, thread: str) -> None:
        pieces = [file.body[at : at + PIECE] for at in range(0, len(file.body), PIECE)]
        where: Arguments = {"channel": channel, "thread_ts": thread or None}
        try:
            for start in range(0, min(len(pieces), PIECES * MESSAGES), PIECES):
                await asyncio.sleep(GAP)
                blocks = [rich_text.verbatim(piece) for piece in pieces[start : start + PIECES]]
                content: Arguments = {"text": escape(file.name), "blocks": blocks}
                await _until_accepted(partial(self.client.chat_postMessage, **where, **QUIET, **content), PATIENCE)
        except FAULTS as error:
            log.warning("a file was not sent", error=code(error) or type(error).__name__)

    def _require_slack_host(self, url: str) -> None:
        """Raise SlackRequestError for an address outside the Slack this bot talks to."""
        host = urlsplit(url).hostname or ""
        if host != self.host and not host.endswith(f".{self.host}"):
            raise SlackRequestError("an address outside Slack")


async def _until_accepted(call: Callable[[], Awaitable[AsyncSlackResponse]], lifetime: float) -> AsyncSlackResponse:
    """Call again while Slack says to wait, for at most `lifetime` seconds. Raises FAULTS.

    Not after a fault, since the answer may be there already.
    """
    end = monotonic() + lifetime
    while True:
        try:
            return await call()
        except FAULTS as error:
            means = meaning(error)
            if not isinstance(means, RetryAfter) or isinstance(means, TokenRefused) or means.fault:
                raise
            if monotonic() + means.after > end:
                raise
            log.info("an answer waits, because Slack says so", error=code(error), wait=means.after)
            await asyncio.sleep(means.after)
