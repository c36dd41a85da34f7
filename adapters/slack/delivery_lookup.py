"""Has a message arrived already? Slack says so only where the bot may read: of a direct message, never of a channel's.

Every message carries its ref as metadata. A bot that was given channels:history as well is told about channels too.
"""

from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import BUSY, FAULTS, code, meaning
from bot.core.platform import (
    DirectMessage,
    InCalendar,
    InChannel,
    InThread,
    LookupUnavailable,
    RetryAfter,
    UncertainDelivery,
)

DELIVERY = "commonplace_delivery"  # the metadata's event type
SKEW = timedelta(minutes=5)  # by which the bot's clock may be ahead of Slack's
LOOKED_AT = 100  # messages


async def find(client: AsyncWebClient, scopes: frozenset[str], uncertain: UncertainDelivery) -> str | None:
    """The receipt, or None where it is not there. Raises LookupUnavailable and RetryAfter."""
    channel, thread = _place(uncertain)
    if ("im:history" if channel.startswith("D") else "channels:history") not in scopes:
        raise LookupUnavailable
    oldest = f"{(uncertain.since - SKEW).timestamp():.6f}"
    try:
        if thread:
            page = await client.conversations_replies(
                channel=channel, ts=thread, oldest=oldest, limit=LOOKED_AT, include_all_metadata=True
            )
        else:
            page = await client.conversations_history(
                channel=channel, oldest=oldest, limit=LOOKED_AT, include_all_metadata=True
            )
    except FAULTS as error:
        means = meaning(error)
        if isinstance(means, RetryAfter) and (means.fault or code(error) in BUSY):
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
    """The conversation to look in, and the thread. Slack names a direct one only in an answer, so `beside` has it."""
    match uncertain.delivery.to:
        case InChannel(channel):
            return channel, ""
        case InThread(under):
            channel, _space, thread = under.partition(" ")
            return channel, thread
        case DirectMessage():
            if not uncertain.beside:
                raise LookupUnavailable
            return uncertain.beside.partition(" ")[0], ""
        case InCalendar():
            raise LookupUnavailable
