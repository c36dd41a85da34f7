"""A meeting's agenda card in the channel: first the call for topics, then the vote, then its result.

It is one message, rewritten in place under one key.
"""

from datetime import timedelta

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.resolver import parse_id
from bot.domain.between_meetings import TO_CALL
from bot.features.agenda.feature import feature
from bot.features.agenda.topics import views
from bot.features.agenda.voting import views as voting_views
from bot.ui import Message, ToCommunity
from storage.agenda import topics, votes
from storage.agenda.topics import Topic
from storage.agenda.votes import Vote
from storage.meetings import meetings
from storage.meetings.meetings import PLANNED, Meeting
from storage.messaging import outbox

# How far ahead a meeting may have a card. The call goes out TO_CALL before; the rest allows for a meeting that moved
# to a later day since.
AHEAD = TO_CALL + timedelta(days=14)


def coming(ctx: Context, id: str) -> Meeting | None:
    """Return the meeting if it is still planned and has not begun."""
    row = meetings.get(ctx.session, ctx.community_id, parse_id(id))
    return row if row and row.status == PLANNED and row.starts_at > ctx.now else None


def next_meeting(ctx: Context) -> Meeting | None:
    return meetings.next_meeting(ctx.session, ctx.community_id, ctx.now)


def listed_for(ctx: Context, topic: Topic) -> Meeting | None:
    """Return the meeting whose agenda lists the topic: the one it was chosen for, or else the next."""
    chosen_for = meetings.get(ctx.session, ctx.community_id, topic.meeting_id) if topic.meeting_id else None
    return chosen_for or next_meeting(ctx)


def find(ctx: Context, id: str) -> Topic:
    topic = topics.get(ctx.session, ctx.community_id, parse_id(id))
    if topic is None:
        raise Refusal(views.not_found())
    return topic


def ballot(ctx: Context) -> list[Topic]:
    return list(votes.ballot(ctx.session, ctx.community_id))


def counted(ctx: Context, meeting: Meeting) -> Vote | None:
    """Return the vote on a meeting's topics only once it is closed: nobody reads dots before that."""
    vote = votes.on(ctx.session, meetings.key(meeting))
    return vote if vote and vote.closed_at else None


def key(meeting: Meeting) -> str:
    return f"agenda.call.{meeting.id}"


def is_posted(ctx: Context, meeting: Meeting) -> bool:
    return bool(outbox.copies(ctx.session, key(meeting)))


def post(ctx: Context, meeting: Meeting) -> None:
    ctx.post(ToCommunity(), key(meeting), card, ctx, meeting)


def card(ctx: Context, meeting: Meeting) -> Message:
    """Build the card for the present state of the meeting, its vote and its topics."""
    if meeting.status != PLANNED:
        return voting_views.no_meeting(meeting)
    id = meetings.key(meeting)
    vote, chosen = votes.on(ctx.session, id), topics.chosen(ctx.session, id)
    if vote and vote.closed_at is None:
        return voting_views.card_of(meeting, vote, ballot(ctx))
    if vote and vote.voters:
        among = {t.id: t for t in (*chosen, *topics.waiting(ctx.session, ctx.community_id)) if t.dots}
        return voting_views.results(meeting, sorted(among.values(), key=lambda t: (-t.dots, t.id or 0)), vote.voters)
    if meeting.starts_at <= ctx.now:
        return views.call_over(meeting)
    return views.call(meeting, chosen or topics.waiting(ctx.session, ctx.community_id))


@feature.redraw("call")
def redraw(ctx: Context, value: str) -> None:
    if meeting := meetings.get(ctx.session, ctx.community_id, parse_id(value)):
        post(ctx, meeting)


def refresh(ctx: Context, meeting: Meeting | None) -> None:
    """Rewrite what lists the agenda: the meeting's own card, and what is posted of the agenda itself."""
    if meeting:
        ctx.schedule_timer(signals.MEETING_CARD_STALE, str(meeting.id), at=ctx.now)
        for posted in (key(meeting), f"agenda.published.{meeting.id}", f"agenda.tally.{meeting.id}"):
            ctx.redraw(posted)
