"""Look up the next meeting, or refuse."""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.features.meetings.types import views
from storage.meetings import meetings
from storage.meetings.meetings import Meeting


def next_meeting(ctx: Context) -> Meeting:
    row = meetings.next_meeting(ctx.session, ctx.community_id, ctx.now)
    if row is None:
        raise Refusal(views.none_planned())
    return row
