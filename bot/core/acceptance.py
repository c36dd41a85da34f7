"""Acceptance: saves what is acknowledged before it is handled, so that not even a killed process loses it.

Only a form, or a command with words behind it, that has to wait is saved, since what is handled first is saved with its
effects. Those that wait at the same moment share one commit.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog

from bot.core.events import Command, Submission

log = structlog.get_logger(__name__)
Waiting = Submission | Command


class Acceptance:
    """Calls `save` in a thread of its own, with all events that came while it was busy. `save` may raise anything."""

    def __init__(self, save: Callable[[Sequence[Waiting]], None]) -> None:
        self._save, self._thread = save, ThreadPoolExecutor(1, thread_name_prefix="acceptance")
        self._waiting: list[tuple[Waiting, asyncio.Future[bool]]] = []
        self._saving: asyncio.Task[None] | None = None

    async def accept(self, event: Waiting, within: float) -> bool:
        """Save an event, and return whether it may be acknowledged.

        That is the case too when saving takes longer than `within` seconds, since the platform doesn't wait. It isn't
        when saving failed, so that the platform keeps what was typed.
        """
        saved = asyncio.get_running_loop().create_future()
        self._waiting.append((event, saved))
        if self._saving is None or self._saving.done():
            self._saving = asyncio.create_task(self._save_all())
        await asyncio.wait({saved}, timeout=within)
        return not saved.done() or saved.result()

    async def _save_all(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            events = [event for event, _saved in group]
            try:
                await asyncio.get_running_loop().run_in_executor(self._thread, self._save, events)
                is_saved = True
            except Exception as error:
                log.warning("what waits could not be saved", error=type(error).__name__, count=len(events))
                is_saved = False
            for _event, saved in group:
                saved.set_result(is_saved)
