"""The workspaces that the bot is installed in, behind one protocol.

SingleWorkspace is the one whose token is in the settings. adapters.slack.multi_workspace has those that install the bot
themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import doctor
from adapters.slack.errors import FAULTS, call_until_answered, code, token_refused
from adapters.slack.messenger import Messenger
from bot.core.platform import Check, ConnectedChannel
from bot.operations.token_state import TokenState


@dataclass
class SlackWorkspace:
    """One workspace and a client for it.

    `bot` is the bot's user id there, and `scopes` are those of its token. `since` is when it installed the bot, if it
    did so itself.
    """

    client: AsyncWebClient
    messenger: Messenger
    bot: str = ""
    scopes: frozenset[str] = frozenset()
    since: datetime | None = None

    @classmethod
    def from_client(cls, client: AsyncWebClient) -> "SlackWorkspace":
        return cls(client, Messenger(client))


class Workspaces(Protocol):
    """What the adapter needs to know about the workspaces it serves. `team` is Slack's id of one."""

    @property
    def ready(self) -> bool: ...

    async def open(self, session: ClientSession) -> None:
        """Get ready to use `session`. Raises ConfigurationError if the settings don't let the bot in."""

    def close(self) -> None: ...

    async def find(self, team: str) -> SlackWorkspace | None:
        """Return a workspace, None if the bot isn't installed there. Raises RetryAfter if that isn't known yet."""

    def check_token(self) -> None:
        """Raise RetryAfter while it is known that Slack doesn't accept the token."""

    async def taken_out(self, team: str, at: datetime) -> None:
        """Take in that the bot was removed, or its token revoked, at that moment."""

    async def diagnose(self) -> list[Check]: ...

    async def find_unreachable(self, channels: Sequence[ConnectedChannel]) -> list[Check]: ...

    async def refused(self, team: str, workspace: SlackWorkspace, error: BaseException | None) -> bool:
        """Take in that Slack refused the token in a call. Return whether the bot was removed.

        Raises RetryAfter if deliveries have to wait: until the token works, or because it was installed again.
        """


class SingleWorkspace:
    """The workspace whose token is in the settings."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.only = SlackWorkspace.from_client(client)
        self.token = TokenState("slack", self._accepts_token)

    @property
    def ready(self) -> bool:
        return bool(self.only.bot) and not self.token.refused

    async def open(self, session: ClientSession) -> None:
        client = self.only.client
        client.session = session
        signed_in = await call_until_answered("SLACK_BOT_TOKEN", client.auth_test)
        self.only.bot = str(signed_in["user_id"])
        granted = str(signed_in.headers.get("x-oauth-scopes") or "")
        self.only.scopes = frozenset(scope.strip() for scope in granted.split(","))

    def close(self) -> None:
        self.only.bot, self.only.client.session = "", None
        self.token.close()

    async def find(self, team: str) -> SlackWorkspace | None:
        return self.only

    async def taken_out(self, team: str, at: datetime) -> None:
        """Ask Slack about the token, since it may be told late. A person must change it in the settings."""
        try:
            await self.only.client.auth_test()
        except FAULTS as error:
            if token_refused(error):
                self.token.refuse(code(error))

    def check_token(self) -> None:
        self.token.check()

    async def refused(self, team: str, workspace: SlackWorkspace, error: BaseException | None) -> bool:
        raise self.token.refuse(code(error) if isinstance(error, FAULTS) else "")

    async def diagnose(self) -> list[Check]:
        return await doctor.bot_token(self.only.client)

    async def find_unreachable(self, channels: Sequence[ConnectedChannel]) -> list[Check]:
        client = self.only.client
        try:
            bot = str((await client.auth_test())["user_id"])
        except FAULTS:
            # Another check says what is wrong with the token.
            return []
        return [check for one in channels for check in await doctor.channel(client, bot, one)]

    async def _accepts_token(self) -> bool:
        try:
            await self.only.client.auth_test()
        except FAULTS:
            return False
        return True
