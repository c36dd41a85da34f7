"""Every error code, HTTP status, and close code of Discord's documentation has a meaning."""

import os
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from adapters.discord import errors
from adapters.discord.client import keeps_out
from bot.core.platform import RetryAfter, Undeliverable
from tests.adapters.discord import documented_codes

REFERENCE = "developers/topics/opcodes-and-status-codes.mdx"
ROW = re.compile(r"^\| *(\d+|5xx)[ |(]", re.MULTILINE)
# After these, connecting again may help.
CONNECT_AGAIN = {4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009}
# Each attempt to connect counts toward a limit of a day, so after these it is not tried.
KEPT_OUT = {4004, 4010, 4011, 4012, 4013, 4014}
# These aren't failures.
FINE = {"200", "201", "204", "304"}


def codes(page: str, heading: str) -> frozenset[str]:
    """Return the first column of the table under a heading."""
    return frozenset(ROW.findall(page.partition(heading)[2].partition("\n#")[0]))


def test_documented_codes_are_those_of_the_documentation() -> None:
    if not (folder := os.environ.get("DISCORD_API_DOCS")):
        pytest.skip("DISCORD_API_DOCS names no checkout of discord/discord-api-docs")
    page = (Path(folder) / REFERENCE).read_text()
    assert codes(page, "###### JSON Error Codes") == documented_codes.ERRORS
    assert codes(page, "###### HTTP Response Codes") == documented_codes.STATUSES
    assert codes(page, "###### Gateway Close Event Codes") == documented_codes.CLOSE_CODES


def test_every_code_of_the_documentation_has_a_meaning() -> None:
    assert len(documented_codes.ERRORS) > 200
    assert {int(code) for code in documented_codes.ERRORS} - errors.CODES.keys() == set()
    statuses = documented_codes.STATUSES - FINE
    assert {code for code in statuses if code[0] != "5" and int(code) not in errors.STATUSES} == set()
    assert documented_codes.CLOSE_CODES == {str(code) for code in CONNECT_AGAIN | KEPT_OUT}


def test_no_code_has_two_meanings() -> None:
    assert sum(len(set(codes)) for codes, _means in errors.CLASSES) == len(errors.CODES)


def test_every_refusal_is_a_reason() -> None:
    passing = {"wait", "token refused", "message gone", "thread closed", "rewrite refused"}
    assert {*errors.CODES.values(), *errors.STATUSES.values()} - passing <= set(Undeliverable.REASONS)


@pytest.mark.parametrize("code", sorted(CONNECT_AGAIN | KEPT_OUT))
def test_close_code_says_whether_connecting_again_may_help(code: int) -> None:
    closed = discord.ConnectionClosed(type("Socket", (), {"close_code": code})(), shard_id=None, code=code)
    assert bool(keeps_out(closed)) is (code in KEPT_OUT)


def test_codes_that_the_peer_knows_have_a_meaning() -> None:
    """Also those that Discord uses and does not document."""
    backend = pytest.importorskip("simcord.backend.errors")
    known = {int(code) for code in re.findall(r"BackendError\(\w+, (\d{5,6})", Path(backend.__file__).read_text())}
    assert len(known) > 20
    # Discord's documentation lists neither.
    assert known - errors.CODES.keys() <= {10000, 40022}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Retry-After": "7", "Via": "1.1 google"}, (7.0, False)),
        ({"Retry-After": "7"}, (7.0, True)),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT", "Via": "1.1 google"}, (errors.LATER, False)),
        ({"Via": "1.1 google"}, (errors.SOON, False)),
    ],
)
def test_rate_limit_lasts_as_long_as_discord_says(headers: dict[str, str], expected: tuple[float, bool]) -> None:
    answer: Any = SimpleNamespace(status=429, reason="", headers=headers)
    unused: Any = None
    failure = errors.translate(discord.HTTPException(answer, "slower"), unused, unused)
    assert isinstance(failure, RetryAfter)
    assert (failure.after, failure.whole_lane) == expected
