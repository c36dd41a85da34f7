"""Serves a pretend workspace to look at: `python -m tests.browser.sample`."""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.playground.adapter import Playground
from tests.adapters.playground.pretend import PretendBot, PretendClock, create_world, talk


async def serve(folder: Path, port: int) -> None:
    clock = PretendClock()
    playground = Playground(PretendBot(now=clock.now), clock, create_world(folder / "playground.db"), port=port)
    clock.playground = playground
    await talk(playground)
    running = asyncio.create_task(playground.run())
    await playground.wait_until_ready()
    print(playground.url, flush=True)
    await running


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        asyncio.run(serve(Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else 8765))
