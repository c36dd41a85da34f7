"""Writes `.env.example` and the reference page of all settings."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from textwrap import wrap
from typing import Any, cast

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from bot.settings import Settings

ENV_EXAMPLE = Path(".env.example")
PAGE = Path("docs/reference/settings.md")


def env_example(settings: type[BaseSettings]) -> str:
    """Return the text of `.env.example`: every setting, commented out, with its default."""
    lines = ["# Copy this file to .env and fill in what you need. What stays as it is here has its default."]
    for part, fields in _by_part(settings):
        lines += ["", f"# --- {part} ---"]
        for name, field in fields:
            lines += [
                "",
                *(f"# {line}" for line in wrap(field.description or "", 98, break_on_hyphens=False)),
            ]
            lines.append(f"{'#' if _default(field) else ''}{name}={_default(field)}")
    return "\n".join(lines) + "\n"


def page(settings: type[BaseSettings]) -> str:
    """Return the settings page of the reference, in Markdown."""
    lines = [
        "# Settings",
        "",
        "Set these in the environment, or in a file named `.env` where the bot is started "
        "(`.env.example` is one to copy). The environment wins. An empty value counts as not set.",
    ]
    for part, fields in _by_part(settings):
        lines += ["", f"## {part}", "", "| Setting | Default | What it is |", "| --- | --- | --- |"]
        for name, field in fields:
            default = f"`{_default(field)}`" if _default(field) else "empty"
            lines.append(f"| `{name}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


def _by_part(settings: type[BaseSettings]) -> Iterator[tuple[str, Iterator[tuple[str, FieldInfo]]]]:
    """Yield each heading with its settings as (NAME, field), in the order in which they are declared."""
    named = ((name.upper(), field) for name, field in settings.model_fields.items())
    return groupby(named, lambda pair: str(cast(dict[str, Any], pair[1].json_schema_extra)["part"]))


def _default(field: FieldInfo) -> str:
    if isinstance(field.default, SecretStr):
        return ""
    return str(field.default).lower() if isinstance(field.default, bool) else str(field.default)


def main() -> None:
    ENV_EXAMPLE.write_text(env_example(Settings), encoding="utf-8")
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(Settings), encoding="utf-8")


if __name__ == "__main__":
    main()
