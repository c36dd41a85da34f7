"""The workspaces that let the bot in: here the one whose token is in the settings; in `many`, all that install it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import doctor
from adapters.slack.errors import insist
from adapters.slack.messenger import Messenger
from bot.core.platform import Check


@dataclass
class Workspace:
    """One workspace, with a client that speaks there."""

    client: AsyncWebClient
    voice: Messenger
    bot: str = ""  # the bot's own user id there
    scopes: frozenset[str] = frozenset()  # that its token has
    since: datetime | None = None  # when it let the bot in, where it did so by itself

    @classmethod
    def of(cls, client: AsyncWebClient) -> "Workspace":
        return cls(client, Messenger(client))


class Workspaces(Protocol):
    @property
    def ready(self) -> bool: ...

    async def open(self, session: ClientSession) -> None:
        """Raises ConfigurationError where the settings do not let the bot in."""

    def close(self) -> None: ...

    async def find(self, team: str) -> Workspace | None:
        """None: it does not let the bot in. Raises RetryAfter where that is not known yet."""

    async def taken_out(self, team: str, at: datetime) -> None:
        """Slack says that the bot was taken out, or its token revoked, at that moment."""

    async def diagnose(self) -> list[Check]: ...

    async def refused(self, team: str, workspace: Workspace, error: BaseException | None) -> bool:
        """Whether what Slack answered means that the bot was taken out; raises RetryAfter where it is in again."""


class SingleWorkspace:
    """The workspace whose token is in the settings, whichever Slack says it is."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.only = Workspace.of(client)

    @property
    def ready(self) -> bool:
        return bool(self.only.bot)

    async def open(self, session: ClientSession) -> None:
        client = self.only.client
        client.session = session
        signed_in = await insist("SLACK_BOT_TOKEN", client.auth_test)
        self.only.bot = str(signed_in["user_id"])
        granted = str(signed_in.headers.get("x-oauth-scopes") or "")
        self.only.scopes = frozenset(scope.strip() for scope in granted.split(","))

    def close(self) -> None:
        self.only.bot, self.only.client.session = "", None

    async def find(self, team: str) -> Workspace | None:
        return self.only

    async def taken_out(self, team: str, at: datetime) -> None:
        """A person puts another token into the settings; until then deliveries say what is wrong."""

    async def refused(self, team: str, workspace: Workspace, error: BaseException | None) -> bool:
        return False

    async def diagnose(self) -> list[Check]:
        return await doctor.bot_token(self.only.client)
