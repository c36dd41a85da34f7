"""Fixtures: a Slack peer for each test, and the real adapter connected to it."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from adapters.slack import handlers
from adapters.slack.adapter import Slack
from adapters.slack.workspaces import SingleWorkspace, SlackWorkspace
from tests.adapters.slack.pretend import SHARED, Pretend
from tests.support.ports import keep_slack_peer_from_the_kernels_ports

PATIENCE_S = 60.0
# The test kit's SlackPeer.
Peer = Any
Connect = Callable[..., AbstractAsyncContextManager[Slack]]


def node_modules() -> Path:
    """Return where the Slack peer's npm packages are."""
    built = Path(__file__).resolve().parents[3] / "build/slack-peer/node_modules"
    return Path(os.environ.get("SLACK_PEER_NODE_MODULES") or built)


@pytest.fixture
def shared() -> Path:
    if not SHARED.exists():
        pytest.skip("needs: ../shared")
    return SHARED


@pytest.fixture
async def peer(shared: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Peer]:
    """Slack, which waits longer for an acknowledgement, since the machine may be busy."""
    if not (node_modules() / "emulate").exists():
        pytest.skip("needs: npm ci of ../shared/peers/slack in build/slack-peer")
    from peers.slack import hub
    from peers.slack.hub import SlackPeer

    monkeypatch.setattr(hub, "ACK_SECONDS", PATIENCE_S)
    keep_slack_peer_from_the_kernels_ports()
    events = ["app_mention", "message.im", "message.channels", "app_home_opened"]

    class Patient(SlackPeer):  # type: ignore[misc]
        async def until(self, condition: Callable[[], Any], timeout: float = 0.0) -> Any:
            return await super().until(condition, max(timeout, PATIENCE_S))

    async with Patient(events=events, node_modules=str(node_modules())) as peer:
        yield peer


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a form wait for its outcome for longer than any test, so that what happens doesn't depend on the machine."""
    monkeypatch.setattr(handlers, "ACK_TIMEOUT", 10 * PATIENCE_S)


@pytest.fixture
def app() -> Pretend:
    return Pretend()


@pytest.fixture
def connect(peer: Peer, app: Pretend) -> Connect:
    @asynccontextmanager
    async def connected(mode: str = "socket") -> AsyncIterator[Slack]:
        env = peer.env()
        slack = Slack(
            app,
            bot_token=env["SLACK_BOT_TOKEN"],
            app_token=env["SLACK_APP_TOKEN"] if mode == "socket" else "",
            signing_secret=env["SLACK_SIGNING_SECRET"] if mode == "http" else "",
            base_url=env["SLACK_BASE_URL"],
        )
        running = asyncio.create_task(slack.run())
        server = await _serve(slack, peer) if mode == "http" else None
        try:
            await peer.until(lambda: slack.ready)
            yield slack
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
            if server:
                await server.cleanup()

    return connected


def the_one(slack: Slack) -> SlackWorkspace:
    """Return the only workspace of a bot."""
    assert isinstance(slack.workspaces, SingleWorkspace)
    return slack.workspaces.only


async def _serve(slack: Slack, peer: Peer) -> web.AppRunner:
    site = web.Application()
    slack.routes(site)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    peer.bot_url = f"http://{host}:{port}/slack/events"
    return runner
