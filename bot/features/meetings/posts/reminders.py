"""Rewrites posted reminders when their meeting changes, and cancels reminders that are too late to send."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from bot.core.context import Context
from bot.features.meetings.posts import card, card_sections, reminder_views
from bot.features.meetings.posts.card_section_views import Team
from bot.features.meetings.posts.reminder_views import About
from bot.ui import Message, ToPerson, ToThread, showing
from storage.agenda import topics as agenda_topics
from storage.meetings import meetings, reminders, rsvps
from storage.meetings.meetings import Meeting
from storage.messaging import outbox

# A view of a channel reminder: its meetings, the moment it counts from, and the community's zone.
Seen = Callable[[Sequence[About], datetime, str], Message]


def about(ctx: Context, meeting: Meeting) -> About:
    """Return what a channel reminder shows of a meeting now."""
    return _about(ctx, meeting, holds=True, answer="", community=ctx.community.name)


def meetings_in_message(ctx: Context, person: int | None, key: str) -> list[About]:
    """Return the meetings of one posted reminder, as they are now. `person` is None in the channel."""
    return [
        _about(ctx, meeting, holds=holds, answer=answer, community=community.name)
        for meeting, holds, answer, community in reminders.meetings_in_message(ctx.session, person, key)
    ]


def _about(ctx: Context, meeting: Meeting, *, holds: bool, answer: str, community: str) -> About:
    counts = rsvps.counts(ctx.session, meetings.key(meeting))
    topics = agenda_topics.for_meeting(ctx.session, meeting)
    return About(meeting, holds, answer, community, counts, topics)


def direct_reminder(ctx: Context, person: int, included: Sequence[About]) -> Callable[[], Message]:
    """Return a view of a direct reminder. That of a single meeting also tells where else the person's team meets."""
    alone = len(included) == 1 and included[0].is_current
    team = card_sections.team(ctx, included[0].meeting, person) if alone else Team()
    return partial(reminder_views.direct_reminder, included, team)


def refresh_reminders(ctx: Context, meeting: Meeting) -> None:
    """Rewrite every reminder of the meeting. One that was not sent yet is cancelled if none of its meetings holds."""
    for person, key in reminders.of_meeting(ctx.session, meetings.key(meeting)):
        included = meetings_in_message(ctx, person, key)
        if not any(each.is_current for each in included):
            outbox.cancel_unsent(ctx.session, key)
        rows = [row for row in outbox.copies(ctx.session, key) if row.state != outbox.SUPPRESSED]
        if not rows:
            continue
        if person is None:
            _rewrite(ctx, key, rows, reminder_views.soon, included)
        else:
            to = ToPerson(person, ignores_quiet_hours=rows[0].ignores_quiet_hours)
            ctx.post(to, key, direct_reminder(ctx, person, included))


def redraw_in_channel(ctx: Context, meeting: Meeting, key: str) -> None:
    """Rewrite a channel reminder, as of this meeting alone if it is no longer known which others it was about."""
    rows = outbox.copies(ctx.session, key)
    if not rows:
        return
    included = meetings_in_message(ctx, None, key) or [about(ctx, meeting)]
    view = reminder_views.soon if any(each.meeting.starts_at > ctx.now for each in included) else reminder_views.begun
    _rewrite(ctx, key, rows, view, included)


def _showing(ctx: Context, view: Seen, included: Sequence[About], first: datetime) -> Message:
    """Return a channel reminder with whom it counts."""
    counted = [id for each in included for id in rsvps.respondents(ctx.session, meetings.key(each.meeting))]
    return showing(view(included, first, ctx.community.zone), counted)


def post_in_channel(ctx: Context, key: str, view: Seen, included: Sequence[About], first: datetime) -> None:
    ctx.post(ToThread(card.card_key_of(key), broadcast=True), key, _showing, ctx, view, included, first)


def _rewrite(ctx: Context, key: str, rows: Sequence[outbox.Outgoing], view: Seen, included: Sequence[About]) -> None:
    """Rewrite a channel reminder. Words such as "tomorrow" keep counting from when it was first posted."""
    first = min(row.made_at for row in rows)
    post_in_channel(ctx, key, view, included, first)


def cancel_late_reminders(ctx: Context, meeting: Meeting) -> None:
    """Cancel unsent reminders of a meeting that has begun, and stop posted ones in the channel from asking for RSVPs.

    A reminder that also names a meeting still to come stays.
    """
    for person, key in reminders.of_meeting(ctx.session, meetings.key(meeting)):
        included = meetings_in_message(ctx, person, key)
        if any(each.meeting.starts_at > ctx.now for each in included):
            continue
        outbox.cancel_unsent(ctx.session, key)
        rows = outbox.copies(ctx.session, key)
        # Rewriting a reminder that was never delivered would send it after all.
        if person is None and rows and all(row.receipt for row in rows):
            _rewrite(ctx, key, rows, reminder_views.begun, included)
    reminders.forget_past(ctx.session, ctx.community_id, ctx.now)
