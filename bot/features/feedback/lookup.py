"""The meetings that may be looked back on, and the organization that somebody takes things home to."""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.resolver import parse_id
from bot.features.feedback import survey_views
from storage.meetings import meetings
from storage.meetings.meetings import PLANNED, Meeting


def held_or_none(ctx: Context, id: str) -> Meeting | None:
    row = meetings.get(ctx.session, ctx.community_id, parse_id(id))
    return row if row and row.status == PLANNED and row.starts_at <= ctx.now else None


def find(ctx: Context, id: str) -> Meeting:
    meeting = held_or_none(ctx, id)
    if meeting is None:
        raise Refusal(survey_views.no_such_meeting())
    return meeting


def organization(ctx: Context) -> str:
    row = ctx.membership
    return row.organization if row else ""
