"""Look up an upcoming meeting, or refuse."""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.resolver import parse_id
from bot.features.meetings.types import views
from storage.meetings import meetings
from storage.meetings.meetings import PLANNED, Meeting


def find(ctx: Context, id: str) -> Meeting:
    """Return a planned meeting that has not begun."""
    row = meetings.get(ctx.session, ctx.community_id, parse_id(id))
    if row is None or row.status != PLANNED or row.starts_at <= ctx.now:
        raise Refusal(views.not_found())
    return row


def next_meeting(ctx: Context) -> Meeting:
    row = meetings.next_meeting(ctx.session, ctx.community_id, ctx.now)
    if row is None:
        raise Refusal(views.none_planned())
    return row
