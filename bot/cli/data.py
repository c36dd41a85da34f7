"""Commands for the data: backup, restore, export, closures, purge, and encryption keys."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.terminal import cli, fail, in_words, keys_cli, settings_of


@cli.command()
def backup(
    to: Annotated[Path | None, typer.Argument(help="The file to write; by default one named by the moment.")] = None,
) -> None:
    """Copy the database to one file, while the bot works, and rehearse going back to that copy."""
    from storage.database import name_of
    from storage.operations.backup import back_up

    with in_words():
        settings = settings_of()
        moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        kind = "db" if settings.database.startswith("sqlite") else "dump"
        target = to or settings.cop_data / "backups" / f"commonplace-{moment}.{kind}"
        rows = back_up(settings.database, target)
    read = "" if rows is None else f"{rows} rows were read back from it. "
    typer.echo(f"Backed up {name_of(settings.database)} to {target}. {read}")
    typer.echo("Only you can read it. It holds what people wrote in confidence.")


@cli.command()
def restore(
    backup: Annotated[Path, typer.Argument(help="The copy to go back to, as cop backup wrote it.")],
) -> None:
    """Go back to a copy of the database (SQLite), while no bot works on it. What was there is kept beside it."""
    from storage.database import name_of
    from storage.operations.restore import restore as go_back

    with in_words():
        settings = settings_of()
        done = go_back(settings.database, backup, datetime.now(UTC))
    typer.echo(f"Restored {backup.absolute()} to {name_of(settings.database)}: {done.rows} rows.")
    if done.previous:
        typer.echo(
            f"What was there until now is in {done.previous}. Delete it when you are sure that you do not need it."
        )
    typer.echo("What somebody had deleted since that copy was made is back too: ask them, and delete it again.")


@cli.command()
def export(
    community: Annotated[str, typer.Argument(help="The community’s name; left out where there is only one.")] = "",
    form: Annotated[str, typer.Option("--as", help="csv, json or md.")] = "md",
    to: Annotated[Path, typer.Option(help="The folder to write into.")] = Path("exports"),
) -> None:
    """Write a community’s records to files that people can keep."""
    from bot.cli.offline import NoSuchCommunity, export_to

    with in_words():
        try:
            for path in export_to(settings_of(log_level="error"), community, form, to):
                typer.echo(str(path))
        except NoSuchCommunity as problem:
            fail(str(problem))


@cli.command()
def closures(
    file: Annotated[Path, typer.Argument(help="A list with a day or a stretch on each line, or a calendar (.ics).")],
    community: Annotated[str, typer.Option(help="The community’s name; left out where there is only one.")] = "",
) -> None:
    """Close the days in a file, such as a district’s calendar: nothing is asked then and no meeting is planned."""
    from bot.cadence import Unreadable
    from bot.cli.closures import close_from
    from bot.cli.offline import NoSuchCommunity

    with in_words():
        try:
            name, days = close_from(settings_of(log_level="error"), file, community)
        except (NoSuchCommunity, Unreadable) as problem:
            fail(str(problem))
    typer.echo(f"{name} is closed on {days} more days. Its meetings follow within a minute if the bot runs.")


@cli.command()
def purge(
    space: Annotated[str, typer.Argument(help="The workspace or server: slack:T0123ABCD, or discord:1234567890.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete everything of one workspace or server, for ever. What people have elsewhere stays."""
    from bot.cli.purge import NoSuchSpace, Purge

    with in_words():
        try:
            plan = Purge(settings_of(log_level="error"), space)
        except NoSuchSpace as problem:
            fail(str(problem))
        typer.echo("\n".join(plan.as_lines()))
        if plan.is_needed:
            if not yes and typer.prompt(f"To delete this for ever, type {plan.name}") != plan.name:
                fail("That is not its name. Nothing was deleted.")
            plan.run()
            typer.echo(
                "Deleted. Backups made before still hold it. If the bot is still in there, take it out there too."
            )


@keys_cli.command("new")
def keys_new() -> None:
    """Print a key for COP_KEYS. Keep it apart from the database: only the two together open the tokens."""
    from bot.operations.encryption import new_key

    typer.echo(new_key())


@keys_cli.command("rotate")
def keys_rotate() -> None:
    """Lock every token with the first key in COP_KEYS; after that, the older keys can be taken out."""
    from bot.cli.keys import rotate

    with in_words():
        count, locked = rotate(settings_of(log_level="error"))
    typer.echo(f"Locked with the first key: {count}.")
    if locked:
        fail(f"No key in COP_KEYS opens the token of {', '.join(locked)}. Keep the older keys until that is mended.")
