"""Runs `cop run` with a clock that tests move: a POST to MOVE fires everything that comes due on the way."""

import asyncio
import sys
from datetime import datetime

import structlog
from aiohttp import web
from sqlalchemy import Engine

from adapters.pages.adapter import answer_pages
from bot.bootstrap.process import Process, make_app, own_database
from bot.bootstrap.serve import platforms
from bot.core.clock import MovableClock
from bot.features.calendar_feeds.http import answer_calendars
from bot.operations import http as pages
from bot.settings import Settings, load
from bot.telemetry import logs
from scheduler.time_travel import travel

MOVE = "/move"


async def main(start: datetime) -> None:
    settings = load(None)
    logs.set_up(settings.log_level, settings.log_format, settings.secrets)
    clock = MovableClock(start=start)
    with own_database(settings) as engine:
        await work(settings, engine, clock)


async def work(settings: Settings, engine: Engine, clock: MovableClock) -> None:
    app = make_app(settings, engine, clock)
    site = pages.application()
    answer_calendars(site, app)
    answer_pages(site, app)
    process = Process(app, clock, platforms(settings, app, site))

    async def move(request: web.Request) -> web.Response:
        async with process.timer_loop.moving:
            await travel(app, process.worker, clock, datetime.fromisoformat(await request.text()))
        process.timer_loop.wake()
        return web.Response()

    site.router.add_post(MOVE, move)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        structlog.get_logger(__name__).info("listening", port=runner.addresses[0][1])
        await process.until_stopped()
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(datetime.fromisoformat(sys.argv[1])))
