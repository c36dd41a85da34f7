"""Whether a platform accepts the bot's token. While it doesn't, deliveries wait and the platform isn't ready."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context

import structlog

from bot.core.platform import TokenRefused

log = structlog.get_logger(__name__)

# Seconds between two questions to the platform. They become rarer while the answer stays the same.
FIRST_WAIT, LONGEST_WAIT = 5.0, 60.0
# Seconds until a delivery that waits for the token looks again. It asks only this process.
DELIVERY_WAIT = 5.0


class TokenState:
    """Remembers that a platform refused the token, and asks it until the token works."""

    def __init__(self, platform: str, ask: Callable[[], Awaitable[bool]]) -> None:
        """`ask` asks the platform, and returns whether it accepts the token. It must not raise."""
        self.platform, self.ask = platform, ask
        self._asking: asyncio.Task[None] | None = None

    @property
    def refused(self) -> bool:
        return self._asking is not None

    def check(self) -> None:
        """Raise TokenRefused while the token doesn't work, so that nothing is sent with it."""
        if self.refused:
            raise TokenRefused(DELIVERY_WAIT)

    def refuse(self, why: str) -> TokenRefused:
        """Take in that the platform refused the token, and return what to raise. The log says it once."""
        if self._asking is None:
            log.error("the platform does not accept the bot’s token", platform=self.platform, error=why)
            # It has nothing to do with the delivery that found it out, so its log lines don't name that.
            self._asking = asyncio.create_task(self._ask(), context=Context())
        return TokenRefused(DELIVERY_WAIT)

    def close(self) -> None:
        """Forget it, and stop asking."""
        if self._asking:
            self._asking.cancel()
        self._asking = None

    async def _ask(self) -> None:
        wait = FIRST_WAIT
        await asyncio.sleep(wait)
        while not await self.ask():
            wait = min(wait * 2, LONGEST_WAIT)
            await asyncio.sleep(wait)
        log.info("the platform accepts the bot’s token again", platform=self.platform)
        self._asking = None
