"""The next meeting as an event in the platform's own calendar (Discord has one), kept in step with the meeting."""

from bot.core.context import Context
from bot.features.meetings import views
from bot.ui import ToCalendar
from storage.meetings import meetings
from storage.meetings.meetings import PLANNED, Meeting
from storage.messaging import outbox


def _key(meeting: Meeting) -> str:
    return f"meetings.event.{meeting.id}"


def mirror(ctx: Context) -> None:
    """Post an event for the next meeting, and rewrite those that exist, also of meetings that no longer take place."""
    if not ctx.calendars:
        return
    ahead = meetings.from_now(ctx.session, ctx.community_id, ctx.now)
    shown = outbox.posted(ctx.session, [_key(meeting) for meeting in ahead])
    coming = next((meeting for meeting in ahead if meeting.status == PLANNED), None)
    for meeting in ahead:
        if meeting is coming or _key(meeting) in shown:
            ctx.post(ToCalendar(), _key(meeting), views.event, ctx.community.name, meeting)
