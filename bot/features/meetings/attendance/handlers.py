"""Handlers with which members say that they were at a meeting, and read their own record."""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command
from bot.features.meetings import lookup, rules
from bot.features.meetings.attendance import views
from bot.features.meetings.feature import feature
from bot.features.meetings.posts import card
from bot.ui import Reply
from storage.meetings import attendance, meetings
from storage.meetings.meetings import PLANNED, Meeting

# Meetings in a member's own record.
SHOWN = 12


def held(ctx: Context, id: str) -> Meeting:
    """Return a meeting that has begun, at most rules.SAY_THERE ago. Refuses otherwise."""
    meeting = lookup.find(ctx, id)
    if meeting.status != PLANNED or meeting.starts_at > ctx.now:
        raise Refusal(views.not_yet(meeting))
    if meeting.starts_at + rules.SAY_THERE <= ctx.now:
        raise Refusal(views.too_long_ago(meeting))
    return meeting


def offer_key(meeting: Meeting) -> str:
    """Return the key of the direct messages that offer catch-up."""
    return f"meetings.missed.{meeting.id}"


@feature.click("there")
def say_there(ctx: Context, event: Click) -> Reply:
    meeting = held(ctx, event.value)
    attendance.put(ctx.session, meetings.key(meeting), ctx.me, attendance.THERE, ctx.now)
    card.refresh(ctx, meeting)
    ctx.redraw(offer_key(meeting))
    return views.was_there(meeting)


@feature.click("not_there")
def take_back(ctx: Context, event: Click) -> Reply:
    meeting = held(ctx, event.value)
    attendance.drop(ctx.session, meetings.key(meeting), [ctx.me])
    ctx.session.expire_all()
    card.refresh(ctx, meeting)
    ctx.redraw(offer_key(meeting))
    return views.was_not_there(meeting)


@feature.command("my attendance", help="The meetings you were at, and those you made up for", reads=True)
def own_record(ctx: Context, event: Command) -> Reply:
    own = attendance.of_person(ctx.session, ctx.community_id, ctx.me, ctx.now, SHOWN)
    return views.own_record(own, ctx.community.name)
