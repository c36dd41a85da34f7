"""What is late, stuck, or refused: every way of asking gives the same, correct answer."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import structlog
from prometheus_client import REGISTRY
from sqlalchemy import Engine
from sqlmodel import Session
from typer.testing import CliRunner

from bot.bootstrap import process
from bot.bootstrap.process import Process
from bot.cli import cli
from bot.core.app import App
from bot.core.clock import RealClock
from bot.core.platform import Undeliverable
from bot.features import ALL
from bot.operations import health
from bot.operations.health import LATE, SLOW, check, facts
from bot.telemetry.logs import set_up
from storage.messaging import outbox, timers
from tests.support.chat import START, Chat
from tests.support.community import actors, create_community


def state(chat: Chat) -> health.Health:
    with Session(chat.engine) as session:
        return check(session, chat.clock.now(), {})


def figure(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(f"commonplace_{name}", labels)


def test_quiet_bot_is_healthy(chat: Chat) -> None:
    create_community(chat)
    assert state(chat).ok
    assert state(chat).communities == 1


def test_timer_is_overdue_after_two_minutes(chat: Chat) -> None:
    community = create_community(chat)
    with Session(chat.engine) as session, session.begin():
        timers.put(session, community, "rounds.close", "1", START)
    chat.clock.move(START + LATE)
    assert (state(chat).overdue, state(chat).overdue_for, state(chat).ok) == (0, LATE, True)
    chat.clock.move(START + LATE + timedelta(seconds=1))
    assert (state(chat).overdue, state(chat).ok) == (1, False)
    health.export_metrics(state(chat))
    assert (figure("timers_overdue"), figure("oldest_timer_seconds")) == (1.0, 121.0)


def test_timer_with_a_failing_handler_is_failing_and_not_overdue(chat: Chat) -> None:
    """It isn't overdue until it should have been tried again."""
    community = create_community(chat)
    with Session(chat.engine) as session, session.begin():
        row = timers.put(session, community, "rounds.close", "1", START)
        row.attempts, row.retry_at, row.reference = 3, START + timedelta(hours=1), "ABCD"
    chat.clock.move(START + timedelta(minutes=30))
    assert (state(chat).overdue, state(chat).failing, state(chat).ok) == (0, 1, False)


def test_message_is_slow_after_a_quarter_of_an_hour(chat: Chat) -> None:
    """A message that is held until the morning isn't slow."""
    create_community(chat)
    with Session(chat.engine) as session, session.begin():
        for key, may_go in (("a@1", START), ("b@1", START + timedelta(hours=9))):
            outbox.put(session, key=key, platform="x", space="", address="", message="", now=START, not_before=may_go)
    chat.clock.move(START + SLOW)
    assert (state(chat).waiting, state(chat).slow) == (2, False)
    chat.clock.move(START + SLOW + timedelta(seconds=1))
    assert (state(chat).waiting_for, state(chat).ok) == (SLOW + timedelta(seconds=1), False)
    health.export_metrics(state(chat))
    assert (figure("oldest_delivery_seconds"), figure("outbox", state="waiting")) == (901.0, 2.0)


def test_refusals_of_a_platform_are_counted_by_reason(chat: Chat) -> None:
    create_community(chat)
    chat.unreachable["zed"] = "direct messages closed"
    zed = chat.person("Zed")
    before = figure("refusals_total", platform="pretend", reason="direct messages closed") or 0
    zed.types("join")
    zed.presses("Join")
    assert state(chat).undelivered == 1
    assert figure("refusals_total", platform="pretend", reason="direct messages closed") == before + 1


def test_status_command_shows_the_facts_of_health(chat: Chat) -> None:
    create_community(chat)
    chat.app.component_status = lambda: {"clock": True, "slack": False}
    said = chat.person("Ada", manages=True).types("status", root="admin")
    with Session(chat.engine) as session:
        now = check(session, chat.clock.now(), chat.app.component_status(), 1)
    for name, value in facts(now):
        assert f"{name}: {value}" in said
    assert "clock, slack does NOT" in said
    assert "needs a look" in said


