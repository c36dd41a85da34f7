"""Handlers with which members see the next meeting and say whether they come."""

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command
from bot.core.identity import act_in
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.domain import reminder_steps
from bot.features.meetings import lookup, views
from bot.features.meetings.feature import feature
from bot.features.meetings.posts import card, card_sections
from bot.features.meetings.posts import reminders as posts_reminders
from bot.features.meetings.reminders import preference_views
from bot.features.meetings.rsvp import standing_reply
from bot.features.meetings.rsvp import views as rsvp_views
from bot.features.meetings.scheduling import tentative_views
from bot.ui import Reply
from storage.communities import communities
from storage.meetings import meetings, rsvps, tentative
from storage.meetings.meetings import PLANNED, Meeting
from storage.meetings.rsvps import ANSWERS, NO
from storage.people import people


@feature.command("next", help="When the next meeting is, in your time zone", reads=True, immediate=True)
def show_next(ctx: Context, event: Command) -> Reply:
    coming = lookup.upcoming(ctx)[:4]
    today = ctx.now.astimezone(ctx.zone).date()
    expected = [row for row in tentative.in_community(ctx.session, ctx.community_id) if row.until >= today]
    if not coming:
        return views.none_planned(tentative_views.lines(expected))
    first = coming[0]
    rsvp = rsvps.get(ctx.session, meetings.key(first), ctx.me)
    message = rsvp_views.next_meeting(
        first,
        rsvps.counts(ctx.session, meetings.key(first)),
        rsvp.answer if rsvp else "",
        coming[1:],
        str(ctx.zone),
        known=bool(ctx.person.zone),
        more=tentative_views.lines(expected),
    )
    return card_sections.add_team_note(ctx, first, ctx.me, message)


@feature.click("one", needs=Role.ANYONE, community=False)
def show_one(ctx: Context, event: Click) -> Reply:
    """Show one meeting from a reminder of several communities' meetings, if the person belongs to its community."""
    for community in people.communities_of(ctx.session, ctx.me):
        meeting = meetings.get(ctx.session, community, parse_id(event.value))
        if meeting and meeting.status == PLANNED and meeting.starts_at > ctx.now:
            act_in(ctx, event, communities.get(ctx.session, community))
            rsvp = rsvps.get(ctx.session, meetings.key(meeting), ctx.me)
            counts = rsvps.counts(ctx.session, meetings.key(meeting))
            return rsvp_views.next_meeting(
                meeting, counts, rsvp.answer if rsvp else "", (), str(ctx.zone), known=bool(ctx.person.zone)
            )
    raise Refusal(views.not_found())


@feature.command(
    "rsvp",
    help="Say whether you come to the next meeting, or to all",
    choices=(*ANSWERS, *standing_reply.TO_ALL),
    example="rsvp yes",
)
def say_by_command(ctx: Context, event: Command) -> Reply:
    if event.text.lower() in standing_reply.TO_ALL:
        return standing_reply.to_all(ctx, standing_reply.TO_ALL[event.text.lower()])
    meeting = meetings.next_meeting(ctx.session, ctx.community_id, ctx.now)
    if meeting is None:
        return views.none_planned()
    return _say(ctx, meeting, event.text.lower())


@feature.click(signals.RSVP)
def say_by_button(ctx: Context, event: Click) -> Reply:
    id, _dot, answer = event.value.partition(".")
    meeting = lookup.find(ctx, id)
    if answer not in ANSWERS:
        raise Refusal(views.not_found())
    return _say(ctx, meeting, answer)


def _say(ctx: Context, meeting: Meeting, answer: str) -> Reply:
    if meeting.status != PLANNED:
        raise Refusal(rsvp_views.is_cancelled(meeting))
    if meeting.starts_at <= ctx.now:
        raise Refusal(rsvp_views.has_begun(meeting))
    rsvps.say(ctx.session, meetings.key(meeting), ctx.me, answer, ctx.now)
    card.refresh(ctx, meeting)
    posts_reminders.refresh_own_reminders(ctx, meeting)
    message = rsvp_views.reply_saved(meeting, answer, reminders=_reminders(ctx, meeting, answer))
    return message if answer == NO else card_sections.add_team_note(ctx, meeting, ctx.me, message)


def _reminders(ctx: Context, meeting: Meeting, answer: str) -> str:
    """List in words the direct reminders that will still come; "" if none will."""
    to_come = posts_reminders.direct_reminders_to_come(ctx, meeting, ctx.community, ctx.me, answer)
    return preference_views.listed(reminder_steps.ordered(to_come)) if to_come else ""
