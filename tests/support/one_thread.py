"""Run a coroutine to its end on the calling thread alone.

A story has one person act at a time, so handing each database call to a thread and back buys it nothing and costs it
most of its time. What depends on real threads is tested with them: tests/core/test_concurrency.py and the conformance
suites.
"""

import asyncio
from collections.abc import Callable, Coroutine
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


class _OneThread(asyncio.SelectorEventLoop):
    """A loop that does on its own thread, at once, what it is asked to hand to another."""

    def run_in_executor(  # type: ignore[override]
        self, executor: object, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        future: asyncio.Future[T] = self.create_future()
        try:
            done = func(*args)
        except Exception as error:
            self.call_soon(future.set_exception, error)
        else:
            self.call_soon(future.set_result, done)
        return future


@cache
def _runner() -> asyncio.Runner:
    return asyncio.Runner(loop_factory=_OneThread)


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    """Like `asyncio.run`, but on one loop for the whole test process."""
    _runner().run(coroutine)
