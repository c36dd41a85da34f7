"""Look up the meeting that someone means, or refuse if it is not the community's."""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.resolver import parse_id
from bot.features.meetings import rules, views
from storage.meetings import meetings
from storage.meetings.meetings import DROPPED, PLANNED, Meeting


def find(ctx: Context, id: str) -> Meeting:
    """Return a meeting of the community, past or to come, cancelled or not."""
    row = meetings.get(ctx.session, ctx.community_id, parse_id(id))
    if row is None or row.status == DROPPED:
        raise Refusal(views.not_found())
    return row


def find_to_come(ctx: Context, id: str) -> Meeting:
    """Return a meeting that is planned and has not begun."""
    meeting = find(ctx, id)
    if meeting.status != PLANNED or meeting.starts_at <= ctx.now:
        raise Refusal(views.not_found())
    return meeting


def upcoming(ctx: Context) -> list[Meeting]:
    """Return every planned meeting that has not begun, in order."""
    return list(meetings.between(ctx.session, ctx.community_id, ctx.now, ctx.now + rules.AHEAD))
