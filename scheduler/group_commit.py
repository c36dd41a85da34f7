"""Group commit: the results of deliveries that arrive during one commit are written together in the next.

Every commit waits for the disk, and SQLite makes one at a time. Without this, a burst of messages would wait for
hundreds of commits, one after the other, long after the platform would have accepted it.
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
Write = Callable[[Session], Any]
# Changes in one transaction. Events of people wait for its end.
MOST = 10
# Seconds between two attempts to write a delivery's result: from AGAIN, doubled each time, up to LONGEST. A process
# that takes over the lane waits a multiple of that before it sends the message again (cluster_runner.IN_FLIGHT).
AGAIN, LONGEST = 1.0, 5.0


class NotCommitted(Exception):
    """One of several changes failed, so the transaction was rolled back."""


class GroupCommit:
    """Commits changes together on SQLite.

    On PostgreSQL transactions run in parallel, so each change has its own and never holds a row that another waits for.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self.batch_size = MOST if app.engine.dialect.name == "sqlite" else 1
        self.waiting: deque[tuple[Write, asyncio.Future[Any]]] = deque()
        self.writing: asyncio.Task[None] | None = None

    async def write(self, change: Callable[[Session], T]) -> T:
        """Run `change` in a transaction and return its result once it is committed.

        It is called again if another change in the same transaction failed. Raises what it raises, or the error of the
        commit, after which it isn't known whether the change was saved.
        """
        if self.batch_size == 1:
            return (await asyncio.to_thread(self._commit, [change]))[0]  # type: ignore[no-any-return]
        # Its log lines carry the delivery's id, which is in the caller's context.
        context = copy_context()
        result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self.waiting.append((lambda session: context.run(change, session), result))
        if self.writing is None or self.writing.done():
            self.writing = asyncio.create_task(self._write())
        return await result

    async def write_until_committed(self, change: Callable[[Session], T]) -> T:
        """Like `write`, but retry until it works: the disk may be full, or the database restarting."""
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
            group = [self.waiting.popleft() for _each in range(min(self.batch_size, len(self.waiting)))]
            outcomes = await asyncio.to_thread(self._outcomes, [change for change, _result in group])
            for (_change, result), outcome in zip(group, outcomes, strict=True):
                # Its caller was cancelled.
                if result.done():
                    continue
                if isinstance(outcome, Exception):
                    result.set_exception(outcome)
                else:
                    result.set_result(outcome)

    def _outcomes(self, changes: Sequence[Write]) -> Sequence[Any]:
        """Return what each change returned or raised."""
        try:
            return self._commit(changes)
        except NotCommitted:
            return [outcome for change in changes for outcome in self._outcomes([change])]
        except Exception as why:
            return [why] * len(changes)

    def _commit(self, changes: Sequence[Write]) -> list[Any]:
        """Make the changes in one transaction and return their results. Raises NotCommitted if one of several fails."""
        results = []
        with self.app.write_lock, Session(self.app.engine) as session, session.begin():
            for change in changes:
                try:
                    results.append(change(session))
                except Exception as why:
                    if len(changes) == 1:
                        raise
                    raise NotCommitted from why
        return results
