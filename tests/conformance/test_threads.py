"""Slack with `--threads`: replies under open questions are heard, and nothing else leaves a trace."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, create_engine, select

from tests.adapters.slack.conftest import node_modules
from tests.conformance import story
from tests.conformance.conftest import SHARED, Run
from tests.conformance.people import card_with
from tests.conformance.slack_people import slack_room

pytestmark = [pytest.mark.conformance, pytest.mark.slow]
QUESTION = "What went well?"
MARKER = "zanzibarine"


def traces(url: str, folder: Path) -> list[str]:
    """Return where the marker word is found: tables, and every file of the bot, its WAL included."""
    engine = create_engine(url)
    with engine.connect() as connection:
        known = MetaData()
        known.reflect(connection)
        rows = {name: str(connection.execute(select(table)).all()) for name, table in known.tables.items()}
    engine.dispose()
    files = [path for path in folder.rglob("*") if path.is_file()]
    if url.startswith("sqlite"):
        files += list(Path(url.removeprefix("sqlite:///")).parent.glob("*"))
    found = [str(path) for path in files if path.is_file() and MARKER.encode() in path.read_bytes()]
    return [*found, *(name for name, held in rows.items() if MARKER in held)]


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_only_replies_under_open_questions_are_looked_at(
    mode: str, run: Run, tmp_path: Path, fresh_database: str
) -> None:
    if not SHARED.exists() or not (node_modules() / "emulate").exists():
        pytest.skip("needs: ../shared and the Slack peer")
    async with slack_room(str(node_modules()), mode, threads=True) as room:
        bot = await run(room, SLACK_THREADS="1")
        ada, alice, bob = room.ada, room.alice, room.bob
        await story.begins(room)
        await story.is_joined(room)
        await ada.types("checkin open An old question?", "facilitate")
        old = await card_with(room, "An old question?")
        await ada.presses("Close it now")
        await card_with(room, "An old question?", button="Answer late")
        await ada.types(f"checkin open {QUESTION}", "facilitate")
        card = await card_with(room, QUESTION)

        # Not a word of these: in the channel, under somebody's message, under a closed question, shown in the channel
        # too, and an edit.
        said = await alice.says(f"{MARKER} in the channel")
        await bob.replies(f"{MARKER} under it", said["ts"])
        await bob.replies(f"{MARKER} under a closed question", old.surface["ts"])
        await bob.replies(f"{MARKER} for all", said["ts"], reply_broadcast=True)
        where = {"channel": room.channel, "channel_type": "channel", "ts": said["ts"], "user": alice.id}
        from peers.slack.actors import event

        edited: dict[str, Any] = {"edited": {"user": alice.id, "ts": "1700000001.000000"}}
        subtypes: list[dict[str, Any]] = [
            {"subtype": name} for name in ("message_changed", "thread_broadcast", "bot_message")
        ]
        for odd in (*subtypes, {"bot_id": "B1"}, edited):
            under = where | {"thread_ts": card.surface["ts"], "ts": "1700000000.000100", "text": f"{MARKER} {odd}"}
            assert (await room.peer.send(event({"type": "message", **under, **odd})))["ok"]

        asked = await alice.replies_and_sees("We began with songs", card)
        assert "Is this your answer?" in asked.words
        await alice.presses("Keep it")
        assert "your answer is kept" in alice.sees.words
        await card_with(room, "1 heard from")
        # Who has answered goes on talking there undisturbed.
        calls = len(room.peer.calls)
        await alice.replies(f"{MARKER}, thanks everyone", card.surface["ts"])
        await asyncio.sleep(1)
        private = [call for call in room.peer.calls[calls:] if call["method"] == "chat.postEphemeral"]
        assert private == []
        assert not any(MARKER in str(line) for line in (*bot.lines, *bot.words))
        assert traces(fresh_database, tmp_path) == []
        await bot.stop()
        assert bot.trouble == []
        assert room.complaints() == []
        assert traces(fresh_database, tmp_path) == []
