"""How long a person waits for an answer, over the wire, compared with a bot that only echoes a sentence.

Both bots are processes on the same machine and are asked in turn, so that whatever else the machine does affects both.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.adapters.slack.conftest import node_modules
from tests.bench.figure import Figure
from tests.conformance import story
from tests.conformance.discord_people import DiscordRoom, discord_room
from tests.conformance.people import Room, until
from tests.conformance.process import ROOT, Bot
from tests.conformance.slack_people import CHANNEL, SlackRoom, slack_room

TIMES = 150
WARM_UP = 15
# The answer is a card of a few lines; the echo says one sentence.
ASKED = "help join"
# Between two commands, so that neither bot is asked while the other still cleans up.
BREATH_S = 0.02
SHARED = ROOT.parent / "shared"
TimedRequest = Callable[[], Awaitable[float]]


def slack_figures() -> list[Figure]:
    return asyncio.run(_slack()) if can_measure(node_modules() / "emulate") else []


def discord_figures() -> list[Figure]:
    return asyncio.run(_discord()) if can_measure(SHARED) else []


def can_measure(needed: Path) -> bool:
    if not (SHARED.exists() and needed.exists()):
        print(f"Not measured: {needed.name} is not beside the checkout.", file=sys.stderr)
        return False
    sys.path.append(str(SHARED))
    return True


async def _slack() -> list[Figure]:
    async with (
        slack_room(str(node_modules())) as room,
        slack_room(str(node_modules())) as beside,
        running_bot(room) as bot,
        _echo("slack", beside),
    ):
        await beside.peer.connected()
        ours, bare = await _in_turns(lambda: _ask_slack(room), lambda: _ask_slack(beside))
        stopped = await bot.stop()
    return [Figure("slack.command_p50_ms", ours, "ms", bare), Figure("slack.stop_s", stopped, "s")]


async def _ask_slack(room: SlackRoom) -> float:
    """Return the milliseconds from the command to its reply."""
    calls, alice = room.peer.calls, room.alice
    before, began = len(calls), time.time()
    await alice.human.slash("/cop", ASKED, CHANNEL)

    async def replied() -> list[Any]:
        return [call for call in calls[before:] if call["method"] == "response_url"]

    [reply] = await until(replied, "a reply")
    return float(reply["t"] - began) * 1000


async def _discord() -> list[Figure]:
    """Measure both bots on one peer, since a loop takes only one. The bot that isn't asked gets no events."""
    async with discord_room() as room:
        # The time that the peer takes to check requests isn't the bot's.
        room.peer.spec.check = lambda *_request: []
        async with running_bot(room) as bot:
            [ours] = room.peer.sessions.values()
            async with _echo("discord", room):

                async def both() -> bool:
                    return len(room.peer.sessions) == 2

                await until(both, "the other bot")
                [bare] = [session for session in room.peer.sessions.values() if session is not ours]
                lines = {ours: ours.socket, bare: bare.socket}
                ms = await _in_turns(lambda: _ask_discord(room, lines, ours), lambda: _ask_discord(room, lines, bare))
                ours.socket = lines[ours]
            stopped = await bot.stop()
    return [Figure("discord.command_p50_ms", ms[0], "ms", ms[1]), Figure("discord.stop_s", stopped, "s")]


async def _ask_discord(room: DiscordRoom, lines: Mapping[Any, Any], asked: Any) -> float:
    for session, line in lines.items():
        session.socket = line if session is asked else None
    told: list[float] = []
    push = lines[asked].push

    def noting(frame: Any) -> None:
        told.append(time.time())
        push(frame)

    lines[asked].push = noting
    before = len(room.peer.requests)
    try:
        await room.alice.member.slash(room.channel, "cop help", command="join")

        async def replied() -> list[Any]:
            return [r for r in room.peer.requests[before:] if r["path"].endswith("/callback") and r["status"]]

        [reply] = await until(replied, "a reply")
    finally:
        lines[asked].push = push
    return float(reply["t"] - told[0]) * 1000


async def _in_turns(ours: TimedRequest, bare: TimedRequest) -> tuple[float, float]:
    """Return the median of what each takes."""
    took: tuple[list[float], list[float]] = ([], [])
    for n in range(WARM_UP + TIMES):
        for times, ask in zip(took, (ours, bare), strict=True):
            spent = await ask()
            await asyncio.sleep(BREATH_S)
            if n >= WARM_UP:
                times.append(spent)
    return statistics.median(took[0]), statistics.median(took[1])


@asynccontextmanager
async def running_bot(room: Room) -> AsyncIterator[Bot]:
    """Run the bot, in a community that Ada has set up and Alice has joined."""
    with tempfile.TemporaryDirectory(prefix="commonplace-") as folder:
        bot = await Bot.start(Path(folder), room.environment())
        try:
            await bot.listening()
            await bot.until(room.ready())
            await story.begins(room)
            await story.is_joined(room)
            yield bot
        finally:
            await bot.kill()


@asynccontextmanager
async def _echo(platform: str, room: Room) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.echo",
        platform,
        cwd=ROOT,
        env={**os.environ, **room.environment()},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()
