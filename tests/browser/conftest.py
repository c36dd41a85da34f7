"""Fixtures: a real Chromium, and a playground to open in it.

Playwright keeps an event loop running while it is open, with which `asyncio.run` fails in every later test. So each
module opens and closes its own.
"""

import asyncio
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from adapters.playground.adapter import Playground
from bot.core.platform import Delivery
from tests.adapters.playground.pretend import PretendBot, PretendClock, create_world, talk
from tests.browser.page import Page

CHROMIUM = Path("/usr/bin/chromium")
# Generous, since the machine may be busy.
PATIENCE = 60  # seconds
# With these, Chromium makes no requests of its own.
ALONE = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("needs: chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ALONE)
        yield browser
        browser.close()


@dataclass
class Served:
    """A playground on its own thread, since another drives the browser."""

    playground: Playground
    bot: PretendBot
    clock: PretendClock
    loop: asyncio.AbstractEventLoop

    @property
    def url(self) -> str:
        return self.playground.url

    def deliver(self, delivery: Delivery) -> str:
        return asyncio.run_coroutine_threadsafe(self.playground.deliver(delivery), self.loop).result(PATIENCE)


class _Server:
    def __init__(self, file: Path, port: int = 0, *, talked: bool = True) -> None:
        self._file, self._port, self._talked = file, port, talked
        self._served: Future[Served] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))

    def start(self) -> Served:
        self._thread.start()
        return self._served.result(PATIENCE)

    def stop(self) -> None:
        served = self._served.result()
        served.loop.call_soon_threadsafe(self._running.cancel)
        self._thread.join(PATIENCE)
        served.playground.world.close()

    async def _run(self) -> None:
        clock = PretendClock()
        bot = PretendBot(now=clock.now)
        playground = Playground(bot, clock, create_world(self._file), port=self._port)
        clock.playground = playground
        if self._talked:
            await talk(playground)
        self._running: asyncio.Task[Any] = asyncio.create_task(playground.run())
        await playground.wait_until_ready()
        self._served.set_result(Served(playground, bot, clock, asyncio.get_running_loop()))
        await asyncio.wait([self._running])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "playground.db"


@pytest.fixture
def served(file: Path) -> Iterator[Served]:
    server = _Server(file)
    yield server.start()
    server.stop()


@pytest.fixture
def page(chromium: Browser, served: Served) -> Iterator[Page]:
    """Maya's tab on a large screen, in light colours."""
    with chromium.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light") as context:
        yield Page(context.new_page(), served.url).open("maya", "youth-workers")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[str]:
    """Run `cop demo` as a newcomer does, and yield the address it prints."""
    command = [sys.executable, "-m", "bot", "demo", "--no-browser", "--port", "0", "--data", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, "cop demo did not say where it is"
        wait_for(found[0])
        yield found[0]
        process.terminate()
        assert process.wait(PATIENCE) == 0


def wait_for(url: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{url}healthz", timeout=2).read()  # noqa: S310
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the page did not come")
