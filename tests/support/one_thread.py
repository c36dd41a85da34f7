"""Run a coroutine to its end on the calling thread alone.

A story has one person act at a time, so handing each database call to a thread and back buys it nothing and costs it
most of its time. What depends on real threads is tested with them: tests/core/test_concurrency.py and the conformance
suites.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


class _SameThread(ThreadPoolExecutor):
    """An executor that has done what it is given before `submit` returns. Starts no thread."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@cache
def _runner() -> asyncio.Runner:
    runner = asyncio.Runner()
    runner.get_loop().set_default_executor(_SameThread())
    return runner


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    """Like `asyncio.run`, but on one loop for the whole test process."""
    _runner().run(coroutine)
