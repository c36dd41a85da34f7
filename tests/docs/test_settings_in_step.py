"""The documented settings are the settings there are."""

from pathlib import Path

from dotenv import dotenv_values

from bot.devtools.settings_docs import ENV_EXAMPLE, PAGE, env_example, page
from bot.settings import Settings, load

RENEW = "The settings changed. Run `make docs` and commit what it writes."


def test_example_file_is_in_step() -> None:
    assert ENV_EXAMPLE.read_text(encoding="utf-8") == env_example(Settings), RENEW


def test_settings_reference_is_in_step() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(Settings), RENEW


def test_every_setting_says_what_it_is_for() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert "|" not in field.description, f"{name}: a bar would break the table"


def test_unchanged_example_file_has_no_effect() -> None:
    assert load(ENV_EXAMPLE) == load(None)


def test_example_line_is_accepted_when_switched_on(tmp_path: Path) -> None:
    copy = tmp_path / ".env"
    copy.write_text(ENV_EXAMPLE.read_text().replace("#LOG_FORMAT=console", "LOG_FORMAT=json"))
    assert load(copy).log_format == "json"
    assert set(dotenv_values(copy)) <= {name.upper() for name in Settings.model_fields}
