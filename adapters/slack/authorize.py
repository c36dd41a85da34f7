"""Tells Bolt, for each event, as whom the bot is in the workspace, so that it knows the bot's own messages."""

from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize

from adapters.slack.workspaces import Workspaces
from bot.core.platform import RetryAfter


class Authorizer(AsyncAuthorize):
    """It lets everything through: where the bot is not let in, the handlers say so in their own words."""

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
