"""How long Slack waits for an acknowledgement when a thousand people submit a form at the same moment.

The bot is a process of its own, and Slack's stand-in runs in this one, so on two cores they have one each. A form is
late after the three seconds that Slack allows. CROWD= changes how many people there are.
"""

import asyncio
import os
from typing import Any

from tests.adapters.slack.conftest import node_modules
from tests.bench.figure import Figure
from tests.bench.wire import can_measure, running_bot
from tests.conformance.slack_people import CHANNEL, ROOT, SlackRoom, slack_room

CROWD = int(os.environ.get("CROWD") or 1_000)
LATE_S = 3.0
ENOUGH_S = 600.0


def figures() -> list[Figure]:
    return asyncio.run(_measure()) if can_measure(node_modules() / "emulate") else []


async def _measure() -> list[Figure]:
    async with slack_room(str(node_modules())) as room, running_bot(room) as bot:
        await bot.warm()
        form = await _open_form(room)
        # Slack would show an error after three seconds, but this waits, to say how late it was.
        from peers.slack import hub

        hub.ACK_SECONDS = ENOUGH_S
        people = [{**form, "user": {**form["user"], "id": f"UCROWD{n:04}"}} for n in range(CROWD)]
        before = len(room.peer.calls)
        results = await asyncio.gather(*(room.peer.send(person, keep=True) for person in people))
        waits = [result["ms"] / 1000 for result in results]
        assert all(result["ok"] for result in results)
        await _all_answered(room, before)
    return [
        Figure("crowd.last_ack_s", max(waits), "s", LATE_S),
        Figure("crowd.late", float(sum(wait > LATE_S for wait in waits)), "of " + str(CROWD)),
    ]


async def _open_form(room: SlackRoom) -> dict[str, Any]:
    """Return what Slack sends when Alice submits the form that saves a reflection."""
    before = len(room.peer.sent("views.open"))
    await room.alice.human.slash(ROOT[""], "reflect", CHANNEL)
    [opened] = await room.peer.until(lambda: room.peer.sent("views.open")[before:])
    await room.alice.human.submit(opened["reply"]["view"], {"body": "We began in silence."})
    sent: dict[str, Any] = room.peer.deliveries[-1]["payload"]
    return sent


async def _all_answered(room: SlackRoom, before: int) -> None:
    def answered() -> bool:
        told = ("chat.postEphemeral", "chat.postMessage")
        users = {
            c["args"].get("user") or c["args"].get("channel") for c in room.peer.calls[before:] if c["method"] in told
        }
        return sum(str(user).startswith("UCROWD") for user in users) >= CROWD

    await room.peer.until(answered, ENOUGH_S)
