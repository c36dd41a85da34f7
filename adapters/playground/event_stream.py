"""Server-sent events: tells each open tab what changed, and a tab that was away what it missed."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from bot.core.resolver import parse_id

# A tab that missed more changes than this has to load its page again.
REMEMBERED = 1_000

Picture = dict[str, Any]


@dataclass(frozen=True)
class PageChange:
    """One change. `kind` is "post", "private", "gone", "clock", or "unseen", and `of` the id of the post or reply.

    `to` is the only person who sees it, "" for everyone.
    """

    number: int
    kind: str
    of: str
    to: str


class Hub:
    """Holds the latest changes for all tabs.

    A change is rendered only when a tab reads it, for that tab's person, so that a late tab sees the current state.
    """

    def __init__(self, draw: Callable[[PageChange, str], Picture | None]) -> None:
        """`draw(change, person)` returns what to send to a tab of that person, None for nothing."""
        self._draw = draw
        # Numbers start again whenever the playground starts, so a tab must tell the runs apart.
        self._life = token_hex(4)
        self._changes: deque[PageChange] = deque(maxlen=REMEMBERED)
        self._changed = asyncio.Event()
        self.closed = False
        self.number = 0

    @property
    def at(self) -> str:
        """The newest change, in the form in which a tab returns it."""
        return f"{self._life}-{self.number}"

    def publish(self, kind: str, of: str = "", to: str = "") -> None:
        self.number += 1
        self._changes.append(PageChange(self.number, kind, of, to))
        self._stir()

    def close(self) -> None:
        """End every stream."""
        self.closed = True
        self._stir()

    def _stir(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def listen(self, person: str, since: str, quiet: float) -> AsyncIterator[str]:
        """Yield what to write to a tab of `person` that has seen everything up to `since`.

        Yields "" whenever `quiet` seconds pass without a change.
        """
        life, _dash, number = since.rpartition("-")
        known = parse_id(number)
        oldest = self._changes[0].number if self._changes else self.number + 1
        if life != self._life or not oldest - 1 <= known <= self.number:
            known = self.number
            yield self.write("stale", {}, self.at)
        while not self.closed:
            changed = self._changed
            for change in [c for c in self._changes if c.number > known]:
                known = change.number
                if change.to in ("", person) and (picture := self._draw(change, person)) is not None:
                    yield self.write(change.kind, picture, f"{self._life}-{known}")
            if known >= self.number and changed is self._changed:
                try:
                    async with asyncio.timeout(quiet):
                        await changed.wait()
                except TimeoutError:
                    yield ""

    @staticmethod
    def write(kind: str, picture: Picture, id: str = "") -> str:
        numbered = f"id: {id}\n" if id else ""
        return f"event: {kind}\n{numbered}data: {json.dumps(picture)}\n\n"
