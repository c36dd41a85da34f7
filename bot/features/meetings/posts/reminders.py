"""Rewrites posted reminders when their meeting changes or begins, and cancels those that are too late to send."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.core.context import Context
from bot.core.resolver import parse_id
from bot.domain import reminder_steps
from bot.features.meetings.planner import REMIND, calendar_of
from bot.features.meetings.posts import card, card_sections, reminder_views
from bot.features.meetings.posts.card_section_views import Team
from bot.features.meetings.posts.reminder_views import About
from bot.ui import Message, ToPerson, ToThread
from storage.agenda import topics as agenda_topics
from storage.communities import communities
from storage.communities.communities import Community
from storage.meetings import meetings, reminders, rsvps
from storage.meetings.meetings import PLANNED, Meeting
from storage.meetings.rsvps import MAYBE, YES
from storage.messaging import outbox, skipped_posts
from storage.people import people


def about(ctx: Context, meeting: Meeting) -> About:
    """Return what a channel reminder shows of a meeting now."""
    shown = _about(ctx, meeting, holds=meeting.status == PLANNED, answer="", community=ctx.community.name)
    return replace(shown, has_begun=meeting.starts_at <= ctx.now)


def meetings_in_message(ctx: Context, person: int | None, key: str) -> list[About]:
    """Return the meetings of one posted reminder, as they are now. `person` is None in the channel."""
    return [
        replace(
            _about(ctx, meeting, holds=holds, answer=answer, community=community.name),
            has_begun=meeting.starts_at <= ctx.now,
            next_at=None if holds else _next_reminder(ctx, meeting, community, person, answer),
        )
        for meeting, holds, answer, community in reminders.meetings_in_message(ctx.session, person, key)
    ]


def _about(ctx: Context, meeting: Meeting, *, holds: bool, answer: str, community: str) -> About:
    counts = rsvps.counts(ctx.session, meetings.key(meeting))
    topics = agenda_topics.for_meeting(ctx.session, meeting)
    return About(meeting, holds, answer, community, counts, topics)


def _next_reminder(
    ctx: Context, meeting: Meeting, community: Community, person: int | None, answer: str
) -> datetime | None:
    """Return when the channel, or a person with this RSVP, is next reminded of a meeting; None for never."""
    if person is None:
        if community.paused or meeting.status != PLANNED:
            return None
        days = calendar_of(ctx.session, community)
        due = reminder_steps.moments(meeting.starts_at, days, reminder_steps.split(community.reminders))
        to_come = _not_skipped(ctx, meeting, due)
        return min((due[step] for step in to_come if due[step] > ctx.now), default=None)
    return min(direct_reminders_to_come(ctx, meeting, community, person, answer).values(), default=None)


def direct_reminders_to_come(
    ctx: Context, meeting: Meeting, community: Community, person: int, answer: str
) -> dict[str, datetime]:
    """Return when a person with this RSVP will still be reminded privately of a meeting, by step.

    Empty if they don't want to be, while their community is paused, or where a facilitator leaves all of them out.
    """
    row, member = people.get(ctx.session, person), people.membership(ctx.session, communities.key(community), person)
    if row is None or member is None or not people.is_member(member) or not member.reminders:
        return {}
    wanted = answer in (YES, MAYBE) or (not answer and member.remind_open)
    if community.paused or meeting.status != PLANNED or not wanted:
        return {}
    steps = reminder_steps.personal_steps(member.remind_steps, reminder_steps.split(community.reminders))
    due = reminder_steps.moments(meeting.starts_at, calendar_of(ctx.session, community), steps)
    zone = row.zone or community.zone
    arrivals = reminder_steps.deliveries(
        meeting.starts_at, due, zone, row.quiet_from, row.quiet_to, last_anyway=member.remind_last
    )
    return {step: arrivals[step] for step in _not_skipped(ctx, meeting, due) if arrivals.get(step, ctx.now) > ctx.now}


def _not_skipped(ctx: Context, meeting: Meeting, due: Mapping[str, datetime]) -> list[str]:
    """Return the steps that no facilitator leaves out."""
    if not due:
        return []
    first, last = min(due.values()) - skipped_posts.NEAR, max(due.values()) + skipped_posts.NEAR
    skips = skipped_posts.between(ctx.session, meeting.community_id, first, last)
    return [step for step, at in due.items() if not skipped_posts.covers(skips, REMIND, f"{meeting.id}.{step}", at)]


def direct_reminder(ctx: Context, person: int, included: Sequence[About]) -> Callable[[], Message]:
    """Return a view of a direct reminder. That of a single meeting also tells where else the person's team meets."""
    alone = len(included) == 1 and included[0].is_current
    team = card_sections.team(ctx, included[0].meeting, person) if alone else Team()
    return partial(reminder_views.direct_reminder, included, team)


