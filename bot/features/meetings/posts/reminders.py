"""Keeps posted reminders true: rewrites them when their meeting changes, and cancels what is too late to send."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from bot.core.context import Context
from bot.features.meetings.posts import card, card_sections, reminder_views
from bot.features.meetings.posts.card_section_views import Team
from bot.features.meetings.posts.reminder_views import About
from bot.ui import Message, ToPerson, ToThread
from storage.agenda import topics as agenda_topics
from storage.meetings import meetings as store
from storage.meetings import reminders, rsvps
from storage.meetings.meetings import Meeting
from storage.messaging import outbox

Seen = Callable[[Sequence[About], datetime, str], Message]  # of what is said of the meetings, from when, in which zone


def about(ctx: Context, meeting: Meeting) -> About:
    """What a reminder in the channel says of a meeting now."""
    return _about(ctx, meeting, holds=True, answer="", community=ctx.community.name)


def held_in(ctx: Context, person: int | None, key: str) -> list[About]:
    """Everything that one message reminds of, as it is now. `person` None: in the channel."""
    return [
        _about(ctx, meeting, holds=holds, answer=answer, community=community.name)
        for meeting, holds, answer, community in reminders.meetings_in_message(ctx.session, person, key)
    ]


def _about(ctx: Context, meeting: Meeting, *, holds: bool, answer: str, community: str) -> About:
    counts = rsvps.counts(ctx.session, store.key(meeting))
    topics = agenda_topics.for_meeting(ctx.session, meeting)
    return About(meeting, holds, answer, community, counts, topics)


def direct_reminder(ctx: Context, person: int, said: Sequence[About]) -> Callable[[], Message]:
    """What says a private reminder, and where else the person’s team meets on the day of it."""
    alone = len(said) == 1 and said[0].holds
    team = card_sections.team(ctx, said[0].meeting, person) if alone else Team()
    return partial(reminder_views.own, said, team)


def refresh_reminders(ctx: Context, meeting: Meeting) -> None:
    """Rewrite every reminder that was posted of the meeting; what has not left yet and no longer holds never does."""
    for person, key in reminders.of_meeting(ctx.session, store.key(meeting)):
        said = held_in(ctx, person, key)
        if not any(each.holds for each in said):
            outbox.cancel_unsent(ctx.session, key)
        rows = [row for row in outbox.of(ctx.session, key) if row.state != outbox.SUPPRESSED]
        if not rows:
            continue
        if person is None:
            _rewrite(ctx, key, rows, reminder_views.soon, said)
        else:
            ctx.post(ToPerson(person, ignores_quiet_hours=rows[0].at_once), key, direct_reminder(ctx, person, said))


def _rewrite(ctx: Context, key: str, rows: Sequence[outbox.Outgoing], view: Seen, said: Sequence[About]) -> None:
    """What answers the meeting's card in the channel, seen from when it was posted."""
    first = min(row.made_at for row in rows)
    ctx.post(ToThread(card.card_key_of(key), broadcast=True), key, view, said, first, ctx.community.zone)


def cancel_late_reminders(ctx: Context, meeting: Meeting) -> None:
    """A meeting has begun: what was to remind of it alone and has not left yet no longer helps anybody.

    What stands in the channel asks nobody any more.
    """
    for person, key in reminders.of_meeting(ctx.session, store.key(meeting)):
        said = held_in(ctx, person, key)
        if any(each.meeting.starts_at > ctx.now for each in said):
            continue
        outbox.cancel_unsent(ctx.session, key)
        rows = outbox.of(ctx.session, key)
        if person is None and rows and all(row.receipt for row in rows):  # else it would come after all
            _rewrite(ctx, key, rows, reminder_views.begun, said)
    reminders.forget_past(ctx.session, ctx.community_id, ctx.now)
