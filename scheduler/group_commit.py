"""What lanes write down, with one commit for all that has come while the commit before it was made.

Every commit waits for the disk, and SQLite makes one at a time: without this, a burst of messages would wait for
hundreds of them, one after the other, long after the platform would have taken it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextvars import copy_context
from typing import Any, TypeVar

import structlog
from sqlmodel import Session

from bot.core.app import App

log = structlog.get_logger(__name__)
T = TypeVar("T")
Change = Callable[[Session], Any]
MOST = 10  # changes in one transaction: what people do waits for its end
AGAIN, LONGEST = 1.0, 5.0  # seconds between two tries to write down what became of a message: whoever takes over its
# lane waits a multiple of that before it sends the message again (fleet.IN_FLIGHT)


class NotCommitted(Exception):
    """One of several changes could not be made, so none of them was."""


class GroupCommit:
    """Where transactions go side by side each change has its own: none may hold a row that another waits for."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.most = MOST if app.engine.dialect.name == "sqlite" else 1
        self.waiting: deque[tuple[Change, asyncio.Future[Any]]] = deque()
        self.writing: asyncio.Task[None] | None = None

    async def write(self, change: Callable[[Session], T]) -> T:
        """What `change` returns, once that is saved. It is called again where a fault of another one undid it.

        Raises what it raises, or what happened at the commit: then nobody can tell whether it was saved.
        """
        if self.most == 1:
            return (await asyncio.to_thread(self._in_one, [change]))[0]  # type: ignore[no-any-return]
        about = copy_context()  # what is logged meanwhile says which delivery it is about
        result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self.waiting.append((lambda session: about.run(change, session), result))
        if self.writing is None or self.writing.done():
            self.writing = asyncio.create_task(self._write())
        return await result

    async def write_until_committed(self, change: Callable[[Session], T]) -> T:
        """As `write`, however long it takes: the disk may be full, or the database restarting."""
        pause = AGAIN
        while True:
            try:
                return await self.write(change)
            except Exception:
                log.exception("what became of a delivery could not be written down; trying again")
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST)

    async def _write(self) -> None:
        while self.waiting:
            some = [self.waiting.popleft() for _each in range(min(self.most, len(self.waiting)))]
            outcomes = await asyncio.to_thread(self._outcomes, [change for change, _result in some])
            for (_change, result), outcome in zip(some, outcomes, strict=True):
                if result.done():  # nobody waits for it any longer
                    continue
                if isinstance(outcome, Exception):
                    result.set_exception(outcome)
                else:
                    result.set_result(outcome)

    def _outcomes(self, changes: Sequence[Change]) -> Sequence[Any]:
        """What each returned or raised."""
        try:
            return self._in_one(changes)
        except NotCommitted:
            return [outcome for change in changes for outcome in self._outcomes([change])]
        except Exception as why:
            return [why] * len(changes)

    def _in_one(self, changes: Sequence[Change]) -> list[Any]:
        made = []
        with self.app.write_lock, Session(self.app.engine) as session, session.begin():
            for change in changes:
                try:
                    made.append(change(session))
                except Exception as why:
                    if len(changes) == 1:
                        raise
                    raise NotCommitted from why
        return made