def test_terminal_status_shows_the_facts_of_health(chat: Chat, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    create_community(chat)
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    # Nothing answers on this port.
    monkeypatch.setenv("HTTP_PORT", "1")
    said = CliRunner().invoke(cli, ["status"])
    with Session(engine) as session:
        expected = facts(check(session, RealClock().now(), {}))
    assert said.exit_code == 1
    assert "No bot answers at http://127.0.0.1:1/readyz" in said.stdout
    for name, value in expected:
        assert f"{name}: {value}" in said.stdout
    told = json.loads(CliRunner().invoke(cli, ["status", "--json"]).stdout)
    assert (told["well"], told["communities"], told["overdue"]) == (False, 1, 0)


def test_database_of_another_version_is_reported_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")
    said = CliRunner().invoke(cli, ["status"])
    assert said.exit_code == 1
    assert "cop doctor" in said.stderr


async def test_readiness_fails_while_the_clock_does_not_tick(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "LATEST_TICK", timedelta(seconds=0.3))
    monkeypatch.setattr("scheduler.timer_loop.HEARTBEAT", timedelta(seconds=0.1))
    app = App(ALL, engine, lambda: datetime.now(UTC))
    work = Process(app, RealClock(), {})
    assert (await work.readiness())["clock"] is False
    await work.timer_loop.start()
    await until_ready(work, True)
    work.timer_loop.scheduler.pause()
    await until_ready(work, False)
    work.timer_loop.scheduler.resume()
    await until_ready(work, True)
    await work.timer_loop.stop()


async def until_ready(work: Process, ready: bool) -> None:
    async with asyncio.timeout(20):
        while (await work.readiness())["clock"] is not ready:
            await asyncio.sleep(0.02)


async def test_readiness_fails_without_a_platform_or_the_database(engine: Engine) -> None:
    app = App(ALL, engine, lambda: datetime.now(UTC))
    slack = SimpleNamespace(name="slack", ready=True)
    work = Process(app, RealClock(), {"slack": slack})
    assert (await work.readiness())["slack"] is True
    slack.ready = False
    assert (await work.readiness())["slack"] is False
    assert (await work.readiness())["database"] is True
    app.read_engine = SimpleNamespace()  # type: ignore[assignment]
    assert (await work.readiness())["database"] is False
    assert figure("ready", part="database") == 0.0


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level, before = list(root.handlers), root.level, structlog.get_config()
    out = io.StringIO()
    set_up("info", "json", to=out)
    yield out
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


def test_event_id_is_logged_from_event_to_delivery(chat: Chat, lines: io.StringIO) -> None:
    """A rewritten message is logged under the id of the event that rewrote it."""
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open What did you try?")
    mei.types("answer")
    mei.fills(body="Silent starts")
    written = [json.loads(line) for line in lines.getvalue().splitlines()]
    handled = {line["event_id"]: line["kind"] for line in written if line["event"] == "handled"}
    arrived = [line for line in written if line["event"] == "delivered"]
    assert [handled[line["event_id"]] for line in arrived] == ["rounds.opened", "rounds.answer"]
    assert {line["platform"] for line in arrived} == {"pretend"}
    assert "Silent" not in lines.getvalue()
    assert "What did you try" not in lines.getvalue()


def test_each_timer_of_a_batch_has_its_own_event_id(chat: Chat, lines: io.StringIO) -> None:
    for number in range(3):
        create_community(chat, [], name=f"Group {number}", channel=f"room-{number}", facilitator=f"Lead{number}")
        lead = chat.person(f"Lead{number}")
        lead.channel = f"room-{number}"
        lead.types("checkin open What did you try?")
    chat.wait(days=10)
    written = [json.loads(line) for line in lines.getvalue().splitlines()]
    closed = [line["event_id"] for line in written if line["event"] == "handled" and line["kind"] == "rounds.close"]
    assert len(set(closed)) == len(closed) == 3
    assert set(closed) <= {line["event_id"] for line in written if line["event"] == "delivered"}


def test_refused_delivery_is_logged_under_the_id_of_its_event(chat: Chat, lines: io.StringIO) -> None:
    """A refusal can be followed back to the event that asked for the message."""
    create_community(chat)
    chat.unreachable["general"] = "not in the channel"
    [ben] = actors(chat, "Ben")
    ben.types("checkin open What did you try?")
    written = [json.loads(line) for line in lines.getvalue().splitlines()]
    [event] = [line["event_id"] for line in written if line["event"] == "handled" and line["kind"] == "rounds.opened"]
    [refused] = [line for line in written if line["event"].startswith("not delivered")]
    assert (refused["event_id"], refused["event"]) == (event, "not delivered: not in the channel")
    assert "not in the channel" in Undeliverable.REASONS
