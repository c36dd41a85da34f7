"""Many workspaces: each installed the bot itself, has its own token, and stays until it removes the bot.

The installations are in the database; workspaces in use are cached with their clients.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from time import monotonic

import structlog
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import doctor
from adapters.slack.errors import FAULTS, meaning, token_refused
from adapters.slack.messenger import Messenger
from adapters.slack.workspaces import SlackWorkspace
from bot.core.platform import Check, ConfigurationError, ConnectedChannel, RetryAfter
from bot.i18n import gettext as _
from bot.operations.encryption import Locked
from bot.operations.installations import Installations, Installed

log = structlog.get_logger(__name__)

CACHE_SIZE = 2_000  # workspaces
# Another process may have installed or removed the bot, so the database is asked again after this.
CACHE_LIFETIME = 30.0  # seconds
DOCTOR_CONCURRENCY = 8  # workspaces
# Until a delivery is tried again that came before there was a connection, or just as the bot was installed again.
SOON = 1.0  # seconds


class MultiWorkspace:
    """Every workspace that installed the bot at /slack/install, each with its own client."""

    def __init__(self, installations: Installations, base_url: str) -> None:
        self.installations, self.base_url = installations, base_url
        self._known: OrderedDict[str, tuple[SlackWorkspace, float]] = OrderedDict()
        # How often anything was forgotten. What was read from the database before then isn't cached.
        self._forgotten = 0
        self._session: ClientSession | None = None

    @property
    def ready(self) -> bool:
        return self._session is not None

    async def open(self, session: ClientSession) -> None:
        _found, shut = await asyncio.to_thread(self.installations.every)
        if shut:
            raise ConfigurationError(none_opens(shut))
        self._session = session

    def close(self) -> None:
        self._known.clear()
        self._session = None

    async def find(self, team: str) -> SlackWorkspace | None:
        """Return a workspace. Raises RetryAfter if there is no connection yet, or if no key opens its token."""
        known = self._known.get(team)
        if known and monotonic() < known[1]:
            self._known.move_to_end(team)
            return known[0]
        if self._session is None:
            raise RetryAfter(SOON, whole_lane=True)
        forgotten = self._forgotten
        try:
            found = await asyncio.to_thread(self.installations.find, team)
        except Locked:
            log.error("no key in COP_KEYS opens the token of a workspace", space=team)
            raise RetryAfter(CACHE_LIFETIME, whole_lane=True) from None
        if found is None:
            self._known.pop(team, None)
            return None
        same = known is not None and known[0].since == found.at
        workspace = known[0] if known and same else self._build(found)
        if forgotten != self._forgotten:
            return workspace
        self._known[team] = (workspace, monotonic() + CACHE_LIFETIME)
        self._known.move_to_end(team)
        while len(self._known) > CACHE_SIZE:
            self._known.popitem(last=False)
        return workspace

    def forget(self, team: str) -> None:
        """Drop a workspace from the cache, because it installed or removed the bot just now."""
        self._forgotten += 1
        self._known.pop(team, None)

    async def taken_out(self, team: str, at: datetime) -> None:
        await asyncio.to_thread(self.installations.lost, team, unless_after=at)
        self.forget(team)

    def check_token(self) -> None:
        """Do nothing: a token that is refused is deleted."""

    async def refused(self, team: str, workspace: SlackWorkspace, error: BaseException | None) -> bool:
        """Return whether the bot was removed. Deletes the token if so.

        A refusal may concern one call only, so Slack is asked about the token first. Raises RetryAfter if Slack can't
        say, or if the bot was installed again in the meantime.
        """
        assert workspace.since
        self.forget(team)
        try:
            await workspace.client.auth_test()
        except FAULTS as fault:
            if not token_refused(fault):
                means = meaning(fault)
                raise means if isinstance(means, RetryAfter) else RetryAfter(CACHE_LIFETIME) from fault
        else:
            return False
        lost = await asyncio.to_thread(self.installations.lost, team, unless_after=workspace.since)
        # The bot was installed again, with another token.
        if not lost and await self.find(team) is not None:
            raise RetryAfter(SOON)
        return True

    async def diagnose(self) -> list[Check]:
        """Report each workspace where something is wrong, and count the others in one line."""
        found, shut = await asyncio.to_thread(self.installations.every)
        slots = asyncio.Semaphore(DOCTOR_CONCURRENCY)

        async def check_one(one: Installed) -> Check:
            async with slots:
                return await doctor.installed(self._build(one).client, one.name or one.space, one.scopes)

        checks = await asyncio.gather(*map(check_one, found))
        well = sum(check.ok for check in checks)
        summary = Check(_("Slack workspaces"), not shut, _("{n} let the bot in.").format(n=well))
        if shut:
            summary = Check(summary.name, False, none_opens(shut), "COP_KEYS")
        return [summary, *(check for check in checks if not check.ok)]

    async def find_unreachable(self, channels: Sequence[ConnectedChannel]) -> list[Check]:
        """Report nothing of workspaces that don't let the bot in: another check does."""
        found, _shut = await asyncio.to_thread(self.installations.every)
        installed = {one.space: one for one in found}
        slots = asyncio.Semaphore(DOCTOR_CONCURRENCY)

        async def check_one(one: ConnectedChannel) -> list[Check]:
            async with slots:
                there = installed.get(one.space)
                return await doctor.channel(self._build(there).client, there.bot, one) if there else []

        return [check for checks in await asyncio.gather(*map(check_one, channels)) for check in checks]

    def _build(self, found: Installed) -> SlackWorkspace:
        client = AsyncWebClient(token=found.token, base_url=self.base_url, session=self._session, retry_handlers=[])
        return SlackWorkspace(client, Messenger(client), found.bot, found.scopes, found.at)


def none_opens(names: Sequence[str]) -> str:
    """Say that no key opens the tokens of the workspaces called `names`, and what to do about it."""
    sentence = _(
        "No key in COP_KEYS opens the token of {names}. Put the key they were locked with back into COP_KEYS, "
        "after the newest; or take the bot out of there with cop purge and install it again."
    )
    return sentence.format(names=", ".join(names[:5]) + ("…" if len(names) > 5 else ""))
