"""Commands that only read: doctor, status and cadence."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.terminal import cli, in_words, settings_of


@cli.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print the checks as JSON.")] = False) -> None:
    """Check tokens, permissions, database, channels and clock; say how to mend what is wrong."""
    from bot.cli.doctor import examine

    with in_words():
        checks = asyncio.run(examine(settings_of(log_level="error")))
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
    from bot.cli.status import read_status

    with in_words():
        report = asyncio.run(read_status(settings_of(log_level="error")))
    typer.echo(json.dumps(report.as_json(), indent=2) if as_json else "\n".join(report.as_lines()))
    if not report.ok:
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
    from bot.cli.cadence import CadenceQuery, answer

    query = CadenceQuery(phrase, zone, first, count, locale, country, region, closed, closures)
    try:
        found = answer(query, datetime.now(UTC).date())
    except Unreadable as doubt:
        if as_json:
            typer.echo(json.dumps({"error": str(doubt), "suggestion": doubt.suggestion}, ensure_ascii=False, indent=2))
        else:
            typer.echo(f"{doubt}\n-> {doubt.suggestion}" if doubt.suggestion else str(doubt), err=True)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(found.as_lines()))
