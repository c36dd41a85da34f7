"""Keys, settings that conflict, and the purge of a workspace, on the command line."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from sqlmodel import Session, select
from typer.testing import CliRunner

from bot.bootstrap.serve import platforms
from bot.cli import cli
from bot.cli.doctor import examine
from bot.cli.offline import bare_app
from bot.operations.encryption import TokenCipher, new_key
from bot.settings import BadSettings, Settings, load
from storage import database
from storage.communities.communities import Space
from storage.communities.installations import Installation
from storage.operations.audit_log import Audit

NOW = datetime(2025, 9, 22, 13, 0, tzinfo=UTC)
OLD, NEW = new_key(), new_key()
MANY = {
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "the client's secret",
    "COP_KEYS": OLD,
    "PUBLIC_ADDRESS": "https://bot.example.org",
    "SLACK_APP_TOKEN": "xapp-1",
}
TERMINAL = CliRunner()


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an empty folder, without any settings from the environment."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("COP_DATA", str(tmp_path))


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Return the URL of a database in which one workspace has installed the bot."""
    url = f"sqlite:///{tmp_path / 'commonplace.db'}"
    engine = database.connect(url)
    database.upgrade(engine)
    with Session(engine) as session, session.begin():
        session.add(Space(platform="slack", external="T1", name="peer"))
        locked = TokenCipher(OLD).lock("xoxb-1")
        session.add(Installation(platform="slack", space="T1", name="Peer", installed_at=NOW, locked=locked))
    engine.dispose()
    return url


def stored(url: str) -> tuple[list[str], list[str]]:
    """Return the locked tokens, and the details in the audit log."""
    engine = database.connect(url)
    with Session(engine) as session:
        told = list(session.exec(select(Installation.locked))), list(session.exec(select(Audit.detail)))
    engine.dispose()
    return told


def test_new_key_is_usable() -> None:
    said = TERMINAL.invoke(cli, ["keys", "new"])
    key = said.stdout.strip()
    assert TokenCipher(key).open(TokenCipher(key).lock("xoxb-1")) == "xoxb-1"
    assert TERMINAL.invoke(cli, ["keys", "new"]).stdout.strip() != key


def test_rotation_locks_every_token_with_the_first_key(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COP_KEYS", f"{NEW}, {OLD}")
    said = TERMINAL.invoke(cli, ["keys", "rotate"])
    assert said.exit_code == 0
    assert "Locked with the first key: 1." in said.stdout
    [locked], _notes = stored(database_url)
    assert TokenCipher(NEW).open(locked) == "xoxb-1"
    monkeypatch.setenv("COP_KEYS", OLD)
    refused = TERMINAL.invoke(cli, ["keys", "rotate"])
    assert refused.exit_code == 1
    assert "slack:T1" in refused.stderr
    assert stored(database_url) == ([locked], [])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"COP_KEYS": ""}, "COP_KEYS"),
        ({"COP_KEYS": "secret-that-is-no-key"}, "cop keys new"),
        ({"SLACK_CLIENT_SECRET": ""}, "SLACK_CLIENT_SECRET must be set too"),
        ({"SLACK_CLIENT_ID": ""}, "SLACK_CLIENT_ID must be set too"),
        ({"PUBLIC_ADDRESS": ""}, "PUBLIC_ADDRESS must be set too"),
        ({"PUBLIC_ADDRESS": "http://bot.example.org"}, "https://"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "only one of them"),
    ],
)
def test_conflicting_settings_are_refused_by_start_and_doctor(
    change: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both say in words which settings don't go together."""
    for name, value in {**MANY, **change}.items():
        monkeypatch.setenv(name, value)
    settings = load(env_file=None)
    with pytest.raises(BadSettings, match=words) as refused:
        platforms(settings, bare_app(settings))
    said = TERMINAL.invoke(cli, ["run"])
    assert said.exit_code == 1
    assert words in said.stderr
    check = asyncio.run(examine(settings))[-1]
    assert not check.ok
    for text in (str(refused.value), said.stderr, check.fix):
        assert "secret-that-is-no-key" not in text
        assert OLD not in text


def test_every_key_is_hidden_in_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COP_KEYS", f"{NEW}, {OLD}")
    assert {NEW, OLD} <= set(load(env_file=None).secrets)


def test_manifest_names_the_redirect_address(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "redirect_urls" not in TERMINAL.invoke(cli, ["manifest", "slack"]).stdout
    for name, value in MANY.items():
        monkeypatch.setenv(name, value)
    made = yaml.safe_load(TERMINAL.invoke(cli, ["manifest", "slack"]).stdout)
    assert made["oauth_config"]["redirect_urls"] == ["https://bot.example.org/slack/oauth"]
    assert {"app_uninstalled", "tokens_revoked"} <= set(made["settings"]["event_subscriptions"]["bot_events"])


def test_purge_lists_what_it_deletes_and_asks(database_url: str) -> None:
    asked = TERMINAL.invoke(cli, ["purge", "slack:T1"], input="Peer\n")
    assert f"To be deleted of peer (slack:T1) from {database_url.removeprefix('sqlite:///')}:" in asked.stdout
    assert "1  installations" in asked.stdout
    assert asked.exit_code == 1
    assert "Nothing was deleted" in asked.stderr
    assert len(stored(database_url)[0]) == 1
    done = TERMINAL.invoke(cli, ["purge", "slack:T1"], input="peer\n")
    assert done.exit_code == 0
    assert "Deleted." in done.stdout
    tokens, [note] = stored(database_url)
    assert tokens == []
    assert "1 installations" in note
    assert "T1" not in note
    again = TERMINAL.invoke(cli, ["purge", "slack:T1", "--yes"])
    holds_nothing = f"{database_url.removeprefix('sqlite:///')} holds nothing of slack:T1.\n"
    assert (again.exit_code, again.stdout) == (0, holds_nothing)
    assert stored(database_url) == ([], [note])


@pytest.mark.parametrize("typed", ["", "T1", "slack:", "irc:x", "slack:T1;drop", "discord:é"])
def test_purge_of_no_space_is_refused_in_words(database_url: str, typed: str) -> None:
    said = TERMINAL.invoke(cli, ["purge", typed, "--yes"])
    assert said.exit_code == 1
    assert "slack:T0123ABCD" in said.stderr
    assert len(stored(database_url)[0]) == 1