def refresh_reminders(ctx: Context, meeting: Meeting) -> None:
    """Rewrite every reminder of the meeting. One that was not sent yet is cancelled if none of its meetings holds."""
    with ctx.rewriting():
        for person, key in reminders.of_meeting(ctx.session, meetings.key(meeting)):
            _rewrite(ctx, person, key)


def refresh_own_reminders(ctx: Context, meeting: Meeting) -> None:
    """Rewrite the direct reminders of the meeting to the person who acts, who has given another RSVP."""
    with ctx.rewriting():
        for person, key in reminders.of_meeting(ctx.session, meetings.key(meeting), ctx.me):
            _rewrite(ctx, person, key)


def refresh_promises(ctx: Context) -> None:
    """Rewrite the reminders that promise another one, after what decides about that may have changed."""
    with ctx.rewriting():
        for person, key in reminders.overtaken(ctx.session, ctx.community_id, ctx.now):
            _rewrite(ctx, person, key)


def redraw_in_channel(ctx: Context, value: str) -> None:
    """Rewrite a reminder in the channel, as of its own meeting alone if the others are not known any more."""
    key = f"meetings.soon.{value}"
    meeting = meetings.get(ctx.session, ctx.community_id, parse_id(value.partition(".")[0]))
    _rewrite(ctx, None, key, [about(ctx, meeting)] if meeting else [])


def redraw(ctx: Context, value: str) -> None:
    """Rewrite a reminder of which a meeting has begun, or the next reminder is due."""
    key = f"meetings.reminder.{value}"
    for person in reminders.receivers(ctx.session, key):
        _rewrite(ctx, person, key)


def _rewrite(ctx: Context, person: int | None, key: str, otherwise: Sequence[About] = ()) -> None:
    """Rewrite a reminder to a person (None: to the channel), or take it back if it was not sent and is too late now.

    `otherwise` is what it is about if that is not known any more.
    """
    included = meetings_in_message(ctx, person, key) or otherwise
    if not ctx.drawing and not any(each.asks for each in included):
        outbox.cancel_unsent(ctx.session, key, "" if person is None else f"p{person}")
    rows = [row for row in outbox.copies(ctx.session, key) if row.person_id == person]
    if not rows or not included:
        return
    if person is None:
        # Words such as "tomorrow" keep counting from when it was first posted.
        post_in_channel(ctx, key, included, min(row.made_at for row in rows))
    else:
        to = ToPerson(person, ignores_quiet_hours=rows[0].ignores_quiet_hours)
        ctx.post(to, key, direct_reminder(ctx, person, included))


def post_in_channel(ctx: Context, key: str, included: Sequence[About], first: datetime) -> None:
    """Post or rewrite a reminder in the channel: how soon after `first` the meetings are."""
    counted = [id for each in included for id in rsvps.respondents(ctx.session, meetings.key(each.meeting))]
    thread = ToThread(card.card_key_of(key), broadcast=True)
    ctx.post(thread, key, reminder_views.soon, included, first, ctx.community.zone, counted)


def forget_past(ctx: Context) -> None:
    """Forget the reminders of meetings that are over. They were rewritten when the meetings began."""
    reminders.forget_past(ctx.session, ctx.community_id, ctx.now)
