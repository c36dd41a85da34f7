"""Look up a meeting that has been held, and the organization of the acting person."""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.resolver import parse_id
from bot.features.feedback import survey_views
from storage.meetings import meetings
from storage.meetings.meetings import PLANNED, Meeting
from storage.people import organizations


def held_or_none(ctx: Context, id: str) -> Meeting | None:
    """Return the meeting if it has begun and was not cancelled."""
    row = meetings.get(ctx.session, ctx.community_id, parse_id(id))
    return row if row and row.status == PLANNED and row.starts_at <= ctx.now else None


def find(ctx: Context, id: str) -> Meeting:
    """Return a meeting that has been held, or refuse."""
    meeting = held_or_none(ctx, id)
    if meeting is None:
        raise Refusal(survey_views.no_such_meeting())
    return meeting


def organization(ctx: Context) -> str:
    """Return the organization that the acting person is confirmed for here; "" if there is none."""
    return organizations.confirmed(ctx.membership)
