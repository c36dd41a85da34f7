"""Commands that print Slack's app manifest and Discord's invite link."""

from typing import Annotated

import typer

from bot.cli.terminal import fail, in_words, manifest_cli, settings_of


@manifest_cli.command("slack")
def manifest_slack(
    url: Annotated[str, typer.Option(help="HTTP mode: where Slack reaches the bot, ending in /slack/events.")] = "",
    threads: Annotated[
        bool,
        typer.Option(help="Let people answer in threads. Slack then sends every message of the channels."),
    ] = False,
    link: Annotated[bool, typer.Option(help="Print only the link.")] = False,
) -> None:
    """The app manifest for Slack, and a link that opens Slack with it filled in."""
    from adapters.slack import manifest
    from bot.bootstrap.slack import redirect
    from bot.cli.offline import bare_app

    with in_words():
        settings = settings_of(log_level="error")
        app_manifest = manifest.manifest(bare_app(settings), url, redirect(settings), threads=threads)
    if threads:
        typer.echo(
            "# Slack will send the bot every message of the channels it is in. The bot looks at replies under its own "
            "open\n# questions, and drops all others unread. Set SLACK_THREADS=1 too; without it, it drops them all.",
            err=True,
        )
    if not link:
        typer.echo(manifest.as_yaml(app_manifest))
    typer.echo(f"{'' if link else '# One click: '}{manifest.one_click_link(app_manifest)}")


@manifest_cli.command("discord")
def manifest_discord(
    application: Annotated[
        str, typer.Argument(help="The Application ID; found by itself where DISCORD_TOKEN is set.")
    ] = "",
) -> None:
    """The link that invites the bot to a Discord server with exactly the permissions it needs."""
    from adapters.discord import invite
    from bot.cli.offline import application_id

    with in_words():
        id = application or application_id(settings_of(log_level="error"))
    if not id.isdecimal():
        fail(
            "Give the Application ID from the General Information page of your app in Discord’s Developer Portal: "
            "cop manifest discord 123456789012345678"
        )
    typer.echo(invite.invite_url(id))
    for name, why in invite.PERMISSIONS.items():
        typer.echo(f"  {name.replace('_', ' ')}: {why}")
