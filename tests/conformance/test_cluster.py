"""Several processes of one bot: nobody notices how many there are, or that one has died."""

import asyncio
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import story
from tests.conformance.cluster import Cluster, balanced, cluster
from tests.conformance.conftest import open_room
from tests.conformance.discord_people import DiscordRoom
from tests.conformance.people import until
from tests.conformance.slack_people import SlackRoom

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.slow,
    pytest.mark.skipif("TEST_DATABASE_URL" not in os.environ, reason="several processes share a PostgreSQL"),
]
# Enough that some are left once it is known which process sends, and that one is killed.
MESSAGES = 24
# 9 seconds without a heartbeat, 15 for what was on its way, and the machine may be busy.
TAKEN_OVER_S = 90.0


@pytest.mark.parametrize("kind", ["slack over a socket", "discord"])
async def test_community_lives_its_first_week_with_two_processes(
    kind: str, tmp_path: Path, fresh_database: str
) -> None:
    async with open_room(kind) as room, cluster(tmp_path, room, fresh_database) as it:
        await it.start(2)
        if kind == "slack over http":
            assert isinstance(room, SlackRoom)
            async with balanced(room, lambda: [bot.port for bot in it.bots]):
                await lives(room)
        else:
            if kind == "slack over a socket":
                await until(lambda: two_sockets(room), "both connected")
            await lives(room)
        for bot in it.bots:
            await bot.stop()
            assert bot.trouble == []
        assert room.complaints() == []


async def lives(room: Any) -> None:
    for happens in story.CHAPTERS:
        await happens(room)


async def two_sockets(room: Any) -> bool:
    return len(room.peer._sockets) == 2


@pytest.mark.kills
async def test_slack_gets_everything_once_when_a_process_is_killed(tmp_path: Path, fresh_database: str) -> None:
    async with open_room("slack over a socket") as room, cluster(tmp_path, room, fresh_database) as it:
        assert isinstance(room, SlackRoom)
        channels = [room.peer.channels[name] for name in ("general", "random", "dev")]
        it.decide_on(MESSAGES, room.space, channels)
        await it.start(3)
        window = await goes_on_after_a_kill(it)
        posted = [c for c in room.peer.calls if c["method"] == "chat.postMessage"]
        told_to_wait = [c for c in posted if not c["reply"]["ok"]]
        assert told_to_wait == [], "pacing is kept across processes"
        said = Counter(str(c["args"]["blocks"]) for c in posted)
        assert len(said) == MESSAGES
        assert window <= len(channels), "in each channel one thing after the other"
        assert said.total() <= MESSAGES + window, "a channel cannot be asked what it has: the calls on their way"


@pytest.mark.kills
async def test_discord_gets_everything_once_when_a_process_is_killed(tmp_path: Path, fresh_database: str) -> None:
    async with open_room("discord") as room, cluster(tmp_path, room, fresh_database) as it:
        assert isinstance(room, DiscordRoom)
        others = [room.guild.create_text_channel(name) for name in ("random", "dev")]
        channels = [room.channel, *others]
        it.decide_on(MESSAGES, room.space, [str(channel.id) for channel in channels])
        # Slow enough that something is on its way when the process is killed.
        room.peer.latency = 0.3
        await it.start(3)
        await goes_on_after_a_kill(it)
        said = Counter(shown.words for channel in channels for shown in room.history(channel))
        assert set(said.values()) == {1}
        assert len(said) == MESSAGES
        assert [r for r in room.peer.requests if r["status"] == 429] == []


async def goes_on_after_a_kill(it: Cluster) -> int:
    """Kill the process that is sending, and wait until another has sent the rest.

    Returns how many messages were on their way when it was killed.
    """

    async def begun() -> bool:
        return await asyncio.to_thread(it.sent) > 0

    await until(begun, "the first messages")
    [worker] = [bot for bot, lanes in await it.run("lanes") if lanes]
    await it.kill(worker)
    window = await asyncio.to_thread(it.on_their_way)
    assert await asyncio.to_thread(it.sent) < MESSAGES, "it was killed too late"

    async def all_sent() -> bool:
        return await asyncio.to_thread(it.sent) == MESSAGES

    await until(all_sent, "the last message", TAKEN_OVER_S)
    return window


@pytest.mark.kills
@pytest.mark.parametrize("shards", [1, 2])
async def test_shard_is_taken_over_when_its_process_is_gone(shards: int, tmp_path: Path, fresh_database: str) -> None:
    """Every shard belongs to one process, and soon to another once that process is gone."""
    async with open_room("discord") as room, cluster(tmp_path, room, fresh_database, DISCORD_SHARDS=str(shards)) as it:
        assert isinstance(room, DiscordRoom)
        await it.start(2)
        await until(lambda: all_heard(room, shards), "every shard being heard")
        await story.begins(room)
        holders = [bot for bot, held in await it.run("discord") if held]
        assert listener_counts(room) == Counter({(n, shards): 1 for n in range(shards)})
        gone = holders[0]
        await it.kill(gone)
        await until(lambda: all_heard(room, shards), "every shard being heard again")
        assert listener_counts(room) == Counter({(n, shards): 1 for n in range(shards)})
        await room.alice.types("join")
        await room.alice.presses("Join")
        assert room.complaints() == []


def listener_counts(room: DiscordRoom) -> Counter[tuple[int, int]]:
    """Count the connections that hear each shard."""
    return Counter(session.shard for session in room.peer.sessions.values() if session.socket)


async def all_heard(room: DiscordRoom, shards: int) -> bool:
    return len(listener_counts(room)) == shards
