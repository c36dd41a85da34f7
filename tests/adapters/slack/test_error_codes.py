"""Every error code of Slack's reference has a meaning, and each meaning leads to what it should."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

import adapters.slack
from adapters.slack import error_codes, errors
from bot.core.platform import (
    Address,
    DirectMessage,
    InChannel,
    InThread,
    MessageGone,
    RetryAfter,
    RewriteRefused,
    TokenRefused,
    Undeliverable,
)

CHANNEL, THREAD, PERSON = InChannel("C1"), InThread("C1 1.1"), DirectMessage("T1-U1")
# Slack's methods are attributes of its client, with underscores.
CALL = re.compile(r"client\.((?:chat|views|auth|apps|conversations|users|files)_\w+)|\.(apps_connections_open)\b")


@pytest.fixture
def reference(shared: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared / "specs/slack/methods.json").read_text())
    return found


def called() -> set[str]:
    """Return the methods that the adapter calls, as Slack writes them."""
    found = {"oauth.v2.access"}
    for file in Path(adapters.slack.__path__[0]).glob("*.py"):
        found |= {(a or b).replace("_", ".") for a, b in CALL.findall(file.read_text())}
    return found


def refused(code: str, *, status: int = 200, headers: dict[str, str] | None = None) -> SlackApiError:
    answer = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="",
        req_args={},
        data={"ok": False, "error": code},
        headers=headers or {},
        status_code=status,
    )
    return SlackApiError("refused", answer)  # type: ignore[no-untyped-call]


def test_every_code_of_a_method_that_the_bot_calls_is_named(reference: dict[str, Any]) -> None:
    methods = called()
    assert {"chat.postMessage", "chat.update", "views.open", "users.info", "files.getUploadURLExternal"} <= methods
    missing = {code for method in methods for code in reference[method]["errors"] if code not in error_codes.NAMED}
    assert missing == set()


def test_every_code_of_the_reference_has_a_meaning(reference: dict[str, Any]) -> None:
    codes = {code for method in reference.values() for code in method["errors"]}
    assert len(codes) > 800
    assert {code for code in codes if error_codes.meaning(code) is None} == set()


def test_no_code_has_two_meanings() -> None:
    assert sum(len(list(codes)) for codes, _means in error_codes.CLASSES) == len(error_codes.NAMED)


@pytest.mark.parametrize(
    ("code", "to", "update", "expected"),
    [
        ("external_channel_migrating", CHANNEL, False, RetryAfter),
        ("external_channel_migrating", CHANNEL, True, RetryAfter),
        ("update_failed", CHANNEL, True, RetryAfter),
        ("token_expired", CHANNEL, False, TokenRefused),
        ("account_inactive", PERSON, False, TokenRefused),
        ("app_uninstalled", CHANNEL, True, TokenRefused),
        ("message_not_found", CHANNEL, True, MessageGone),
        ("thread_not_found", THREAD, False, MessageGone),
        ("cannot_reply_to_message", THREAD, False, MessageGone),
        ("cant_update_message", CHANNEL, True, RewriteRefused),
        ("edit_window_closed", THREAD, True, RewriteRefused),
        ("message_not_found", CHANNEL, False, "refused"),
        ("channel_not_found", CHANNEL, False, "channel gone"),
        ("channel_not_found", PERSON, False, "person gone"),
        ("messages_tab_disabled", PERSON, False, "direct messages closed"),
        ("user_not_found", PERSON, False, "person gone"),
        ("restricted_action_read_only_channel", CHANNEL, False, "no permission"),
        ("team_not_found", CHANNEL, False, "removed from the space"),
        ("invalid_blocks", CHANNEL, False, "refused"),
        ("a_code_of_tomorrow", CHANNEL, False, "refused"),
    ],
)
def test_meaning_depends_on_what_was_to_be_done(
    code: str, to: Address, update: bool, expected: type[Exception] | str
) -> None:
    failure = errors.meaning(refused(code), to, update=update)
    if isinstance(failure, Undeliverable):
        assert failure.why == expected
    else:
        assert type(failure) is expected


def test_what_slack_has_broken_may_have_arrived() -> None:
    """A refusal never did, so it isn't looked up before the next attempt."""
    for code, status in (("internal_error", 200), ("update_failed", 200), ("anything", 503)):
        failure = errors.meaning(refused(code, status=status), CHANNEL)
        assert isinstance(failure, RetryAfter)
        assert failure.fault
    for code in ("external_channel_migrating", "token_expired", "ratelimited"):
        failure = errors.meaning(refused(code), CHANNEL)
        assert isinstance(failure, RetryAfter)
        assert not failure.fault


def test_rate_limit_lasts_as_long_as_slack_says() -> None:
    failure = errors.meaning(refused("ratelimited", status=429, headers={"Retry-After": "7"}), CHANNEL)
    assert isinstance(failure, RetryAfter)
    assert (failure.after, failure.whole_lane) == (7.0, False)
