"""The way in: what Slack sends is acknowledged in time, whatever waits behind it.

Bolt takes about a millisecond for each request before a listener can acknowledge it, and a form is acknowledged only
when its outcome is known. So when many arrive at once, each is acknowledged here as soon as it has been read, and Bolt
takes in a few at a time. The outcome follows, as a private answer.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack import parse
from bot.core.workers import Workers

# How many requests Bolt reads at a time.
READERS = 8
# In the context of a request: when it arrived, in the event loop's time, and that it has been acknowledged.
ARRIVED, ACKNOWLEDGED = "arrived", "acknowledged"

Acknowledge = Callable[[BoltResponse], Awaitable[None]]
Accept = Callable[[dict[str, Any]], Awaitable[bool]]


class Intake:
    """Passes requests to Bolt. `root` is the root word of the bot's slash commands.

    `accept` saves what would be lost if the process were killed before it is handled. It returns whether the request
    may be acknowledged first.
    """

    def __init__(self, bolt: AsyncApp, workers: Workers, root: str, accept: Accept) -> None:
        self.bolt, self.workers, self.root, self.accept = bolt, workers, root, accept
        self._readers = asyncio.Semaphore(READERS)
        self._unread = 0

    @property
    def crowded(self) -> bool:
        return self._unread >= READERS or self.workers.crowded

    async def take(self, request: AsyncBoltRequest, acknowledge: Acknowledge) -> None:
        """Pass a request to Bolt, and its response to `acknowledge`. If many wait, that comes first."""
        self.workers.note_arrival()
        request.context[ARRIVED] = asyncio.get_running_loop().time()
        first = self.crowded and self._needs_no_words(request.body)
        self._unread += 1
        try:
            first = first and await self.accept(request.body)
            if first:
                request.context[ACKNOWLEDGED] = True
                await acknowledge(BoltResponse(status=200))
            async with self._readers:
                response = await self.bolt.async_dispatch(request)
            if not first:
                await acknowledge(response)
        finally:
            self._unread -= 1

    def _needs_no_words(self, body: parse.Body) -> bool:
        """Return whether an acknowledgement can be empty. A menu waits for its choices, Slack's check of a new address
        for its challenge, and a foreign command for why it isn't answered.
        """
        if body.get("type") in ("block_suggestion", "url_verification"):
            return False
        return "command" not in body or parse.root(body, self.root) is not None
