"""Handlers for the vote on topics, in the order it happens: opening, placing dots, closing, following the meeting.

Each member has three dots. Nobody sees them before the vote closes, and nobody ever sees whose they were.
"""

from collections import Counter
from datetime import datetime, timedelta

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission, TimerFired
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.domain import between_meetings
from bot.features.agenda import cards, rules
from bot.features.agenda.feature import feature
from bot.features.agenda.publishing import handlers
from bot.features.agenda.voting import views
from bot.ui import Message, Reply, ToFacilitators, ToPerson, ToThread
from storage.agenda import topics, votes
from storage.agenda.votes import Vote
from storage.communities import communities, request_quota, schedules
from storage.meetings import meetings
from storage.meetings.meetings import Meeting
from storage.messaging import outbox, timers


def steps(ctx: Context, meeting: Meeting) -> dict[str, datetime]:
    """Return when each step of a meeting's agenda is due, by timer kind: vote, tally, publish (UTC)."""
    c = ctx.community
    closed = communities.closures(ctx.session, ctx.community_id)
    return between_meetings.agenda_steps(
        meeting.starts_at, between_meetings.Calendar(c.zone, c.country, c.region, closed)
    )


@feature.timer("vote")
def open_in_time(ctx: Context, event: TimerFired) -> Reply:
    """Open the vote nine days before the meeting.

    Only if there are two topics to choose from, no other vote is open and the vote would not close at once.
    """
    meeting = cards.coming(ctx, event.value)
    if (
        ctx.community.paused
        or meeting is None
        or between_meetings.is_stale(event.at, ctx.now)
        or not _votable(ctx, meeting)
    ):
        return None
    if steps(ctx, meeting)[between_meetings.TALLY] <= ctx.now:
        return None
    # After a call the vote continues the same request. Without one it is a request of its own, and needs a free week.
    if not cards.is_posted(ctx, meeting):
        week = request_quota.week_of(ctx.now, ctx.community.zone)
        if not request_quota.claim(ctx.session, ctx.community_id, week, f"agenda.vote {event.value}", ctx.now):
            return None
    _open(ctx, meeting)
    return None


def _votable(ctx: Context, meeting: Meeting) -> bool:
    """Whether a vote can open: none is open here, this meeting has had none and no agenda, and two topics wait."""
    id = meetings.key(meeting)
    settled = votes.on(ctx.session, id) or topics.chosen(ctx.session, id)
    return not settled and not votes.open_in(ctx.session, ctx.community_id) and len(cards.ballot(ctx)) > 1


def _open(ctx: Context, meeting: Meeting) -> Vote:
    closes = rules.closes_at(steps(ctx, meeting)[between_meetings.TALLY], ctx.now, meeting.starts_at)
    vote = votes.begin(ctx.session, meeting, ctx.now, closes)
    is_posted = cards.is_posted(ctx, meeting)
    cards.post(ctx, meeting)
    # The call becomes the vote in place; a message in its thread says so.
    if is_posted:
        ctx.post(ToThread(cards.key(meeting)), f"agenda.vote.{meeting.id}", views.opened, meeting, vote)
    ctx.schedule_timer(between_meetings.TALLY, str(meeting.id), at=closes)
    return vote


@feature.preview("vote")
def preview_vote(ctx: Context, value: str) -> Message | None:
    meeting = cards.coming(ctx, value)
    if meeting is None or not _votable(ctx, meeting):
        return None
    preview = Vote(
        community_id=ctx.community_id,
        meeting_id=meetings.key(meeting),
        opened_at=ctx.now,
        begins_at=meeting.starts_at,
        closes_at=steps(ctx, meeting)[between_meetings.TALLY],
    )
    return views.card_of(meeting, preview, cards.ballot(ctx))


