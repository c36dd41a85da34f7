"""Commands that run the bot or the playground, and migrate the database."""

import asyncio
from typing import Annotated

import typer

from bot.cli.terminal import Where, cli, db_cli, fail, in_words, settings_of


@cli.command()
def demo(
    port: Annotated[int | None, typer.Option(help="The port to serve on, instead of PORT.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    fresh: Annotated[bool, typer.Option(help="Forget what happened before and start the story over.")] = False,
    data: Where = None,
) -> None:
    """Try everything in a playground: no account, nothing to set up."""
    from adapters.playground.persistence import UnusableWorkspace
    from bot.bootstrap import demo as playground

    with in_words():
        settings = settings_of(port=port, cop_data=data and data.absolute(), log_level="warning")
        try:
            playground.refuse_beside_real_platforms(settings)
            own = playground.playground_settings(settings)
            if fresh:
                playground.start_over(own.cop_data)
            asyncio.run(playground.serve(own, open_browser=browser, say=typer.echo))
        except (playground.RealPlatformsSet, UnusableWorkspace) as problem:
            fail(str(problem))
        except OSError as problem:
            fail(f"Port {settings.port} cannot be used ({problem.strerror}). Choose another: make demo PORT=8766")


@cli.command()
def run() -> None:
    """Run the bot on every platform whose token is set."""
    from bot.bootstrap import serve
    from bot.bootstrap.telemetry import watched

    with in_words():
        try:
            settings = settings_of()
            with watched(settings):
                asyncio.run(serve.serve(settings))
        except serve.NothingToRun as problem:
            fail(str(problem))
        except OSError as problem:
            fail(f"HTTP_HOST and HTTP_PORT cannot be used ({problem.strerror}). Choose another HTTP_PORT.")


@db_cli.command("upgrade")
def db_upgrade() -> None:
    """Bring the database up to this version. cop run does this by itself."""
    from bot.bootstrap.process import own_database
    from storage.database import name_of

    with in_words():
        settings = settings_of()
        with own_database(settings):
            typer.echo(f"The database is up to date: {name_of(settings.database)}")
