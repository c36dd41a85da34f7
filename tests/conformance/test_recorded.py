"""Every recorded payload of Slack and Discord, sent to the real bot: it survives all, and repeats change nothing."""

import random
import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select, table

from storage import database as storage_database
from tests.conformance import story
from tests.conformance.conftest import Run, open_room
from tests.conformance.discord_people import DiscordRoom
from tests.conformance.people import until
from tests.conformance.process import Bot
from tests.conformance.slack_people import SlackRoom

# What differs here is the platform, not the database.
pytestmark = [pytest.mark.conformance, pytest.mark.slow, pytest.mark.anywhere]
ROUNDS = 3
# The server in which the frames were recorded.
RECORDED_SERVER = "1457468924290662599"


def row_counts(database: str) -> dict[str, int]:
    """Count the rows of each table, except processed events and timers, which change by themselves."""
    engine = storage_database.connect(database)
    with engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if name not in ("processedevent", "timer")]
        counted = {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}
    engine.dispose()
    return counted


def in_another_order(folder: Path, to: Path, round: int) -> Path:
    """Copy the recorded payloads: in their order in round 0, reversed in round 1, shuffled in round 2."""
    files = sorted(folder.glob("*.json"), reverse=round == 1)
    if round == 2:
        random.Random(round).shuffle(files)
    sent = to / f"{folder.name}{round}"
    sent.mkdir()
    for number, file in enumerate(files):
        shutil.copy(file, sent / f"{number:03} {file.name}")
    return sent


async def quiet(room: SlackRoom | DiscordRoom, bot: Bot) -> None:
    """Wait until the bot has worked off everything, so that it answers someone who asks last."""
    for _try in range(5):
        await room.alice.types("help")
        # It may still be a late answer to something that was recorded.
        if "What you can do" in room.alice.sees.words:
            break
    assert "What you can do" in room.alice.sees.words
    assert bot.alive


@pytest.mark.parametrize("kind", ["slack over a socket", "slack over http"])
async def test_every_recorded_slack_request_is_handled(
    kind: str, run: Run, payloads: Path, fresh_database: str, tmp_path: Path
) -> None:
    async with open_room(kind) as room:
        assert isinstance(room, SlackRoom)
        bot = await run(room)
        await story.begins(room)
        after = []
        for round in range(ROUNDS):
            sent = in_another_order(payloads / "slack", tmp_path, round)
            foreign = await room.peer.replay(sent)
            local = await room.peer.replay(sent, local=True)
            assert len(foreign) == len(list((payloads / "slack").glob("*.json"))) >= 60
            assert [name for name, result in {**foreign, **local}.items() if not result["ok"]] == []
            await quiet(room, bot)
            after.append(row_counts(fresh_database))
        assert after[0] == after[1] == after[2]
        await bot.stop()
        assert bot.trouble == []
        # The peer refuses answers to people of a workspace that isn't here.
        assert [found for found in room.complaints() if "peer answered" not in str(found)] == []


async def test_every_recorded_discord_frame_is_handled(
    run: Run, payloads: Path, fresh_database: str, tmp_path: Path
) -> None:
    from peers.discord.peer import replay

    async with open_room("discord") as room:
        assert isinstance(room, DiscordRoom)
        bot = await run(room)
        await story.begins(room)
        after = []
        for round in range(ROUNDS):
            sent = in_another_order(payloads / "discord", tmp_path, round)
            for known in ({}, {RECORDED_SERVER: room.space}):
                alive = await replay(room.peer, sent, lambda: bot.alive, 0.1, known)
                assert len(alive) == len(list((payloads / "discord").glob("*.json")))
                assert all(alive.values())
            await quiet(room, bot)
            after.append(row_counts(fresh_database))
        assert after[0] == after[1] == after[2]
        await bot.stop()
        assert bot.trouble == []
        assert room.complaints() == []


async def test_repeated_click_has_one_effect(run: Run, fresh_database: str) -> None:
    """When a connection resumes, Discord sends again what it isn't sure has arrived."""
    async with open_room("discord") as room:
        assert isinstance(room, DiscordRoom)
        bot = await run(room)
        await story.begins(room)
        await story.is_joined(room)
        await room.bob.types("topic A quieter corner")
        before = row_counts(fresh_database)
        event, data = next((e, d) for e, d in reversed(room.peer.sent) if e == "INTERACTION_CREATE")
        room.peer.dispatch(event, data)

        async def answered_again() -> bool:
            asked = [r for r in room.peer.requests if r["path"].startswith(f"/interactions/{data['id']}/")]
            return len(asked) > 1

        await until(answered_again, "a second answer")
        assert row_counts(fresh_database) == before
        await bot.stop()
        assert bot.trouble == []
