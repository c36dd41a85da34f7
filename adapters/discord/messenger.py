"""Delivers messages: to a channel, the thread under an earlier message, one person, or the server's events."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, TypedDict, assert_never

import aiohttp
import discord
import structlog

from adapters.discord import render, scheduled_events
from adapters.discord.client import Connection
from bot.core.platform import (
    Delivery,
    DirectMessage,
    InCalendar,
    InChannel,
    InThread,
    LookupUnavailable,
    RetryAfter,
    UncertainDelivery,
    Undeliverable,
)
from bot.ui import Message

log = structlog.get_logger(__name__)

# Discord hides a thread after this long without a message. A new message brings it back.
ARCHIVE_AFTER: Literal[10080] = 10080  # minutes: a week
# Error codes (Discord's documentation, opcodes and status codes).
UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MESSAGE, UNKNOWN_USER = 10003, 10004, 10008, 10013
NO_ACCESS, NO_PERMISSION, WRONG_CHANNEL_TYPE = 50001, 50013, 50024
HAS_A_THREAD = 160004
TOO_MANY_OLD_EDITS = 30046
REASONS = {
    50007: "direct messages closed",
    # They share no server with the bot any more.
    50278: "direct messages closed",
    UNKNOWN_CHANNEL: "channel gone",
    NO_ACCESS: "no permission",
    NO_PERMISSION: "no permission",
    UNKNOWN_GUILD: "removed from the space",
    UNKNOWN_USER: "person gone",
}
SOON, LATER = 5.0, 60.0  # seconds
# How far the bot's clock may be ahead of Discord's.
CLOCK_SKEW = timedelta(minutes=5)
PAGE_SIZE = 100  # messages
FAULTS = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)


class Answered(TypedDict, total=False):
    """The argument that a message has only if it answers another."""

    reference: discord.MessageReference


@dataclass
class DiscordMessenger:
    """Posts messages. Remembers which threads and direct conversations it has opened, until the process ends."""

    threads: set[int] = field(default_factory=set)
    directs: dict[str, int] = field(default_factory=dict)

    async def deliver(self, client: Connection, delivery: Delivery) -> str:
        """Post or rewrite a message; the receipt is "channel message". Raises RetryAfter and Undeliverable."""
        try:
            if isinstance(delivery.to, InCalendar):
                return await scheduled_events.show(client, delivery)
            if delivery.replaces and (receipt := await self._rewrite(client, delivery)):
                return receipt
            return await self._post(client, delivery)
        except FAULTS as fault:
            raise _translate(fault, client, delivery) from fault
        except RuntimeError as fault:
            # aiohttp raises it if the session is closed while the message is sent.
            if client.is_closed():
                raise RetryAfter(SOON, whole_lane=True, fault=True) from fault
            raise

    def requests(self, delivery: Delivery) -> int:
        """Return how many requests a delivery takes: two if it opens a conversation or thread, or looks up an event."""
        match delivery.to:
            case DirectMessage(person) if not delivery.replaces:
                return 1 if person in self.directs else 2
            case InThread(parent, broadcast) if not delivery.replaces and delivery.space and not broadcast:
                return 1 if _ids(parent)[1] in self.threads else 2
            case InCalendar():
                return 2
            case _:
                return 1

    async def find(self, client: Connection, uncertain: UncertainDelivery) -> str | None:
        """Return the receipt of a message that may have arrived, None if it isn't there.

        It is needed because Discord suppresses a repeat by its nonce only for some minutes. Raises LookupUnavailable
        and RetryAfter.
        """
        try:
            if isinstance(uncertain.delivery.to, InCalendar):
                return await scheduled_events.find(client, uncertain.delivery)
            channel, _answered = await self._place(client, uncertain.delivery)
            place = client.get_partial_messageable(channel)
            after = uncertain.since - CLOCK_SKEW
            there = [m async for m in place.history(limit=PAGE_SIZE, after=after, oldest_first=False)]
        except FAULTS as fault:
            means = _translate(fault, client, uncertain.delivery)
            raise (means if isinstance(means, RetryAfter) else LookupUnavailable()) from fault
        own = [m for m in there if client.user and m.author.id == client.user.id]
        expected_texts = render.texts(render.message(uncertain.delivery.message)[0].to_components())  # type: ignore[no-untyped-call]
        for message in own:
            if message.nonce == uncertain.delivery.idempotency_key or (
                message.nonce is None and render.texts(c.to_dict() for c in message.components) == expected_texts
            ):
                return f"{channel} {message.id}"
        # There may be older ones that weren't read.
        if len(there) == PAGE_SIZE:
            raise LookupUnavailable
        return None

    async def _rewrite(self, client: Connection, delivery: Delivery) -> str:
        """Rewrite a message and return its receipt, "" if someone has deleted it."""
        channel, message = _ids(delivery.replaces)
        view, files = render.message(delivery.message)
        try:
            there = client.get_partial_messageable(channel).get_partial_message(message)
            await there.edit(view=view, attachments=files, allowed_mentions=discord.AllowedMentions.none())
        except discord.NotFound as gone:
            if gone.code == UNKNOWN_MESSAGE:
                return ""
            raise
        return delivery.replaces

    async def _post(self, client: Connection, delivery: Delivery) -> str:
        channel, answered = await self._place(client, delivery)
        view, files = render.message(delivery.message)
        where = client.get_partial_messageable(channel)
        sent = await where.send(
            view=view, files=files, nonce=delivery.idempotency_key, silent=delivery.silent, **answered
        )
        return f"{sent.channel.id} {sent.id}"

    async def _place(self, client: Connection, delivery: Delivery) -> tuple[int, Answered]:
        """Return the channel to write in, and the message to answer if there can be no thread or all should see it."""
        match delivery.to:
            case InChannel(id):
                return int(id), {}
            case DirectMessage(person):
                return await self._direct(client, person), {}
            case InThread(parent, broadcast):
                if (
                    delivery.space
                    and not broadcast
                    and (thread := await self._thread(client, parent, delivery.message))
                ):
                    return thread, {}
                channel, message = _ids(parent)
                return channel, {
                    "reference": discord.MessageReference(
                        message_id=message, channel_id=channel, fail_if_not_exists=False
                    )
                }
            case InCalendar():
                raise AssertionError("an event is no message")
            case _:
                assert_never(delivery.to)

    async def _thread(self, client: Connection, parent: str, opening: Message) -> int | None:
        """Return the thread under a message, opened if need be; it has the message's id.

        None if the message is in a thread itself, where there can be no other.
        """
        channel, message = _ids(parent)
        if message not in self.threads:
            try:
                await client.http.start_thread_with_message(
                    channel, message, name=render.thread_name(opening), auto_archive_duration=ARCHIVE_AFTER
                )
            except discord.HTTPException as fault:
                if fault.code == WRONG_CHANNEL_TYPE:
                    return None
                # A thread outlives its message, so an unknown message is no reason to give up.
                if fault.code not in (HAS_A_THREAD, UNKNOWN_MESSAGE):
                    raise
            self.threads.add(message)
        return message

    async def _direct(self, client: Connection, person: str) -> int:
        if person not in self.directs:
            self.directs[person] = (await client.create_dm(discord.Object(int(person)))).id
        return self.directs[person]


def _ids(receipt: str) -> tuple[int, int]:
    channel, message = receipt.split(" ")
    return int(channel), int(message)


def _translate(fault: Exception, client: Connection, delivery: Delivery) -> RetryAfter | Undeliverable:
    match fault:
        case discord.RateLimited():
            return RetryAfter(fault.retry_after)
        case discord.DiscordServerError():
            return RetryAfter(SOON, fault=True)
        case discord.HTTPException(status=429):
            return _retry_after(fault)
        case discord.HTTPException(status=401):
            # The token is wrong, which the connection itself reports.
            return RetryAfter(LATER, whole_lane=True)
        case discord.HTTPException():
            return Undeliverable(_reason(fault.code, client, delivery))
        case _:
            return RetryAfter(SOON, whole_lane=True, fault=True)


def _retry_after(fault: discord.HTTPException) -> RetryAfter:
    """Return how long to wait after a 429, and whether everything must.

    Discord's own comes after the library has tried five times. One without a `Via` header comes at once, from what
    stands in front of Discord, and concerns every request.
    """
    headers = fault.response.headers
    everything = "Via" not in headers or headers.get("X-RateLimit-Scope") == "global"
    after = float(headers.get("Retry-After", SOON))
    return RetryAfter(max(after, LATER) if fault.code == TOO_MANY_OLD_EDITS else after, whole_lane=everything)


def _reason(code: int, client: Connection, delivery: Delivery) -> str:
    gone = code in (UNKNOWN_CHANNEL, NO_ACCESS) and delivery.space and client.connected
    if gone and client.get_guild(int(delivery.space)) is None:
        return "removed from the space"
    if code in (NO_ACCESS, NO_PERMISSION) and isinstance(delivery.to, InCalendar):
        return "may not make events"
    if code not in REASONS:
        log.error("Discord refused a message", code=code, ref=delivery.idempotency_key)
    return REASONS.get(code, "refused")
