"""The logs help whoever runs the bot, and give nothing away."""

import asyncio
import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.telemetry.logs import HIDDEN, cleaner, one_event, set_up

SLACK = "xoxb-" + "1234567890-1234567890123-AbCdEfGhIjKlMnOp"
DISCORD = "MTk4NjIyNDgzNDcxOTI1MjQ4" + ".Cl2FMQ." + "ZnCjm1XVW7vRze4b7Cq4se7kKWs"
Written = Callable[[], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, before = list(root.handlers), root.level, structlog.get_config()
    root.handlers.clear()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


@pytest.fixture
def written() -> Written:
    out = io.StringIO()
    set_up(level="info", form="json", secrets=["correct horse battery"], to=out)
    return lambda: [json.loads(line) for line in out.getvalue().splitlines()]


def test_lines_of_libraries_look_like_ours(written: Written) -> None:
    structlog.get_logger("bot.core.app").info("round opened", community=3)
    logging.getLogger("discord.gateway").warning("Shard %s is late", 2)
    ours, theirs = written()
    assert (ours["event"], ours["community"], ours["level"]) == ("round opened", 3, "info")
    assert (theirs["event"], theirs["logger"], theirs["level"]) == (
        "Shard 2 is late",
        "discord.gateway",
        "warning",
    )
    assert ours["timestamp"].endswith("Z")


async def test_event_id_is_on_every_line_of_an_event_in_any_thread(written: Written) -> None:
    log = structlog.get_logger("bot.core.app")
    with one_event(platform="slack") as event_id:
        await asyncio.to_thread(log.info, "handled")
        logging.getLogger("bot").info("sent")
    log.info("idle")
    handled, sent, idle = written()
    assert handled["event_id"] == sent["event_id"] == event_id
    assert handled["platform"] == "slack"
    assert "event_id" not in idle


async def test_concurrent_events_keep_their_own_ids(written: Written) -> None:
    async def handle(name: str) -> str:
        with one_event() as event_id:
            await asyncio.sleep(0)
            structlog.get_logger("bot").info(name)
            return event_id

    first, second = await asyncio.gather(handle("first"), handle("second"))
    assert {line["event"]: line["event_id"] for line in written()} == {"first": first, "second": second}
    assert first != second


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"refused {SLACK}!", f"refused {HIDDEN}!"),
        ("xoxe.xoxp-1-Mi0yLTE and xapp-1-A01-23-abc", f"{HIDDEN} and {HIDDEN}"),
        (f"login as {DISCORD} failed", f"login as {HIDDEN} failed"),
        ("'Authorization': 'Bot abc.def.ghi', 'Accept': 1", f"'Authorization': '{HIDDEN}', 'Accept': 1"),
        ("Authorization: Basic dXNlcjpwdw==\r\nHost: x", f"Authorization: {HIDDEN}\r\nHost: x"),
        ("sent Bearer abcdefghijklmnopqrstuv.w", f"sent Bearer {HIDDEN}"),
        ("postgresql://bot:s3cr:t@db/cop is down", f"postgresql://bot:{HIDDEN}@db/cop is down"),
        ("host=db password=s3cret user=bot", f"host=db password={HIDDEN} user=bot"),
        (
            "https://hooks.slack.com/actions/T1/2/x said 404",
            f"https://hooks.slack.com/{HIDDEN} said 404",
        ),
        ("/webhooks/42/aW50ZXJhY3Rpb246MTIzNDU2Nzg5/x", f"/webhooks/42/{HIDDEN}/x"),
        ("the correct horse battery", f"the {HIDDEN}"),
        ("the correct%20horse%20battery", f"the {HIDDEN}"),
    ],
)
def test_secrets_are_hidden_wherever_they_stand(written: Written, text: str, shown: str) -> None:
    logging.getLogger("bot").warning("%s", text)
    structlog.get_logger("bot").info("said", about={"inner": [text, (text,)]})
    whole, deep = written()
    assert whole["event"] == shown
    assert deep["about"] == {"inner": [shown, [shown]]}


def test_value_named_as_a_secret_is_hidden(written: Written) -> None:
    """Whatever it looks like."""
    structlog.get_logger("bot").info("login", token="abc", headers={"Authorization": "x"}, tries=2)
    (line,) = written()
    assert (line["token"], line["headers"], line["tries"]) == (HIDDEN, {"Authorization": HIDDEN}, 2)


@pytest.mark.parametrize("log", [structlog.get_logger("bot"), logging.getLogger("slack_bolt")])
def test_traceback_is_logged_without_secrets(written: Written, log: Any) -> None:
    try:
        raise ValueError(f"{SLACK} was refused")
    except ValueError:
        log.exception("failed")
    (line,) = written()
    assert f"ValueError: {HIDDEN} was refused" in line["exception"]
    assert "Traceback" in line["exception"]


@given(st.text(), st.text(), st.text(min_size=6))
def test_configured_secret_is_always_hidden(before: str, after: str, secret: str) -> None:
    cleaned = cleaner([secret])(before + secret + after)
    assert not any(secret in left for left in cleaned.split(HIDDEN))


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-11T16:00:00Z opened round 12 for Youth workers’ circle",
        "https://example.org/a:b@c is a link",
        "the bot is connected",
    ],
)
def test_ordinary_text_is_unchanged(text: str) -> None:
    assert cleaner(["abc", ""])(text) == text


def test_terminal_gets_plain_lines() -> None:
    out = io.StringIO()
    set_up(level="warning", form="console", to=out)
    structlog.get_logger("bot").info("not worth a line")
    structlog.get_logger("bot").warning("clock is late", seconds=3)
    assert "clock is late" in out.getvalue()
    assert "seconds=3" in out.getvalue()
    assert "not worth" not in out.getvalue()
    assert "\x1b" not in out.getvalue()


def test_debug_level_logs_no_payloads_of_libraries() -> None:
    out = io.StringIO()
    set_up(level="debug", form="json", to=out)
    logging.getLogger("discord.gateway").debug("For Shard ID None: WebSocket Event: what a member typed")
    structlog.get_logger("bot.core.app").debug("routed")
    assert [json.loads(line)["event"] for line in out.getvalue().splitlines()] == ["routed"]
