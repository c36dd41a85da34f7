"""Who people are: their name, time zone and language, asked of Slack once and remembered for a while."""

import asyncio
from collections import OrderedDict
from time import monotonic

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.read import Body, Profile, profile

log = structlog.get_logger(__name__)

MOST = 5_000  # people remembered at once
KEEP = 900.0  # seconds after which Slack is asked again, in case a change went by unheard


class People:
    def __init__(self, client: AsyncWebClient) -> None:
        self.client = client
        self._known: OrderedDict[str, tuple[Profile, float]] = OrderedDict()
        self._asking: dict[str, asyncio.Task[None]] = {}

    async def find(self, user: str, within: float) -> Profile | None:
        """What is known of `user` after at most `within` seconds; None where Slack has not said by then.

        The question goes on after that, so that the next time is quick. What has grown old is better than nothing.
        """
        known = self._known.get(user)
        if known and monotonic() < known[1]:
            self._known.move_to_end(user)
            return known[0]
        task = self._asking.get(user)
        if task is None:
            task = self._asking[user] = asyncio.create_task(self._ask(user))
            task.add_done_callback(lambda _: self._asking.pop(user, None))
        await asyncio.wait({task}, timeout=within)
        known = self._known.get(user)
        return known[0] if known else None

    def heard(self, who: Body) -> None:
        """A user_change event: Slack says what is new, about everyone in the workspace."""
        user = str(who.get("id") or "")
        if known := self._known.get(user):
            now = profile(who)
            self._keep(user, Profile(now.name, now.zone, now.locale or known[0].locale, now.can_manage))

    async def stop(self) -> None:
        for task in list(self._asking.values()):
            task.cancel()
        await asyncio.gather(*self._asking.values(), return_exceptions=True)

    async def _ask(self, user: str) -> None:
        try:
            answer = await self.client.users_info(user=user, include_locale=True)
        except (SlackClientError, ClientError, TimeoutError) as error:
            log.warning("Slack did not say who somebody is", error=type(error).__name__)
            return
        self._keep(user, profile(answer.get("user") or {}))

    def _keep(self, user: str, known: Profile) -> None:
        self._known[user] = (known, monotonic() + KEEP)
        self._known.move_to_end(user)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
