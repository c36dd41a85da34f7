"""Every workspace that installed the bot by itself, each with its own token, until it takes the bot out again."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from time import monotonic

import structlog
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import doctor
from adapters.slack.errors import FAULTS, code, meaning
from adapters.slack.messenger import Messenger
from adapters.slack.workspaces import Workspace
from bot.core.platform import Check, ConfigurationError, RetryAfter
from bot.i18n import gettext as _
from bot.operations.encryption import Locked
from bot.operations.installations import Installations, Installed

log = structlog.get_logger(__name__)

MOST = 2_000  # workspaces remembered at once
KEEP = 30.0  # seconds after which the database is asked again: another process may have let one in or out
AT_ONCE = 8  # workspaces that the doctor asks about at the same time
SIGNING_IN = 1.0  # seconds until what needs a connection is tried again
DEAD_TOKEN = {"account_inactive", "app_uninstalled", "invalid_auth", "token_expired", "token_revoked"}


class MultiWorkspace:
    """Every workspace that installed the bot at /slack/install, with a client of its own."""

    def __init__(self, installations: Installations, base_url: str) -> None:
        self.installations, self.base_url = installations, base_url
        self._known: OrderedDict[str, tuple[Workspace, float]] = OrderedDict()
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

    async def find(self, team: str) -> Workspace | None:
        known = self._known.get(team)
        if known and monotonic() < known[1]:
            self._known.move_to_end(team)
            return known[0]
        if self._session is None:
            raise RetryAfter(SIGNING_IN, whole_lane=True)
        try:
            found = await asyncio.to_thread(self.installations.find, team)
        except Locked:
            log.error("no key in COP_KEYS opens the token of a workspace", space=team)
            raise RetryAfter(KEEP, whole_lane=True) from None
        if found is None:
            self._known.pop(team, None)
            return None
        same = known is not None and known[0].since == found.at
        workspace = known[0] if known and same else self._made(found)
        self._known[team] = (workspace, monotonic() + KEEP)
        self._known.move_to_end(team)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        return workspace

    def forget(self, team: str) -> None:
        """Ask the database anew: it was let in, or out, just now."""
        self._known.pop(team, None)

    async def taken_out(self, team: str, at: datetime) -> None:
        await asyncio.to_thread(self.installations.lost, team, unless_after=at)
        self.forget(team)

    async def refused(self, team: str, workspace: Workspace, error: BaseException | None) -> bool:
        """A refusal may be about one call only: Slack is asked about the token before that is deleted."""
        assert workspace.since
        if not isinstance(error, FAULTS) or code(error) not in DEAD_TOKEN:
            return False
        self.forget(team)
        try:
            await workspace.client.auth_test()
        except FAULTS as fault:
            if code(fault) not in DEAD_TOKEN:
                means = meaning(fault)
                raise means if isinstance(means, RetryAfter) else RetryAfter(KEEP) from fault
        else:
            return False
        lost = await asyncio.to_thread(self.installations.lost, team, unless_after=workspace.since)
        if not lost and await self.find(team) is not None:  # it was let in again, with another token
            raise RetryAfter(SIGNING_IN)
        return True

    async def diagnose(self) -> list[Check]:
        """Each workspace that does not let the bot in as it should; the others in one line."""
        found, shut = await asyncio.to_thread(self.installations.every)
        crowd = asyncio.Semaphore(AT_ONCE)

        async def ask(one: Installed) -> Check:
            async with crowd:
                return await doctor.installed(self._made(one).client, one.name or one.space, one.scopes)

        checks = await asyncio.gather(*map(ask, found))
        well = sum(check.ok for check in checks)
        summary = Check(_("Slack workspaces"), not shut, _("{n} let the bot in.").format(n=well))
        if shut:
            summary = Check(summary.name, False, none_opens(shut), "COP_KEYS")
        return [summary, *(check for check in checks if not check.ok)]

    def _made(self, found: Installed) -> Workspace:
        client = AsyncWebClient(token=found.token, base_url=self.base_url, session=self._session, retry_handlers=[])
        return Workspace(client, Messenger(client), found.bot, found.scopes, found.at)


def none_opens(names: Sequence[str]) -> str:
    """`names` are of workspaces whose token no key opens."""
    said = _(
        "No key in COP_KEYS opens the token of {names}. Put the key they were locked with back into COP_KEYS, "
        "after the newest; or take the bot out of there with cop purge and install it again."
    )
    return said.format(names=", ".join(names[:5]) + ("…" if len(names) > 5 else ""))
