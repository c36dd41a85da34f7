"""Runs the real bot on all three platforms in one process, for one test. `cop run` and `cop demo` never do that."""

import asyncio
import sys

from aiohttp import web
from sqlalchemy import Engine

from adapters.playground.adapter import Playground
from adapters.playground.workspace_model import World
from bot.bootstrap.process import Process, make_app, own_database
from bot.bootstrap.serve import platforms
from bot.core.clock import RealClock
from bot.settings import Settings, load
from bot.telemetry import logs

ZONE = "America/New_York"


class Steady(RealClock):
    """A clock for the playground that can't be moved."""

    async def move(self, _to: object) -> str:
        raise AssertionError("nobody moves the real clock")


async def main(port: int) -> None:
    settings = load(None)
    logs.set_up(settings.log_level, settings.log_format, settings.secrets)
    with own_database(settings) as engine:
        await work(settings, engine, port)


async def work(settings: Settings, engine: Engine, port: int) -> None:
    app = make_app(settings, engine, RealClock())
    world = World(settings.cop_data / "playground.db")
    world.add_channel("general", "general")
    for name in ("ada", "kit"):
        world.add_person(name, name.title(), can_manage=name == "ada", zone=ZONE)
    process = Process(app, RealClock(), platforms(settings, app, web.Application()))
    process.add(Playground(app, Steady(), world, port=port))
    await process.until_stopped()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
