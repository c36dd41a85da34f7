"""The threads that handle events: few, in turn, and only when nothing more is arriving."""

import asyncio
import threading

import pytest

from bot.core import workers as workers_module
from bot.core.workers import CROWD, THREADS, Workers
from bot.i18n import locale, speaking


async def test_workers_are_crowded_from_so_many_on_until_they_are_done() -> None:
    workers, may_go_on = Workers(), threading.Event()
    running = []
    for _each in range(CROWD):
        assert not workers.crowded
        running.append(workers.run(may_go_on.wait))
    assert workers.crowded
    may_go_on.set()
    await asyncio.gather(*running)
    assert not workers.crowded


async def test_work_is_done_in_the_order_in_which_it_came_and_so_many_at_a_time() -> None:
    workers, done, at_once, most = Workers(), list[int](), list[int](), list[int]()

    def work(number: int) -> None:
        at_once.append(number)
        most.append(len(at_once))
        done.append(number)
        at_once.remove(number)

    await asyncio.gather(*(workers.run(work, n) for n in range(50)))
    assert sorted(done) == list(range(50))
    assert max(most) <= THREADS
    one_thread = Workers(threads=1)
    done.clear()
    await asyncio.gather(*(one_thread.run(work, n) for n in range(50)))
    assert done == list(range(50))


async def test_handler_starts_when_nothing_more_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers_module, "LONGEST_PAUSE", 1e6)
    workers, started = Workers(), list[int]()
    running = workers.run(started.append, 1)
    for _each in range(20):
        workers.note_arrival()
        await asyncio.sleep(0)
        assert started == []
    await running
    assert started == [1]


async def test_handler_speaks_the_language_of_whoever_waits() -> None:
    with speaking("es"):
        assert await Workers().run(locale) == "es"
