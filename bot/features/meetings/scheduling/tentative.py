"""Handlers for tentative meetings, whose day is not known yet. They become meetings once someone sets the day."""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.features.meetings.changes import views
from bot.features.meetings.feature import feature
from bot.features.meetings.scheduling import tentative_views
from bot.features.meetings.scheduling.partial_dates import Span
from bot.ui import Reply
from storage.meetings import meetings, tentative
from storage.meetings.tentative import TentativeMeeting


def save(ctx: Context, title: str, span: Span, instead: int = 0) -> Reply:
    """Save a tentative meeting, in place of the one with the id `instead`, if any."""
    row = tentative.get(ctx.session, ctx.community_id, instead)
    if row:
        tentative.remove(ctx.session, row)
    row = tentative.add(
        ctx.session,
        ctx.community_id,
        title=title,
        precision=span.precision,
        year=span.year,
        part=span.part,
        until=span.until,
        now=ctx.now,
    )
    ctx.audit("meetings.expect")
    return tentative_views.saved(row)


@feature.command(
    "meeting expected",
    help="Meetings whose day is not known yet, and setting the day",
    needs=Role.FACILITATOR,
    reads=True,
)
def show(ctx: Context, event: Command) -> Reply:
    return tentative_views.listed(tentative.in_community(ctx.session, ctx.community_id))


@feature.click("set_day", needs=Role.FACILITATOR, reads=True)
def set_day(ctx: Context, event: Click) -> Reply:
    row = _chosen(ctx, event)
    series = meetings.series_of(ctx.session, ctx.community_id)
    minutes = series[0].minutes if series else 60
    return views.schedule_form({"title": row.title, "minutes": str(minutes)}, str(row.id))


@feature.click("unexpect", needs=Role.FACILITATOR)
def take_off(ctx: Context, event: Click) -> Reply:
    row = _chosen(ctx, event)
    # The row cannot be read once it is deleted.
    message = tentative_views.taken_off(row)
    tentative.remove(ctx.session, row)
    ctx.audit("meetings.unexpect")
    return message


def _chosen(ctx: Context, event: Click) -> TentativeMeeting:
    row = tentative.get(ctx.session, ctx.community_id, parse_id(event.chosen[0] if event.chosen else event.value))
    if row is None:
        raise Refusal(tentative_views.not_found())
    return row
