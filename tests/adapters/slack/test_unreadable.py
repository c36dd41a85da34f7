"""Requests that Bolt can't read or route: answered so that Slack doesn't send them again, with one line in the log."""

import json
import logging
import random
from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture
from structlog.testing import capture_logs

from bot.core.events import Event
from bot.core.platform import RetryAfter
from bot.ui import Form, Reply
from tests.adapters.slack.conftest import Connect, Peer
from tests.adapters.slack.pretend import ANSWER, MODES, Pretend
from tests.fuzz.change import changed
from tests.fuzz.from_slack import VOCABULARY

UNREADABLE = "a request of Slack can’t be read"
# Of each recorded request, by delivery mode. On a socket each takes longer.
MUTATIONS = {"http": 8, "socket": 2}
SHAPES: list[Any] = [
    {},
    {"type": "event_callback"},
    {"type": "event_callback", "event": None},
    {"type": "event_callback", "event": "type"},
    {"type": "event_callback", "event": {"type": ["message"]}},
    {"type": "event_callback", "authorizations": [None], "event": {"type": "app_mention"}},
    {"type": "block_actions", "actions": []},
    {"type": "block_actions", "actions": None},
    {"type": "block_actions", "actions": [{"action_id": None, "type": "button"}]},
    {"type": "view_submission", "view": None},
    {"type": "view_submission", "view": {"callback_id": None}},
    {"type": "of tomorrow"},
    {"type": None, "team": {"id": []}, "user": {"id": {}}},
]


@pytest.mark.parametrize("shape", SHAPES, ids=json.dumps)
@MODES
async def test_odd_shape_is_answered(peer: Peer, app: Pretend, connect: Connect, mode: str, shape: Any) -> None:
    with capture_logs() as lines:
        async with connect(mode):
            result = await peer.send(shape)
    assert result.get("acked") or result["status"] in (200, 400), result
    assert len([line for line in lines if line["event"] == UNREADABLE]) <= 1
    assert [line for line in lines if line["log_level"] in ("error", "critical") or line.get("exc_info")] == []


@MODES
async def test_mutated_requests_are_answered(
    peer: Peer, app: Pretend, connect: Connect, mode: str, shared: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rng = random.Random(8)
    files = sorted((shared / "payloads/slack").glob("*.json"))
    bad: list[tuple[str, bytes, Any]] = []
    with caplog.at_level(logging.WARNING), capture_logs() as lines:
        async with connect(mode):
            for file in files:
                for _time in range(MUTATIONS[mode]):
                    mutation = changed(file.read_bytes(), rng, VOCABULARY)
                    # The peer can't write lone surrogates in a form.
                    if mutation is None or b"\\ud800" in mutation:
                        continue
                    result = await peer.send(json.loads(mutation))
                    if not result.get("acked") and result.get("status") not in (200, 400):
                        bad.append((file.name, mutation, result))
    assert bad == []
    assert [record.getMessage() for record in caplog.records if record.exc_info or "\n" in record.getMessage()] == []
    assert [line for line in lines if line["log_level"] in ("error", "critical") or line.get("exc_info")] == []


@pytest.mark.usefixtures("patience")
async def test_form_that_the_bot_fails_on_stays_open(peer: Peer, app: Pretend, connect: Connect) -> None:
    """It isn't taken for one that can't be read, whatever the bot raised."""

    def fail(event: Event) -> Reply:
        if type(event).__name__ == "Submission":
            raise KeyError("a fault of our own")
        return ANSWER

    app.says = fail
    async with connect("http"):
        await peer.alice.slash("/cop", "answer", "general")
        view = (await peer.until(lambda: peer.sent("views.open")))[0]["reply"]["view"]
        assert (await peer.alice.submit(view, {}))["status"] == 500


@pytest.mark.usefixtures("patience")
async def test_form_without_fields_that_the_bot_fails_on_stays_open(peer: Peer, app: Pretend, connect: Connect) -> None:
    def fail(event: Event) -> Reply:
        if type(event).__name__ == "Submission":
            raise KeyError("a fault of our own")
        return Form("data.delete", "Delete my data", (), intro="You can’t undo this.")

    app.says = fail
    async with connect("http"):
        await peer.alice.slash("/cop", "data delete", "general")
        view = (await peer.until(lambda: peer.sent("views.open")))[0]["reply"]["view"]
        assert (await peer.alice.submit(view, {}))["status"] == 500


@pytest.mark.usefixtures("patience")
async def test_form_stays_open_while_the_workspace_is_not_known(
    peer: Peer, app: Pretend, connect: Connect, mocker: MockerFixture
) -> None:
    app.says = lambda _event: ANSWER
    async with connect("http") as slack:
        await peer.alice.slash("/cop", "answer", "general")
        view = (await peer.until(lambda: peer.sent("views.open")))[0]["reply"]["view"]
        mocker.patch.object(slack.workspaces, "find", side_effect=RetryAfter(30.0, whole_lane=True))
        assert (await peer.alice.submit(view, {"body": "The first ten minutes"}))["status"] == 500


@MODES
async def test_fault_while_answering_is_logged_as_our_own(
    peer: Peer, app: Pretend, connect: Connect, mode: str
) -> None:
    """Events are acknowledged before they are handled, and what failed then could be read."""

    def fail(_event: Event) -> Reply:
        raise KeyError("a fault of our own")

    app.says = fail
    with capture_logs() as lines:
        async with connect(mode):
            await peer.bob.post("<@U0BOT00001> help", "general")
            await peer.until(lambda: [line for line in lines if line["log_level"] == "error"])
    assert [line["event"] for line in lines if line["log_level"] == "error"] == ["a request of Slack was not handled"]
    assert UNREADABLE not in [line["event"] for line in lines]
