"""Delivers messages: to a channel, the thread under an earlier message, one person, or the server's events."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Literal, TypedDict, assert_never

import discord

from adapters.discord import channels, errors, render, scheduled_events
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
)
from bot.ui import Message

# Discord hides a thread after this long without a message. A new message brings it back.
ARCHIVE_AFTER: Literal[10080] = 10080  # minutes: a week
# How far the bot's clock may be ahead of Discord's.
CLOCK_SKEW = timedelta(minutes=5)
PAGE_SIZE = 100  # messages


class Answered(TypedDict, total=False):
    """The argument that a message has only if it answers another."""

    reference: discord.MessageReference


@dataclass
class DiscordMessenger:
    """Posts messages. Remembers threads, direct conversations, and channels, until the process ends."""

    threads: set[int] = field(default_factory=set)
    directs: dict[str, int] = field(default_factory=dict)
    fetched: dict[int, object] = field(default_factory=dict)
    # When the next direct conversation may be opened (monotonic).
    opens_at: float = 0.0

    async def deliver(self, client: Connection, delivery: Delivery) -> str:
        """Post or rewrite a message; the receipt is "channel message". Raises whatever Platform.deliver can."""
        try:
            if isinstance(delivery.to, InCalendar):
                return await scheduled_events.show(client, delivery)
            if delivery.replaces:
                return await self._rewrite(client, delivery)
            return await self._post(client, delivery)
        except errors.FAULTS as fault:
            raise errors.translate(fault, client, delivery) from fault
        except RuntimeError as fault:
            # aiohttp raises it if the session is closed while the message is sent.
            if client.is_closed():
                raise RetryAfter(errors.SOON, whole_lane=True, fault=True) from fault
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
            after = uncertain.since - CLOCK_SKEW
            if isinstance(uncertain.delivery.to, InChannel) and (forum := await self._forum(client, channel)):
                return await self._find_post(client, forum, uncertain, after)
            place = client.get_partial_messageable(channel)
            there = [m async for m in place.history(limit=PAGE_SIZE, after=after, oldest_first=False)]
        except errors.FAULTS as fault:
            means = errors.translate(fault, client, uncertain.delivery)
            raise (means if isinstance(means, RetryAfter) else LookupUnavailable()) from fault
        own = [m for m in there if client.user and m.author.id == client.user.id]
        expected_texts = _texts(uncertain.delivery.message)
        for message in own:
            if message.nonce == uncertain.delivery.idempotency_key or (
                message.nonce is None and render.texts(c.to_dict() for c in message.components) == expected_texts
            ):
                return f"{channel} {message.id}"
        # There may be older ones that weren't read.
        if len(there) == PAGE_SIZE:
            raise LookupUnavailable
        return None

    async def _find_post(
        self, client: Connection, forum: discord.ForumChannel, uncertain: UncertainDelivery, after: datetime
    ) -> str | None:
        """Return the receipt of a post in a forum, None if it isn't there. New posts are not archived."""
        expected = _texts(uncertain.delivery.message)
        for post in await forum.guild.active_threads():
            is_own = client.user is not None and post.owner_id == client.user.id
            if post.parent_id == forum.id and is_own and discord.utils.snowflake_time(post.id) > after:
                first = await post.fetch_message(post.id)
                if render.texts(c.to_dict() for c in first.components) == expected:
                    return f"{post.id} {post.id}"
        return None

    async def _rewrite(self, client: Connection, delivery: Delivery) -> str:
        channel, message = _ids(delivery.replaces)
        view, files = render.message(delivery.message)
        there = client.get_partial_messageable(channel).get_partial_message(message)
        try:
            await there.edit(view=view, attachments=files, allowed_mentions=discord.AllowedMentions.none())
        except discord.HTTPException as fault:
            if fault.code != errors.ARCHIVED:
                raise
            # Discord archives a thread, or a post in a forum, that is quiet for a week. It can be opened unless locked.
            await client.http.edit_channel(channel, archived=False)
            view, files = render.message(delivery.message)
            await there.edit(view=view, attachments=files, allowed_mentions=discord.AllowedMentions.none())
            await client.http.edit_channel(channel, archived=True)
        return delivery.replaces

    async def _post(self, client: Connection, delivery: Delivery) -> str:
        channel, answered = await self._place(client, delivery)
        view, files = render.message(delivery.message)
        if isinstance(delivery.to, InChannel) and (forum := await self._forum(client, channel)):
            tag = channels.tag_for(forum)
            post = await forum.create_thread(
                name=render.thread_name(delivery.message),
                view=view,
                files=files,
                applied_tags=[tag] if tag else [],
                auto_archive_duration=ARCHIVE_AFTER,
            )
            return f"{post.thread.id} {post.message.id}"
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

    async def _forum(self, client: Connection, channel: int) -> discord.ForumChannel | None:
        """Return the channel if it is a forum, where each message is a post of its own.

        A connection that only posts knows no channels, so it asks for each of them once.
        """
        found: object = client.get_channel(channel)
        if found is None:
            if channel not in self.fetched:
                self.fetched[channel] = await client.fetch_channel(channel)
            found = self.fetched[channel]
        return found if isinstance(found, discord.ForumChannel) else None

    async def _thread(self, client: Connection, parent: str, opening: Message) -> int | None:
        """Return the thread under a message, opened if need be; it has the message's id.

        None if there can be no other: the message is in a thread itself, or the server has too many.
        """
        channel, message = _ids(parent)
        # There is no thread in a thread, such as a post in a forum, whose first message has the post's id.
        if channel == message or isinstance(client.get_channel(channel), discord.Thread):
            return channel
        if message not in self.threads:
            try:
                await client.http.start_thread_with_message(
                    channel, message, name=render.thread_name(opening), auto_archive_duration=ARCHIVE_AFTER
                )
            except discord.HTTPException as fault:
                if fault.code == errors.WRONG_CHANNEL_TYPE or fault.code in errors.TOO_MANY_THREADS:
                    return None
                if fault.code != errors.HAS_A_THREAD:
                    raise
            self.threads.add(message)
        return message

    async def _direct(self, client: Connection, person: str) -> int:
        if person not in self.directs:
            # Discord limits how fast conversations are opened, over all people.
            if (wait := self.opens_at - monotonic()) > 0:
                raise RetryAfter(wait)
            try:
                self.directs[person] = (await client.create_dm(discord.Object(int(person)))).id
            except discord.HTTPException as fault:
                if fault.code == errors.OPENING_TOO_FAST:
                    self.opens_at = monotonic() + errors.LATER
                raise
        return self.directs[person]


def _texts(message: Message) -> list[str]:
    return render.texts(render.message(message)[0].to_components())  # type: ignore[no-untyped-call]


def _ids(receipt: str) -> tuple[int, int]:
    channel, message = receipt.split(" ")
    return int(channel), int(message)
