"""`cop demo`: serves the playground, with the same core, storage and scheduler as `cop run`."""

import asyncio
import webbrowser
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from aiohttp import web
from sqlalchemy import Engine
from sqlmodel import Session

from adapters.pages.adapter import answer_pages
from adapters.playground.adapter import Playground
from adapters.playground.parse import PLATFORM, SPACE
from adapters.playground.workspace_model import World
from bot.bootstrap.process import Process, make_app, own_database
from bot.core.app import App
from bot.core.clock import MovableClock
from bot.demo import program, seed, texts
from bot.demo.simulated_members import Residents
from bot.features.calendar_feeds.http import answer_calendars
from bot.settings import Settings
from bot.ui import Button
from scheduler.time_travel import travel, travel_to_next

log = structlog.get_logger(__name__)
# The furthest that one move may go: everything due on the way is done, so a mistyped year could take an hour.
FURTHEST = timedelta(days=366)
DATABASES = ("commonplace.db", "playground.db")
FILES = (*(name + more for name in DATABASES for more in ("", "-wal", "-shm")), "clock.json", "residents.json")


class RealPlatformsSet(Exception):
    """A token of a real platform is set, so the playground is not served. The text says what to do."""


class Traveller:
    """Moves the playground's clock. Simulated members act on the way."""

    def __init__(self, app: App, process: Process, clock: MovableClock, residents: Residents) -> None:
        self.app, self.process, self.clock, self.residents = app, process, clock, residents

    def now(self) -> datetime:
        return self.clock.now()

    async def move(self, to: datetime | timedelta | str) -> str:
        """Move the clock forward and do everything due on the way at its own time. Returns what happened, in words.

        `to` is a time, a duration, or "next": the next thing that the bot does by itself.
        """
        async with self.process.timer_loop.moving:
            now, before = self.clock.now(), self.process.worker.sent
            if to == "next":
                if not await self._to_next(now + FURTHEST):
                    return texts.nothing_next(self.clock.now())
            else:
                target = now + to if isinstance(to, timedelta) else to
                assert isinstance(target, datetime)
                await self._to(min(target, now + FURTHEST))
            sent = self.process.worker.sent - before
        self.process.timer_loop.wake()
        return texts.moved(self.clock.now(), sent)

    async def _to(self, target: datetime) -> None:
        while (at := self.residents.next_at) and at <= target:
            await travel(self.app, self.process.worker, self.clock, at)
            await asyncio.to_thread(self.residents.perform_next)
        await travel(self.app, self.process.worker, self.clock, target)

    async def _to_next(self, until: datetime) -> bool:
        """Move to the next message of the bot, with residents acting on the way. False if there is none by `until`."""
        while not await travel_to_next(self.app, self.process.worker, self.clock, self._at_most(until)):
            at = self.residents.next_at
            if at is None or at > until:
                return False
            self.clock.move(at)
            await asyncio.to_thread(self.residents.perform_next)
        return True

    def _at_most(self, until: datetime) -> datetime:
        return min(self.residents.next_at or until, until)


def playground_settings(settings: Settings) -> Settings:
    """Return settings with a folder and database of the playground's own, so that residents never mix with people."""
    return settings.model_copy(update={"cop_data": settings.cop_data / "playground", "database_url": ""})


def start_over(folder: Path) -> None:
    """Delete everything the playground saved in `folder`."""
    for name in FILES:
        (folder / name).unlink(missing_ok=True)


def refuse_beside_real_platforms(settings: Settings) -> None:
    """Raise RealPlatformsSet if a token for Slack or Discord is set."""
    if settings.slack_bot_token.get_secret_value() or settings.discord_token.get_secret_value():
        raise RealPlatformsSet(
            "A Slack or Discord token is set here, so I do not open the playground beside it: pretend people and real "
            "ones would share one database. Run cop demo in a folder without that .env, or unset the tokens."
        )


def fill_workspace(world: World, now: datetime) -> None:
    """Add the channels and residents of the simulated program, and what they wrote before the bot came."""
    for plan in program.COMMUNITIES:
        world.add_channel(plan.channel, plan.channel, plan.purpose)
    world.add_channel("new-community", "new-community", "Empty: type /cop-admin setup here as Ada to start your own")
    for r in program.RESIDENTS:
        world.add_person(r.id, r.name, r.blurb, can_manage=r.can_manage, zone=program.ZONE)
    for remark in program.REMARKS:
        world.add_post(remark.channel, now, author=remark.by, words=remark.words)


def newest_button(world: World, channel: str, action: str) -> Button | None:
    """Return the button with this action on the newest card in the channel that has one."""
    for post in reversed(world.posts(channel)):
        for button in post.message.actions if post.message else ():
            if isinstance(button, Button) and button.action == action:
                return button
    return None


async def serve(settings: Settings, *, open_browser: bool, say: Callable[[str], None]) -> None:
    """Serve the playground until a signal stops it. Raises OSError if the port is taken, and UnusableWorkspace.

    `say` prints a line for the person at the terminal.
    """
    refuse_beside_real_platforms(settings)
    with ExitStack() as held:
        engine = await asyncio.to_thread(held.enter_context, own_database(settings))
        await _serve(settings, engine, open_browser=open_browser, say=say)


async def _serve(settings: Settings, engine: Engine, *, open_browser: bool, say: Callable[[str], None]) -> None:
    clock = MovableClock(settings.cop_data / "clock.json", start=program.OPENS)
    app = make_app(settings, engine, clock)
    world = World(settings.cop_data / "playground.db", program.PROGRAM)
    with app.write_lock, Session(engine) as session, session.begin():
        if seed.is_empty(session):
            fill_workspace(world, clock.now())
            seed.seed(session, clock.now(), settings.cop_root, PLATFORM, SPACE)
    process = Process(app, clock, {})
    residents = Residents(
        app,
        settings.cop_data / "residents.json",
        PLATFORM,
        SPACE,
        lambda channel, action: newest_button(world, channel, action),
    )
    playground = Playground(
        app,
        Traveller(app, process, clock, residents),
        world,
        port=settings.port,
        pages=lambda site: _add_pages(site, app),
    )
    process.add(playground)
    announcing = asyncio.create_task(_announce(app, playground, open_browser, say))
    try:
        await process.until_stopped()
    finally:
        announcing.cancel()
        world.close()


def _add_pages(site: web.Application, app: App) -> None:
    answer_calendars(site, app)
    answer_pages(site, app)


async def _announce(app: App, playground: Playground, open_browser: bool, say: Callable[[str], None]) -> None:
    await playground.wait_until_ready()
    app.address = playground.url.rstrip("/")
    say(f"Commonplace is ready at {playground.url}")
    say("Only this machine can reach it. Press Ctrl+C to stop; make demo goes on where you left off.")
    if open_browser:
        await asyncio.to_thread(webbrowser.open, playground.url)
