"""A cache of people's profiles (name, time zone, language), which Slack is asked for once and then not for a while."""

import asyncio
from collections import OrderedDict
from dataclasses import replace
from time import monotonic

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.parse import Body, Profile, profile

log = structlog.get_logger(__name__)

# A workspace, and a user in it.
Who = tuple[str, str]

CACHE_SIZE = 20_000  # people
# user_change events keep the cache current, but one may be missed, so Slack is asked again after this.
CACHE_LIFETIME = 900.0  # seconds


class UserCache:
    """Profiles by workspace and user, at most CACHE_SIZE. Those used longest ago are dropped first."""

    def __init__(self) -> None:
        self._known: OrderedDict[Who, tuple[Profile, float]] = OrderedDict()
        self._asking: dict[Who, asyncio.Task[None]] = {}

    async def find(self, client: AsyncWebClient, team: str, user: str, within: float) -> Profile | None:
        """Return the profile of `user` after at most `within` seconds, None if Slack hasn't answered by then.

        The request continues in the background, so that the next call is quick. An expired profile is returned rather
        than none.
        """
        who = (team, user)
        known = self._known.get(who)
        if known and monotonic() < known[1]:
            self._known.move_to_end(who)
            return known[0]
        task = self._asking.get(who)
        if task is None:
            task = self._asking[who] = asyncio.create_task(self._request_profile(client, who))
            task.add_done_callback(lambda _: self._asking.pop(who, None))
        await asyncio.wait({task}, timeout=within)
        known = self._known.get(who)
        return known[0] if known else None

    def known(self, team: str, user: str) -> Profile | None:
        """Return the profile of `user` as far as it is known, without asking Slack."""
        known = self._known.get((team, user))
        return known[0] if known else None

    def update(self, team: str, who: Body) -> None:
        """Take in a user_change event. Slack sends it for everyone in the workspace, so only known people matter."""
        user = (team, str(who.get("id") or ""))
        if known := self._known.get(user):
            now = profile(who)
            self._store(user, replace(now, locale=now.locale or known[0].locale))

    async def stop(self) -> None:
        """Cancel requests for profiles that are under way."""
        for task in list(self._asking.values()):
            task.cancel()
        await asyncio.gather(*self._asking.values(), return_exceptions=True)

    def forget(self, team: str) -> None:
        """Drop everyone of a workspace that removed the bot."""
        for who in [who for who in self._known if who[0] == team]:
            del self._known[who]

    async def _request_profile(self, client: AsyncWebClient, who: Who) -> None:
        try:
            answer = await client.users_info(user=who[1], include_locale=True)
        except (SlackClientError, ClientError, TimeoutError) as error:
            log.warning("Slack did not say who somebody is", error=type(error).__name__)
            return
        self._store(who, profile(answer.get("user") or {}))

    def _store(self, who: Who, known: Profile) -> None:
        self._known[who] = (known, monotonic() + CACHE_LIFETIME)
        self._known.move_to_end(who)
        while len(self._known) > CACHE_SIZE:
            self._known.popitem(last=False)
