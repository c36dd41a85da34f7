"""What all commands share: the Typer applications, loading settings, and errors without a traceback."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from bot.settings import BadSettings, Settings, load
from bot.telemetry import logs

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Keeps a community of practice learning between "
    "its meetings, on Slack and Discord. Try it without any account: cop demo",
)
db_cli = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="The database.")
manifest_cli = typer.Typer(
    no_args_is_help=True, pretty_exceptions_enable=False, help="What Slack or Discord needs to know to let the bot in."
)
keys_cli = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="What tokens are locked with.")
cli.add_typer(db_cli, name="db")
cli.add_typer(manifest_cli, name="manifest")
cli.add_typer(keys_cli, name="keys")

Where = Annotated[Path | None, typer.Option(help="The folder for the database and exports, instead of COP_DATA.")]


@contextmanager
def in_words() -> Iterator[None]:
    """Turn errors that a person can fix into a text and exit code 1, instead of a traceback."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot.core.platform import ConfigurationError, Undeliverable
    from storage.database import UnusableDatabase, faults

    try:
        yield
    except (BadSettings, UnusableDatabase, ConfigurationError) as problem:
        fail(str(problem))
    except (SQLAlchemyError, sqlite3.Error) as fault:
        fail(faults.explain(fault, load().database))
    except Undeliverable as problem:
        fail(f"The platform does not let the bot in: {problem}. cop doctor says what to do.")


def fail(words: str) -> NoReturn:
    """Print what is wrong to stderr, and exit with code 1."""
    typer.secho(words, err=True, fg=typer.colors.RED if sys.stderr.isatty() else None)
    raise typer.Exit(1)


def settings_of(**given: Any) -> Settings:
    """Load the settings and set up logging. `given` comes from the command line and wins; None means not given."""
    settings = load(**{name: value for name, value in given.items() if value is not None})
    logs.set_up(settings.log_level, settings.log_format, settings.secrets)
    return settings
