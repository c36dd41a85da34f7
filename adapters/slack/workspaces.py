"""The workspaces that the bot is installed in, behind one protocol.

SingleWorkspace is the one whose token is in the settings. adapters.slack.multi_workspace has those that install the bot
themselves.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import doctor
from adapters.slack.errors import call_until_answered
from adapters.slack.messenger import Messenger
from bot.core.platform import Check


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

    async def taken_out(self, team: str, at: datetime) -> None:
        """Take in that the bot was removed, or its token revoked, at that moment."""

    async def diagnose(self) -> list[Check]: ...

    async def refused(self, team: str, workspace: SlackWorkspace, error: BaseException | None) -> bool:
        """Return whether Slack's answer means that the bot was removed. Raises RetryAfter if it was installed again."""


class SingleWorkspace:
    """The workspace whose token is in the settings."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.only = SlackWorkspace.from_client(client)

    @property
    def ready(self) -> bool:
        return bool(self.only.bot)

    async def open(self, session: ClientSession) -> None:
        client = self.only.client
        client.session = session
        signed_in = await call_until_answered("SLACK_BOT_TOKEN", client.auth_test)
        self.only.bot = str(signed_in["user_id"])
        granted = str(signed_in.headers.get("x-oauth-scopes") or "")
        self.only.scopes = frozenset(scope.strip() for scope in granted.split(","))

    def close(self) -> None:
        self.only.bot, self.only.client.session = "", None

    async def find(self, team: str) -> SlackWorkspace | None:
        return self.only

    async def taken_out(self, team: str, at: datetime) -> None:
        """Do nothing: a person must change the token in the settings, and until then deliveries say what is wrong."""

    async def refused(self, team: str, workspace: SlackWorkspace, error: BaseException | None) -> bool:
        return False

    async def diagnose(self) -> list[Check]:
        return await doctor.bot_token(self.only.client)