@feature.command("agenda vote", help="Open the vote on the topics now, before its time", needs=Role.FACILITATOR)
def open_by_hand(ctx: Context, event: Command) -> Reply:
    meeting = cards.next_meeting(ctx)
    if meeting is None:
        raise Refusal(views.no_meeting_planned())
    if vote := votes.on(ctx.session, meetings.key(meeting)):
        raise Refusal(views.open_already(vote))
    if topics.chosen(ctx.session, meetings.key(meeting)):
        raise Refusal(views.published_already(meeting))
    if not _votable(ctx, meeting):
        raise Refusal(views.nothing_to_choose())
    # A facilitator's request is posted even if the week is taken. Claiming it stops the bot's own requests this week.
    request_quota.record(
        ctx.session,
        ctx.community_id,
        request_quota.week_of(ctx.now, ctx.community.zone),
        f"agenda.vote {meeting.id}",
        ctx.now,
    )
    ctx.audit("agenda.vote", f"meeting {meeting.id}")
    return views.opened_reply(_open(ctx, meeting), _left_out(ctx, meeting))


def _left_out(ctx: Context, meeting: Meeting) -> list[tuple[str, datetime]]:
    """Return what the bot would have posted this week, by title and moment, and leaves out because of this vote."""
    limits = schedules.limits(ctx.session, ctx.community_id)
    coming = timers.upcoming(ctx.session, ctx.community_id, ctx.now + timedelta(weeks=limits.weeks))
    timed = [(timer.kind, timer.value, timer.at) for timer in coming]
    own, zone = f"agenda.vote {meeting.id}", ctx.community.zone
    found = between_meetings.displaced(timed, own, ctx.now, zone, ceiling=limits.requests, weeks=limits.weeks)
    return [(ctx.timer_labels[kind].titled(value), at) for kind, value, at in found]


# --- placing dots


@feature.command("vote", help="Place your three dots on what the next meeting should talk about", reads=True)
def vote_by_command(ctx: Context, event: Command) -> Reply:
    open_votes = votes.open_in(ctx.session, ctx.community_id)
    if not open_votes:
        raise Refusal(views.none_open())
    return _form(ctx, open_votes[0])


@feature.click("dots", reads=True)
def vote_by_button(ctx: Context, event: Click) -> Reply:
    return _form(ctx, _running(ctx, event.value))


def _running(ctx: Context, meeting: str) -> Vote:
    """Return the open vote on a meeting's topics, or refuse, also if its moment to close has passed."""
    row = cards.coming(ctx, meeting)
    vote = votes.on(ctx.session, meetings.key(row)) if row else None
    if vote is None:
        raise Refusal(views.none_open())
    if vote.closed_at or vote.closes_at <= ctx.now:
        raise Refusal(views.closed_already(vote))
    return vote


def _form(ctx: Context, vote: Vote) -> Reply:
    ballot = cards.ballot(ctx)[: rules.MOST_ON_BALLOT]
    if not ballot:
        raise Refusal(views.nothing_to_choose())
    return views.form(vote, ballot, votes.dots_of(ctx.session, vote, ctx.me))


@feature.form("dots", shared=())
def place_dots(ctx: Context, event: Submission) -> Reply:
    """Put the person's dots in place of those they had."""
    vote = _running(ctx, event.value)
    ballot = {topics.key(topic): topic for topic in cards.ballot(ctx)}
    typed = [parse_id(event.answers.get(name, "")) for name in views.DOT_NAMES]
    dots = rules.spread(typed, ballot)
    votes.put_dots(ctx.session, vote, ctx.me, dots)
    return views.placed(vote, [(ballot[id], n) for id, n in Counter(dots).items()])


# --- closing


@feature.timer("tally")
def close(ctx: Context, event: TimerFired) -> Reply:
    """Close the vote, even while the community is paused: a question that was asked is brought to its end."""
    meeting = cards.coming(ctx, event.value)
    vote = votes.on(ctx.session, meetings.key(meeting)) if meeting else None
    if meeting and vote and vote.closed_at is None:
        _close(ctx, meeting, vote)
    return None


def _close(ctx: Context, meeting: Meeting, vote: Vote) -> None:
    """Count the dots and tell facilitators what agenda they make, or publish that at once at short notice."""
    votes.close(ctx.session, vote, ctx.now)
    proposed = rules.proposed(topics.waiting(ctx.session, ctx.community_id), voted=vote.voters > 0)
    at = steps(ctx, meeting)[between_meetings.PUBLISH]
    # At short notice the moment to publish has passed already, so the agenda is published at once.
    if at <= ctx.now and not ctx.community.paused:
        at = ctx.now
        ctx.schedule_timer(between_meetings.PUBLISH, str(meeting.id), at=ctx.now)
    elif proposed:
        ctx.post(ToFacilitators(), f"agenda.tally.{meeting.id}", views.tallied, meeting, proposed, vote, at)
    cards.refresh(ctx, meeting)
    ctx.post(ToThread(cards.key(meeting)), f"agenda.vote.{meeting.id}", views.closed, meeting, vote)


