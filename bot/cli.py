"""What a person types at a terminal: `cop demo`, `cop run`, `cop doctor` and their kin."""

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import logs
from bot.settings import BadSettings, Settings, load

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
    """Let what a person can mend end in words for them, not in a traceback."""
    from bot.platform import Misconfigured, Unreachable
    from storage.db import Unusable

    try:
        yield
    except (BadSettings, Unusable, Misconfigured) as problem:
        _fail(str(problem))
    except Unreachable as problem:
        _fail(f"The platform does not let the bot in: {problem}. cop doctor says what to do.")


def _fail(words: str) -> None:
    typer.secho(words, err=True, fg=typer.colors.RED if sys.stderr.isatty() else None)
    raise typer.Exit(1)


def _settings(**given: Any) -> Settings:
    settings = load(**{name: value for name, value in given.items() if value is not None})
    logs.set_up(settings.log_level, settings.log_format, settings.secrets)
    return settings


@cli.command()
def demo(
    port: Annotated[int | None, typer.Option(help="The port to serve on, instead of PORT.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    fresh: Annotated[bool, typer.Option(help="Forget what happened before and start the story over.")] = False,
    data: Where = None,
) -> None:
    """Try everything in a playground: no account, nothing to set up."""
    from adapters.playground.store import Unusable as NoWorld
    from bot.wiring import demo as playground

    with in_words():
        settings = _settings(port=port, cop_data=data, log_level="warning")
        try:
            playground.refuse_beside_real_platforms(settings)
            own = playground.own(settings)
            if fresh:
                playground.start_over(own.cop_data)
            asyncio.run(playground.serve(own, open_browser=browser, say=typer.echo))
        except (playground.RealPlatformsSet, NoWorld) as problem:
            _fail(str(problem))
        except OSError as problem:
            _fail(f"Port {settings.port} cannot be used ({problem.strerror}). Choose another: make demo PORT=8766")


@cli.command()
def run() -> None:
    """Run the bot on every platform whose token is set."""
    from bot.wiring import serving
    from bot.wiring.outside import watched

    with in_words():
        try:
            settings = _settings()
            with watched(settings):
                asyncio.run(serving.serve(settings))
        except serving.NothingToRun as problem:
            _fail(str(problem))
        except OSError as problem:
            _fail(f"HTTP_HOST and HTTP_PORT cannot be used ({problem.strerror}). Choose another HTTP_PORT.")


@cli.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print the checks as JSON.")] = False) -> None:
    """Check tokens, permissions, database, channels and clock; say how to mend what is wrong."""
    from bot.wiring.doctor import examine

    with in_words():
        checks = asyncio.run(examine(_settings(log_level="error")))
    if as_json:
        typer.echo(json.dumps([{"name": c.name, "ok": c.ok, "says": c.says, "fix": c.fix} for c in checks], indent=2))
    else:
        for check in checks:
            typer.echo(f"{'ok ' if check.ok else 'NOT'}  {check.name}: {check.says}")
            if not check.ok and check.fix:
                typer.echo(f"     -> {check.fix}")
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


@cli.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False) -> None:
    """Say whether anything is late, stuck or refused, and whether the bot runs. Ends with 1 where a look is needed."""
    from bot.wiring.standing import ask

    with in_words():
        standing = asyncio.run(ask(_settings(log_level="error")))
    typer.echo(json.dumps(standing.as_json(), indent=2) if as_json else "\n".join(standing.as_lines()))
    if not standing.well:
        raise typer.Exit(1)


@cli.command()
def cadence(
    phrase: Annotated[str, typer.Argument(help="When you meet: “second Wednesday, October to June, 4pm”.")],
    zone: Annotated[str, typer.Option(help="The time zone: a name, or a city.")] = "UTC",
    first: Annotated[
        str, typer.Option("--from", help="The first day to look at, such as 2025-09-01; else today.")
    ] = "",
    count: Annotated[int, typer.Option(help="How many dates.", min=1, max=1000)] = 5,
    locale: Annotated[str, typer.Option(help="The language of the answer: en or es.")] = "en",
    country: Annotated[str, typer.Option(help="Whose public holidays to know, such as US.")] = "",
    region: Annotated[str, typer.Option(help="The region of that country, such as PA.")] = "",
    closed: Annotated[str, typer.Option(help="Days on which you are closed: 2025-11-28,2025-12-24.")] = "",
    closures: Annotated[Path | None, typer.Option(help="A file of such days: a list, or a calendar (.ics).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Read a rhythm in plain words as the bot would, and print its dates. Ends with 2 where it cannot be read."""
    from bot.cadence import Unreadable
    from bot.wiring.cadence import Asked, answer

    asked = Asked(phrase, zone, first, count, locale, country, region, closed, closures)
    try:
        found = answer(asked, datetime.now(UTC).date())
    except Unreadable as doubt:
        if as_json:
            typer.echo(json.dumps({"error": str(doubt), "suggestion": doubt.suggestion}, ensure_ascii=False, indent=2))
        else:
            typer.echo(f"{doubt}\n-> {doubt.suggestion}", err=True)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(found.as_lines()))


@manifest_cli.command("slack")
def manifest_slack(
    url: Annotated[str, typer.Option(help="HTTP mode: where Slack reaches the bot, ending in /slack/events.")] = "",
    link: Annotated[bool, typer.Option(help="Print only the link.")] = False,
) -> None:
    """The app manifest for Slack, and a link that opens Slack with it filled in."""
    from adapters.slack import manifest
    from bot.wiring.inspecting import bare_app
    from bot.wiring.slack import redirect

    with in_words():
        settings = _settings(log_level="error")
        made = manifest.manifest(bare_app(settings), url, redirect(settings))
    if not link:
        typer.echo(manifest.as_yaml(made))
    typer.echo(f"{'' if link else '# One click: '}{manifest.one_click_link(made)}")


@manifest_cli.command("discord")
def manifest_discord(
    application: Annotated[
        str, typer.Argument(help="The Application ID; found by itself where DISCORD_TOKEN is set.")
    ] = "",
) -> None:
    """The link that invites the bot to a Discord server with exactly the permissions it needs."""
    from adapters.discord import invite
    from bot.wiring.inspecting import application_id

    with in_words():
        id = application or application_id(_settings(log_level="error"))
    if not id.isdecimal():
        _fail(
            "Give the Application ID from the General Information page of your app in Discord’s Developer Portal: "
            "cop manifest discord 123456789012345678"
        )
    typer.echo(invite.invite_url(id))
    for name, why in invite.PERMISSIONS.items():
        typer.echo(f"  {name.replace('_', ' ')}: {why}")


@db_cli.command("upgrade")
def db_upgrade() -> None:
    """Bring the database up to this version. cop run does this by itself."""
    from bot.wiring.process import open_database

    with in_words():
        open_database(_settings()).dispose()
    typer.echo("The database is at this version.")


@keys_cli.command("new")
def keys_new() -> None:
    """Print a key for COP_KEYS. Keep it apart from the database: only the two together open the tokens."""
    from bot.sealing import new_key

    typer.echo(new_key())


@keys_cli.command("rotate")
def keys_rotate() -> None:
    """Lock every token with the first key in COP_KEYS; after that, the older keys can be taken out."""
    from bot.wiring.locking import rotate

    with in_words():
        done, shut = rotate(_settings(log_level="error"))
    typer.echo(f"Locked with the first key: {done}.")
    if shut:
        _fail(f"No key in COP_KEYS opens the token of {', '.join(shut)}. Keep the older keys until that is mended.")


@cli.command()
def purge(
    space: Annotated[str, typer.Argument(help="The workspace or server: slack:T0123ABCD, or discord:1234567890.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete everything of one workspace or server, for ever. What people have elsewhere stays."""
    from bot.wiring.purging import NoSuchSpace, Purge

    with in_words():
        try:
            asked = Purge(_settings(log_level="error"), space)
        except NoSuchSpace as problem:
            _fail(str(problem))
        typer.echo("\n".join(asked.as_lines()))
        if asked.is_needed:
            if not yes and typer.prompt(f"To delete this for ever, type {asked.name}") != asked.name:
                _fail("That is not its name. Nothing was deleted.")
            asked.carry_out()
            typer.echo(
                "Deleted. Backups made before still hold it. If the bot is still in there, take it out there too."
            )


@cli.command()
def backup(
    to: Annotated[Path | None, typer.Argument(help="The file to write; by default one named by the moment.")] = None,
) -> None:
    """Copy the database to one file, while the bot works, and rehearse going back to that copy."""
    from storage.backup import back_up

    with in_words():
        settings = _settings()
        moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        kind = "db" if settings.database.startswith("sqlite") else "dump"
        target = to or settings.cop_data / "backups" / f"commonplace-{moment}.{kind}"
        rows = back_up(settings.database, target)
    read = "" if rows is None else f"{rows} rows were read back from it. "
    typer.echo(f"Backed up to {target}. {read}Only you can read it; it holds what people wrote in confidence.")


@cli.command()
def restore(
    backup: Annotated[Path, typer.Argument(help="The copy to go back to, as cop backup wrote it.")],
) -> None:
    """Go back to a copy of the database (SQLite), while no bot works on it. What was there is kept beside it."""
    from storage.restore import restore as go_back

    with in_words():
        done = go_back(_settings().database, backup, datetime.now(UTC))
    typer.echo(f"Gone back to {backup}: {done.rows} rows.")
    if done.kept:
        typer.echo(f"What was there until now is in {done.kept}. Delete it when you are sure that you do not need it.")
    typer.echo("What somebody had deleted since that copy was made is back too: ask them, and delete it again.")


@cli.command()
def export(
    community: Annotated[str, typer.Argument(help="The community’s name; left out where there is only one.")] = "",
    form: Annotated[str, typer.Option("--as", help="csv, json or md.")] = "md",
    to: Annotated[Path, typer.Option(help="The folder to write into.")] = Path("exports"),
) -> None:
    """Write a community’s records to files that people can keep."""
    from bot.wiring.inspecting import NoSuchCommunity, export_to

    with in_words():
        try:
            for path in export_to(_settings(log_level="error"), community, form, to):
                typer.echo(str(path))
        except NoSuchCommunity as problem:
            _fail(str(problem))


def main() -> None:
    cli()
