"""`cop run`: runs the bot on every platform that is set up."""

import asyncio
from contextlib import ExitStack

import structlog
from aiohttp import web
from sqlalchemy import Engine

from adapters.pages.adapter import answer_pages
from bot.bootstrap.process import Process, make_app, own_database
from bot.bootstrap.slack import build, is_for_many
from bot.core.app import App
from bot.core.clock import RealClock
from bot.core.platform import Diagnosable
from bot.features.calendar_feeds.http import answer_calendars
from bot.operations import http as pages
from bot.operations import web_server
from bot.settings import Settings
from storage.database.leases import Leases

log = structlog.get_logger(__name__)
STOP = 0.4  # seconds that open requests get when the bot stops


class NothingToRun(Exception):
    """No platform is set up. The text says what to set."""


def platforms(settings: Settings, app: App, web_app: web.Application | None = None) -> dict[str, Diagnosable]:
    """Build each platform that has a token. The library of another is never loaded.

    Without SLACK_APP_TOKEN, Slack listens on `web_app` (HTTP mode). Raises NothingToRun and BadSettings.
    """
    found: dict[str, Diagnosable] = {}
    if settings.slack_bot_token.get_secret_value() or is_for_many(settings):
        slack = build(settings, app, web_app)
        if web_app is not None and not settings.slack_app_token.get_secret_value():
            if not slack.signing_secret:
                name = "SLACK_CLIENT_ID" if is_for_many(settings) else "SLACK_BOT_TOKEN"
                raise NothingToRun(
                    f"{name} is set, but nothing says how Slack reaches this bot. Set SLACK_APP_TOKEN for "
                    "Socket Mode (no public address needed), or SLACK_SIGNING_SECRET for HTTP mode."
                )
            slack.routes(web_app)
        found["slack"] = slack
    if settings.discord_token.get_secret_value():
        from adapters.discord.adapter import Discord

        found["discord"] = Discord(
            app,
            token=settings.discord_token.get_secret_value(),
            api_base=settings.discord_api_base,
            gateway_url=settings.discord_gateway_url,
            shards=settings.discord_shards,
            leases=Leases(app.engine),
        )
    if not found:
        raise NothingToRun(
            "No platform is set up. Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or DISCORD_TOKEN, in .env; "
            "cop manifest slack and cop manifest discord say where they come from. To try without any: cop demo"
        )
    return found


async def serve(settings: Settings) -> None:
    """Run until a signal stops it. Raises NothingToRun, ConfigurationError, Undeliverable or UnusableDatabase."""
    with ExitStack() as held:
        engine = await asyncio.to_thread(held.enter_context, own_database(settings))
        await _serve(settings, engine)
    log.info("stopped")


async def _serve(settings: Settings, engine: Engine) -> None:
    clock = RealClock()
    app = make_app(settings, engine, clock)
    web_app = pages.application(pages.own_names(settings.http_host, settings.public_address))
    answer_calendars(web_app, app)
    answer_pages(web_app, app)
    process = Process(app, clock, platforms(settings, app, web_app))
    pages.answer_readiness(web_app, process.readiness, process.runs, lambda: process.problems)
    if settings.metrics:
        pages.answer_figures(web_app, process.readiness)
    try:
        async with web_server.listening(web_app, settings.http_host, settings.http_port, stop_s=STOP) as port:
            log.info("listening", host=settings.http_host, port=port)
            await process.until_stopped()
    finally:
        # SQLite cleans up its files when the last connection closes.
        if app.identity_cache:
            app.identity_cache.close()
