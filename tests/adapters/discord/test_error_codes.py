"""Every error code, HTTP status, and close code of Discord's documentation has a meaning."""

import os
import re
from pathlib import Path

import discord
import pytest

from adapters.discord import errors
from adapters.discord.client import keeps_out
from bot.core.platform import Undeliverable

REFERENCE = "developers/topics/opcodes-and-status-codes.mdx"
ROW = re.compile(r"^\| *(\d+|5xx)[ |(]", re.MULTILINE)
# After these, connecting again may help.
CONNECT_AGAIN = {4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009}
# Each attempt to connect counts toward a limit of a day, so after these it is not tried.
KEPT_OUT = {4004, 4010, 4011, 4012, 4013, 4014}
# These aren't failures.
FINE = {"200", "201", "204", "304"}


@pytest.fixture
def reference() -> str:
    """Discord's page, which isn't part of ../shared: its API description there names no codes."""
    if not (folder := os.environ.get("DISCORD_API_DOCS")):
        pytest.skip("DISCORD_API_DOCS names no checkout of discord/discord-api-docs")
    return (Path(folder) / REFERENCE).read_text()


def codes(reference: str, heading: str) -> set[str]:
    """Return the first column of the table under a heading."""
    return set(ROW.findall(reference.partition(heading)[2].partition("\n#")[0]))


def test_every_code_of_the_documentation_has_a_meaning(reference: str) -> None:
    found = {int(code) for code in codes(reference, "###### JSON Error Codes")}
    assert len(found) > 200
    assert found - errors.CODES.keys() == set()
    statuses = codes(reference, "###### HTTP Response Codes") - FINE
    assert {code for code in statuses if code[0] != "5" and int(code) not in errors.STATUSES} == set()
    assert codes(reference, "###### Gateway Close Event Codes") == {str(code) for code in CONNECT_AGAIN | KEPT_OUT}


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
    """A look at the reference that needs no copy of it."""
    backend = pytest.importorskip("simcord.backend.errors")
    known = {int(code) for code in re.findall(r"BackendError\(\w+, (\d{5,6})", Path(backend.__file__).read_text())}
    assert len(known) > 20
    # Discord's documentation lists neither.
    assert known - errors.CODES.keys() <= {10000, 40022}
