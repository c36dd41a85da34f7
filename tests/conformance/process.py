"""Runs `cop run` as a process in its own folder, and reads everything it writes."""

import asyncio
import json
import os
import time
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.settings import Settings
from tests.support import forks
from tests.support.forks import Fork

ROOT = Path(__file__).resolve().parents[2]
TROUBLE = {"error", "critical"}
# It takes two seconds on an idle machine, and many times that on a busy one.
START_S = 120.0
RUN = ("bot", "run")
# Generous too. `make bench` measures what it takes.
STOP_S = 60.0

Line = dict[str, Any]


class Bot:
    """The process. `lines` is its log, `words` what it wrote besides, as to a person at a terminal."""

    def __init__(self, process: Fork) -> None:
        self.process = process
        self.lines: list[Line] = []
        self.words: list[str] = []
        # Its web server's, 0 until it listens.
        self.port = 0
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, folder: Path, *environments: Mapping[str, str], command: Sequence[str] = RUN) -> "Bot":
        """Start it with its data in `folder`, and settings from `environments`. Doesn't wait for it to connect.

        In `folder` is no developer's .env file. `command` is a module and what follows it.
        """
        return cls(await asyncio.to_thread(Fork, command, folder, _environment(folder, *environments)))

    @property
    def alive(self) -> bool:
        return self.process.returncode is None

    @property
    def trouble(self) -> list[Line | str]:
        """Every error in its log, and everything it wrote that isn't a log line, such as a traceback."""
        return [*(line for line in self.lines if line.get("level") in TROUBLE or "exception" in line), *self.words]

    def logged(self, event: str) -> list[Line]:
        return [line for line in self.lines if line.get("event") == event]

    def of_one_event(self, kind: str) -> list[str]:
        """Return the ids that both an event of this kind and a delivery carry in its log."""
        events = {line["event_id"] for line in self.logged("handled") if line["kind"] == kind}
        return [line["event_id"] for line in self.logged("delivered") if line["event_id"] in events]

    async def listening(self) -> int:
        """Wait until its web server listens, and return the port."""
        until = time.monotonic() + START_S
        while not self.port:
            assert self.alive, "\n".join(self.words)
            assert time.monotonic() < until, self.lines
            await asyncio.sleep(0.02)
        return self.port

    async def warm(self) -> None:
        """Wait until its warm-up is done. During it, a busy machine answers nobody in time."""
        while not self.logged("what takes long the first time is done"):
            assert self.alive, self.trouble
            await asyncio.sleep(0.02)

    async def until(self, moment: Coroutine[Any, Any, None]) -> None:
        """Wait for `moment`, but fail if the process ends first."""
        waiting, ending = asyncio.ensure_future(moment), asyncio.ensure_future(self.ended())
        await asyncio.wait({waiting, ending}, return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        assert waiting.done(), f"it ended: {self.trouble}"
        await waiting

    async def stop(self) -> float:
        """Stop it with SIGTERM, and return the seconds that took. It must exit with 0."""
        began = time.monotonic()
        self.process.terminate()
        code = await self.ended(STOP_S)
        took = time.monotonic() - began
        assert code == 0, f"it ended with {code}: {self.trouble}"
        return took

    async def kill(self) -> None:
        """Kill it, as a power cut would."""
        if self.alive:
            self.process.kill()
        await self.ended(STOP_S)

    async def ended(self, within: float = START_S) -> int:
        """Wait until it ends and everything it wrote is read. Returns its exit code."""
        code = await asyncio.wait_for(self.process.wait(), within)
        await self._reading
        return code

    async def _read(self) -> None:
        written = asyncio.StreamReader(limit=2**22)
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(written), os.fdopen(self.process.stderr, "rb", buffering=0)
        )
        while raw := await written.readline():
            text = raw.decode().rstrip()
            try:
                line = json.loads(text)
            except ValueError:
                self.words.append(text)
                continue
            self.lines.append(line)
            if line.get("event") == "listening":
                self.port = int(line["port"])


async def doctor(folder: Path, *environments: Mapping[str, str]) -> str:
    """Return what `cop doctor` prints, on one line."""
    asked = await asyncio.to_thread(forks.run, ("bot", "doctor"), folder, _environment(folder, *environments))
    return " ".join((asked.stdout + asked.stderr).split())


def _environment(folder: Path, *environments: Mapping[str, str]) -> dict[str, str]:
    """Return this machine's environment, without any of the bot's settings that a developer may have made."""
    own = {name.upper() for name in Settings.model_fields}
    bare = {name: value for name, value in os.environ.items() if name.upper() not in own}
    given = {name: value for environment in environments for name, value in environment.items()}
    return bare | {
        "COP_HOME": str(folder),
        "COP_DATA": str(folder),
        "HTTP_PORT": "0",
        "LOG_FORMAT": "json",
        **given,
    }