@feature.redraw("vote")
def redraw_vote(ctx: Context, value: str) -> None:
    """Rewrite the message in the card's thread that says that a vote is open."""
    meeting = meetings.get(ctx.session, ctx.community_id, parse_id(value))
    vote = votes.on(ctx.session, meetings.key(meeting)) if meeting else None
    if meeting is None:
        return
    to, key = ToThread(cards.key(meeting)), f"agenda.vote.{meeting.id}"
    if vote is None:
        ctx.post(to, key, views.dropped, meeting)
    elif vote.closed_at is None and vote.closes_at > ctx.now:
        ctx.post(to, key, views.opened, meeting, vote)
    else:
        ctx.post(to, key, views.closed, meeting, vote)


@feature.redraw("tally")
def redraw_tally(ctx: Context, value: str) -> None:
    """Rewrite what facilitators were told of the result: the agenda is published, or later, or not by itself."""
    meeting = meetings.get(ctx.session, ctx.community_id, parse_id(value))
    vote = votes.on(ctx.session, meetings.key(meeting)) if meeting else None
    if meeting is None:
        return
    key = f"agenda.tally.{meeting.id}"
    is_published = bool(topics.chosen(ctx.session, meetings.key(meeting)))
    coming = cards.coming(ctx, value)
    timer = timers.find(ctx.session, ctx.community_id, between_meetings.PUBLISH, value)
    at = timer.at if timer and timer.at >= ctx.now and not ctx.community.paused else None
    proposed = rules.proposed(topics.waiting(ctx.session, ctx.community_id), voted=bool(vote and vote.voters))
    for person in outbox.receivers(ctx.session, key):
        if coming and vote and proposed and at and not is_published:
            ctx.post(ToPerson(person), key, views.tallied, meeting, proposed, vote, at)
        else:
            ctx.post(ToPerson(person), key, views.tally_settled, meeting, is_published=is_published, is_over=not coming)


@feature.timer(signals.AGENDA_FOLLOWS_MEETINGS)
def follow(ctx: Context, event: TimerFired) -> Reply:
    """Bring open votes and agenda cards in step with meetings that were planned, moved or cancelled."""
    for vote in votes.open_in(ctx.session, ctx.community_id):
        _follow(ctx, vote)
    for meeting in topics.ahead(ctx.session, ctx.community_id, ctx.now, ctx.now + cards.AHEAD):
        if cards.is_posted(ctx, meeting):
            cards.post(ctx, meeting)
        handlers.keep_true(ctx, meeting)
        ctx.redraw(f"agenda.tally.{meeting.id}")
    return None


def _follow(ctx: Context, vote: Vote) -> None:
    """Drop the vote of a meeting that no longer takes place, or move its close if the meeting moved."""
    meeting = cards.coming(ctx, str(vote.meeting_id))
    if meeting is None:
        gone = meetings.get(ctx.session, ctx.community_id, vote.meeting_id)
        votes.drop(ctx.session, vote)
        ctx.cancel_timer(between_meetings.TALLY, str(vote.meeting_id))
        if gone and cards.is_posted(ctx, gone):
            cards.post(ctx, gone)
        ctx.redraw(f"agenda.vote.{vote.meeting_id}")
        return
    if meeting.starts_at != vote.begins_at:
        regular = steps(ctx, meeting)[between_meetings.TALLY]
        vote.begins_at, vote.closes_at = meeting.starts_at, rules.closes_at(regular, ctx.now, meeting.starts_at)
    ctx.schedule_timer(between_meetings.TALLY, str(meeting.id), at=vote.closes_at)
    ctx.redraw(f"agenda.vote.{meeting.id}")
    if cards.is_posted(ctx, meeting):
        cards.post(ctx, meeting)
