"""Settings: what is left out has a default, and what is mistyped is named."""

from pathlib import Path
from typing import Any

import pytest

from bot.settings import BadSettings, Settings, home, load

PASSWORD = "hunter2-and-more"
TOKEN = "xoxb-1234-5678-abcdef"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COP_HOME", str(tmp_path))


def test_defaults_reach_nobody_outside(tmp_path: Path) -> None:
    """With nothing set, the bot contacts nobody."""
    settings = load()
    assert settings.database == f"sqlite:///{tmp_path}/data/commonplace.db"
    assert settings.http_host == "127.0.0.1"
    # Where measurements and faults are reported. The second is a secret too, as each platform's token is.
    assert (settings.otel_endpoint, settings.sentry_dsn.get_secret_value()) == ("", "")
    assert settings.secrets == []


def test_command_line_wins_over_environment_and_environment_over_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path(".env").write_text("PORT=1001\nHTTP_PORT=1002\nCOP_ROOT=learn\n")
    monkeypatch.setenv("HTTP_PORT", "2002")
    monkeypatch.setenv("PORT", "2001")
    settings = load(port=3001)
    assert (settings.port, settings.http_port, settings.cop_root) == (3001, 2002, "learn")


def test_empty_value_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    assert load().port == 8765


def test_data_folder_moves_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COP_DATA", "/data")
    assert load().database == "sqlite:////data/commonplace.db"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("sqlite:///data/here.db", "sqlite:///{home}/data/here.db"),
        ("sqlite:////srv/there.db", "sqlite:////srv/there.db"),
        ("sqlite://", "sqlite://"),
        ("postgresql://bot@localhost/cop", "postgresql://bot@localhost/cop"),
    ],
)
def test_paths_start_in_the_installation_wherever_a_command_is_typed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str, expected: str
) -> None:
    (tmp_path / ".env").write_text(f"DATABASE_URL={given}\nCOP_DATA=kept\n")
    (elsewhere := tmp_path / "elsewhere").mkdir()
    (elsewhere / ".env").write_text("DATABASE_URL=sqlite:///another.db\n")
    monkeypatch.chdir(elsewhere)
    settings = load()
    assert (settings.database, settings.cop_data) == (expected.format(home=tmp_path), tmp_path / "kept")


def test_installation_is_the_folder_of_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COP_HOME")
    assert (home() / "bot" / "settings.py").exists()


def test_upper_case_choices_are_accepted() -> None:
    assert load(log_level="WARNING", log_format="JSON").log_level == "warning"


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("LOG_FORMAT", "xml", "LOG_FORMAT cannot be 'xml'. It must be one of 'console' or 'json'."),
        ("PORT", "eighty", "PORT cannot be 'eighty'. It must be a whole number from 0 to 65535."),
        ("HTTP_PORT", "70000", "HTTP_PORT cannot be '70000'. It must be a whole number from 0 to 65535."),
        ("METRICS", "perhaps", "METRICS cannot be 'perhaps'. It must be true or false."),
        ("COP_ROOT", "our club", "COP_ROOT cannot be 'our club'. The word that commands start with"),
        ("SLACK_BASE_URL", "slack", "It must be a web address that starts with https://."),
        ("DISCORD_GATEWAY_URL", "https://x.org", "It must be a web address that starts with wss://."),
    ],
)
def test_mistyped_setting_is_named_with_its_choices(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str, said: str
) -> None:
    monkeypatch.setenv(setting, value)
    with pytest.raises(BadSettings) as refusal:
        load()
    assert said in str(refusal.value)


def test_every_mistake_is_reported_at_once() -> None:
    with pytest.raises(BadSettings) as refusal:
        load(port="x", metrics="perhaps")
    assert [line.split()[0] for line in str(refusal.value).splitlines()] == ["METRICS", "PORT"]


@pytest.mark.parametrize("given", [{"slack_bot_token": [TOKEN]}, {"database_url": [PASSWORD]}])
def test_unusable_secret_is_not_repeated_in_the_error(given: dict[str, Any]) -> None:
    with pytest.raises(BadSettings) as refusal:
        load(**given)
    assert f"{next(iter(given)).upper()} cannot be used" in str(refusal.value)
    for hidden in (TOKEN, PASSWORD):
        assert hidden not in str(refusal.value)


def test_file_that_is_not_text_is_refused_in_words() -> None:
    Path(".env").write_bytes(b"\xff\xfe\x00LOG")
    with pytest.raises(BadSettings, match=r"cannot read .*\.env"):
        load()


def test_secrets_are_known_and_never_shown() -> None:
    settings = load(slack_bot_token=TOKEN, database_url=f"postgresql://bot:{PASSWORD}@localhost/cop")
    assert settings.secrets == [TOKEN, PASSWORD]
    assert TOKEN not in repr(settings)
    assert PASSWORD not in repr(settings)
