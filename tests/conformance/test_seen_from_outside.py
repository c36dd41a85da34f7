"""What can be seen of the bot from outside: readiness, metrics, `cop status`, and logs with one id all the way."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.conformance import story
from tests.conformance.conftest import Run, open_room
from tests.conformance.discord_people import DiscordRoom
from tests.conformance.people import card_with, until
from tests.conformance.process import ROOT, Bot

pytestmark = [pytest.mark.conformance, pytest.mark.slow]
QUESTION = "What did you notice on Tuesday?"


async def asked(bot: Bot, path: str) -> tuple[int, str]:
    async with ClientSession() as http, http.get(f"http://127.0.0.1:{bot.port}{path}") as answer:
        return answer.status, await answer.text()


async def ready(bot: Bot) -> tuple[int, dict[str, bool]]:
    """Return the status code, and which parts work."""
    code, said = await asked(bot, "/readyz")
    return code, {part: works for part, works in json.loads(said).items() if isinstance(works, bool)}


async def status(bot: Bot, folder: Path, database: str) -> tuple[int, dict[str, Any]]:
    """Run `cop status --json`, and return its exit code and what it prints."""
    environment = {
        **os.environ,
        "COP_HOME": str(folder),
        "COP_DATA": str(folder),
        "DATABASE_URL": database,
        "HTTP_PORT": str(bot.port),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "status", "--json"),
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, json.loads(out)


async def test_readiness_metrics_and_logs_tell_what_is_late_or_stuck(
    run: Run, tmp_path: Path, fresh_database: str
) -> None:
    """One id leads from an event to its delivery."""
    async with open_room("discord") as room:
        assert isinstance(room, DiscordRoom)
        bot = await run(room, METRICS="true")
        await story.begins(room)
        await room.ada.types(f"checkin open {QUESTION}", "facilitate")
        await card_with(room, QUESTION)

        assert await ready(bot) == (200, {"clock": True, "database": True, "discord": True})

        async def is_delivered() -> bool:
            return bool(bot.of_one_event("rounds.opened"))

        await until(is_delivered, "the delivery in the log")

        ended, standing = await status(bot, tmp_path, fresh_database)
        assert (ended, standing["well"], standing["process"]["answered"]) == (0, True, True)
        assert standing["parts"] == {"clock": True, "database": True, "discord": True}
        assert standing["communities"] == 1
        told = await room.ada.types("status", "admin")
        assert "clock, discord" in told.words
        assert standing["database"] in told.words

        figures = (await asked(bot, "/metrics"))[1]
        assert 'commonplace_ready{part="clock"} 1.0' in figures
        assert 'commonplace_deliveries_total{outcome="ok",platform="discord"}' in figures
        for typed in (QUESTION, "Tuesday", story.NAME, "library"):
            assert typed not in figures

    async def away() -> bool:
        return (await ready(bot))[0] == 503

    await until(away, "a platform that is gone to be noticed")
    assert (await ready(bot))[1] == {"clock": True, "database": True, "discord": False}
    ended, standing = await status(bot, tmp_path, fresh_database)
    assert (ended, standing["well"], standing["parts"]["discord"]) == (1, False, False)
    assert 'commonplace_ready{part="discord"} 0.0' in (await asked(bot, "/metrics"))[1]
    await bot.kill()
    ended, standing = await status(bot, tmp_path, fresh_database)
    assert (ended, standing["process"]["answered"]) == (1, False)
