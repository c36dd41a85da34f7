"""The bot as its own process in two workspaces: both install it and use it, and one removes it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.operations.encryption import new_key
from tests.adapters.slack.front import HOME, NAMES, OTHER, Front, command, event, front
from tests.adapters.slack.many import Browser
from tests.conformance import story
from tests.conformance.conftest import running
from tests.conformance.people import card_with, until
from tests.conformance.process import START_S, Bot
from tests.conformance.slack_people import SlackRoom
from tests.support.ports import free_port

pytestmark = [pytest.mark.conformance, pytest.mark.slow]
QUESTION = "What did you notice?"


def settings(room: SlackRoom, played: Front, port: int, key: str) -> dict[str, str]:
    many = played.settings(f"http://127.0.0.1:{port}")
    return {**room.environment(), **many, "SLACK_BOT_TOKEN": "", "COP_KEYS": key, "HTTP_PORT": str(port)}


async def install(bot: Bot, played: Front, port: int, *teams: str) -> None:
    somebody = Browser(played, f"http://127.0.0.1:{port}")
    for team in teams:
        page = await somebody.installs(team)
        assert f"Commonplace is in {NAMES[team]}" in page.words, bot.trouble
    await somebody.http.close()


async def test_two_workspaces_install_use_and_remove_the_bot(slack: SlackRoom, tmp_path: Path) -> None:
    peer, port, key = slack.peer, free_port(), new_key()
    async with front(peer) as played:
        async with running(tmp_path, settings(slack, played, port, key)) as bot:
            await bot.until(_there(slack, bot))
            await install(bot, played, port, HOME, OTHER)

            await story.begins(slack)
            await slack.ada.types(f"checkin open {QUESTION}", "facilitate")
            card = await card_with(slack, QUESTION)
            assert (await peer.send(command(peer, "help")))["ok"]
            await until(_answered(played), "an answer in the second workspace")

            played.take_out(HOME)
            assert (await peer.send(event({"type": "app_uninstalled"}, HOME, at=int(time.time()))))["ok"]
            await until(_refused(slack), "word that it was taken out")
            assert bot.logged("taken out of a space")
            assert (await peer.send(command(peer, "help")))["ok"]

            await install(bot, played, port, HOME)
            await slack.alice.presses("Answer", card)
            # The card from before still works.
            assert "Joining takes one click" in slack.alice.sees.words
            async with ClientSession() as http, http.get(f"http://127.0.0.1:{port}/readyz") as ready:
                assert ready.status == 200
            await bot.stop()
            assert bot.trouble == []
            _nowhere([*played.given, key], bot, tmp_path)

        # After a restart it still knows both.
        async with running(tmp_path, settings(slack, played, port, key)) as again:
            await again.until(_there(slack, again))
            await slack.bob.types("help")
            assert slack.bob.sees.words
            await again.stop()

        async with running(tmp_path, settings(slack, played, port, new_key())) as shut:
            assert await shut.ended() == 1
            assert "COP_KEYS" in " ".join(shut.words)


def _nowhere(secrets: list[str], bot: Bot, folder: Path) -> None:
    """Assert that no secret is in the log or any file."""
    assert len(secrets) == 4
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for secret in secrets:
        assert secret not in repr(bot.lines) + repr(bot.words)
        assert secret.encode() not in kept


async def _there(room: SlackRoom, bot: Bot) -> None:
    await bot.listening()
    await room.peer.connected(START_S)
    await asyncio.wait_for(bot.warm(), START_S)


def _answered(played: Front) -> Callable[[], Awaitable[bool]]:
    async def answered() -> bool:
        return bool(played.sent("users.info", OTHER))

    return answered


def _refused(room: SlackRoom) -> Callable[[], Awaitable[bool]]:
    """Return whether a command in the workspace that removed the bot is answered with that, at once."""

    async def refused() -> bool:
        said = await room.peer.send(command(room.peer, "help", HOME, room.ada.id))
        return "not installed in this workspace" in ((said["body"] or {}).get("text") or "")

    return refused
