"""Finds out whether an uncertain delivery arrived, by reading the latest messages of the conversation.

Every message carries its idempotency key as metadata. Slack shows it only where the bot may read, which with the scopes
the bot asks for means direct messages, not channels. An app that was given channels:history too can look in channels.
"""

from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import FAULTS, meaning
from bot.core.platform import (
    DirectMessage,
    InCalendar,
    InChannel,
    InThread,
    LookupUnavailable,
    RetryAfter,
    UncertainDelivery,
)

DELIVERY = "commonplace_delivery"  # event type of the metadata
# How far the bot's clock may be ahead of Slack's.
CLOCK_SKEW = timedelta(minutes=5)
PAGE_SIZE = 100  # messages


async def find(client: AsyncWebClient, scopes: frozenset[str], uncertain: UncertainDelivery) -> str | None:
    """Return the delivery's receipt, or None if it isn't there.

    Raises LookupUnavailable where the bot may not look or has not seen everything, and RetryAfter.
    """
    channel, thread = _place(uncertain)
    if ("im:history" if channel.startswith("D") else "channels:history") not in scopes:
        raise LookupUnavailable
    oldest = f"{(uncertain.since - CLOCK_SKEW).timestamp():.6f}"
    try:
        if thread:
            page = await client.conversations_replies(
                channel=channel, ts=thread, oldest=oldest, limit=PAGE_SIZE, include_all_metadata=True
            )
        else:
            page = await client.conversations_history(
                channel=channel, oldest=oldest, limit=PAGE_SIZE, include_all_metadata=True
            )
    except FAULTS as error:
        means = meaning(error)
        if isinstance(means, RetryAfter):
            raise means from error
        raise LookupUnavailable from error
    for message in page.get("messages") or ():
        mark = message.get("metadata") or {}
        if (
            mark.get("event_type") == DELIVERY
            and mark.get("event_payload", {}).get("ref") == uncertain.delivery.idempotency_key
        ):
            return f"{channel} {message['ts']}"
    if page.get("has_more"):
        raise LookupUnavailable
    return None


def _place(uncertain: UncertainDelivery) -> tuple[str, str]:
    """Return the conversation and the thread to look in ("" for none).

    Slack names a direct message's conversation only when it answers a post, so it is taken from `conversation_receipt`.
    """
    match uncertain.delivery.to:
        case InChannel(channel):
            return channel, ""
        case InThread(parent):
            channel, _space, thread = parent.partition(" ")
            return channel, thread
        case DirectMessage():
            if not uncertain.conversation_receipt:
                raise LookupUnavailable
            return uncertain.conversation_receipt.partition(" ")[0], ""
        case InCalendar():
            raise LookupUnavailable
