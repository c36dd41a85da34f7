"""Tells Bolt, for each event, which bot user and token it has in that workspace.

Bolt needs the bot's user id to recognize the bot's own messages.
"""

from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize

from adapters.slack.workspaces import Workspaces
from bot.core.platform import RetryAfter


class Authorizer(AsyncAuthorize):
    """Lets everything through. Where the bot isn't installed, the handlers say so in the bot's own words."""

    def __init__(self, workspaces: Workspaces) -> None:
        self.workspaces = workspaces

    async def __call__(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None, **_more: Any
    ) -> AuthorizeResult:
        try:
            workspace = await self.workspaces.find(team_id or "")
        except RetryAfter:
            workspace = None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=workspace.bot if workspace else None,
            bot_token=workspace.client.token if workspace else None,
        )
