"""Workers: the few threads that handle events, and the queue in front of them.

Adapters run on one event loop, which acknowledges what arrives. Handlers would take the interpreter from it: while they
run, each acknowledgement waits for every one of them. So there are few threads, none of which anything else uses, and a
waiting handler starts only when nothing more is arriving.
"""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 4
# From so many events on that wait or are being handled, an adapter acknowledges before it does anything else.
CROWD = 2 * THREADS
# How long a handler lets others arrive first: a stream that never ends would otherwise hold up all work.
LONGEST_PAUSE = 0.5  # seconds


class Workers:
    """Runs handlers in threads of its own, in the order in which they came."""

    def __init__(self, threads: int = THREADS) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="handler")
        self._free = asyncio.Semaphore(threads)
        self._arrived = self._unfinished = 0

    @property
    def crowded(self) -> bool:
        """Whether so much waits that an answer may come too late to be an acknowledgement."""
        return self._unfinished >= CROWD

    def note_arrival(self) -> None:
        """Say that something arrived. It's acknowledged before the next handler starts."""
        self._arrived += 1

    def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> asyncio.Task[T]:
        """Run `work` in a thread, with the current context. If this is cancelled, what has started goes on."""
        self._unfinished += 1
        running = asyncio.create_task(self._run(lambda: work(*args, **kwargs)))
        running.add_done_callback(self._finish)
        return running

    def _finish(self, _running: asyncio.Task[Any]) -> None:
        self._unfinished -= 1

    async def _run(self, work: Callable[[], T]) -> T:
        async with self._free:
            await self._let_arrive()
            context = contextvars.copy_context()
            return await asyncio.get_running_loop().run_in_executor(self._threads, context.run, work)

    async def _let_arrive(self) -> None:
        """Return when a turn of the event loop has brought nothing new."""
        loop = asyncio.get_running_loop()
        end, before = loop.time() + LONGEST_PAUSE, -1
        while before != self._arrived and loop.time() < end:
            before = self._arrived
            await asyncio.sleep(0)
