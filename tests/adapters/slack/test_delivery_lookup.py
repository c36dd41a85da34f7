"""Looking up uncertain deliveries: Slack is asked where the bot may read, and nowhere else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.slack.adapter import Slack
from adapters.slack.manifest import SCOPES
from bot.core.platform import (
    Address,
    DirectMessage,
    InChannel,
    InThread,
    LookupUnavailable,
    RetryAfter,
    UncertainDelivery,
)
from tests.adapters.slack.conftest import Connect, Peer, the_one
from tests.adapters.slack.pretend import delivery, no_findings

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MARK = {"event_type": "commonplace_delivery", "event_payload": {"ref": "ref-1"}}
OTHER = {"event_type": "commonplace_delivery", "event_payload": {"ref": "ref-2"}}


def page(*marks: Any, more: bool = False) -> dict[str, Any]:
    """Return a conversation's history as in Slack's reference, newest first."""
    messages = [{"type": "message", "ts": f"17724{n:05}.000100", "metadata": mark} for n, mark in enumerate(marks)]
    return {"ok": True, "messages": messages, "has_more": more}


async def asked(slack: Slack, to: Address, beside: str = "") -> str | None:
    return await slack.find(UncertainDelivery(delivery(to), NOW, beside))


async def test_arrived_message_is_found_in_a_direct_message(peer: Peer, connect: Connect) -> None:
    bob = DirectMessage(f"T000000001-{peer.bob.id}")
    async with connect() as slack:
        the_one(slack).scopes = frozenset(SCOPES)
        # The first message ever: Slack hasn't said yet which conversation that is.
        with pytest.raises(LookupUnavailable):
            await asked(slack, bob)
        earlier = await slack.deliver(delivery(bob))
        direct = earlier.split()[0]
        peer.fault("conversations.history", status=200, body=page(OTHER, {}, MARK))
        assert await asked(slack, bob, earlier) == f"{direct} 1772400002.000100"
        peer.fault("conversations.history", status=200, body=page(OTHER))
        assert await asked(slack, bob, earlier) is None
        peer.fault("conversations.history", status=200, body=page(OTHER, more=True))
        with pytest.raises(LookupUnavailable):
            await asked(slack, bob, earlier)
        peer.fault("conversations.replies", status=200, body=page(MARK))
        assert await asked(slack, InThread(earlier)) == f"{direct} 1772400000.000100"
    first = peer.sent("conversations.history")[0]["args"]
    assert float(first["oldest"]) == (NOW - timedelta(minutes=5)).timestamp()
    assert first["include_all_metadata"] in (True, "1", "true")
    no_findings(peer)


async def test_channel_is_not_read_without_permission(peer: Peer, connect: Connect) -> None:
    general = InChannel(peer.channels["general"])
    async with connect() as slack:
        the_one(slack).scopes = frozenset(SCOPES)
        with pytest.raises(LookupUnavailable):
            await asked(slack, general)
        assert not peer.sent("conversations.history")
        the_one(slack).scopes |= {"channels:history"}
        peer.fault("conversations.history", status=200, body=page(MARK))
        assert await asked(slack, general) == f"{general.channel} 1772400000.000100"
        peer.fault("conversations.history", status=200, body={"ok": False, "error": "missing_scope"})
        # A private channel.
        with pytest.raises(LookupUnavailable):
            await asked(slack, general)


async def test_lookup_is_repeated_when_slack_does_not_answer(peer: Peer, connect: Connect) -> None:
    general = InChannel(peer.channels["general"])
    async with connect() as slack:
        the_one(slack).scopes = frozenset({"channels:history"})
        peer.fault("conversations.history", headers={"Retry-After": "9"})
        with pytest.raises(RetryAfter) as told:
            await asked(slack, general)
        assert told.value.after == 9.0
        peer.fault("conversations.history", status=502, body={})
        with pytest.raises(RetryAfter):
            await asked(slack, general)
    # Signed out.
    with pytest.raises(RetryAfter):
        await asked(slack, general)
