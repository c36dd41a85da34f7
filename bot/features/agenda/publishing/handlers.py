"""Post the agenda: as facilitators choose it, or else four days before the meeting, from the result of the vote.

An agenda is never published while its vote is open.
"""

from collections.abc import Sequence

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission, TimerFired
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.core.routes import EVERY
from bot.domain.between_meetings import is_stale
from bot.features.agenda import cards, rules
from bot.features.agenda.feature import feature
from bot.features.agenda.publishing import views
from bot.features.agenda.voting import views as voting_views
from bot.ui import FormErrors, Message, Reply, ToCommunity
from storage.agenda import topics, votes
from storage.agenda.topics import Topic
from storage.agenda.votes import Vote
from storage.meetings import meetings
from storage.meetings.meetings import PLANNED, Meeting
from storage.messaging import outbox


def _proposed(ctx: Context, meeting: Meeting) -> list[Topic]:
    vote = cards.counted(ctx, meeting)
    return rules.proposed(topics.waiting(ctx.session, ctx.community_id), voted=vote is not None and vote.voters > 0)


@feature.command("agenda publish", help="Choose the topics and post the agenda", needs=Role.FACILITATOR, reads=True)
def ask_which(ctx: Context, event: Command) -> Reply:
    return _ask_which(ctx)


@feature.click("publish", needs=Role.FACILITATOR, reads=True)
def ask_which_by_button(ctx: Context, event: Click) -> Reply:
    return _ask_which(ctx)


def _ask_which(ctx: Context) -> Reply:
    meeting = cards.next_meeting(ctx)
    if meeting is None:
        raise Refusal(views.no_meeting())
    if vote := _running(ctx, meeting):
        raise Refusal(views.vote_first(vote))
    among = _among(ctx, meeting)
    if not among:
        raise Refusal(views.nothing_to_publish())
    chosen = list(topics.chosen(ctx.session, meetings.key(meeting)))
    return views.publish_form(meeting, among, chosen or _proposed(ctx, meeting))


def _running(ctx: Context, meeting: Meeting) -> Vote | None:
    vote = votes.on(ctx.session, meetings.key(meeting))
    return vote if vote and vote.closed_at is None else None


def _among(ctx: Context, meeting: Meeting) -> list[Topic]:
    """Return the choices for the form: topics chosen already, then those the vote proposes, then all that wait."""
    chosen, waiting = topics.chosen(ctx.session, meetings.key(meeting)), topics.waiting(ctx.session, ctx.community_id)
    found = {topic.id: topic for topic in (*chosen, *_proposed(ctx, meeting), *waiting)}
    return list(found.values())[: rules.MOST_CHOSEN]


@feature.form("publish", shared=EVERY, needs=Role.FACILITATOR)
def publish(ctx: Context, event: Submission) -> Reply:
    """Publish the ticked topics, or replace an agenda that was published before."""
    meeting = cards.coming(ctx, event.value)
    if meeting is None:
        raise Refusal(views.no_meeting())
    if vote := _running(ctx, meeting):
        raise Refusal(views.vote_first(vote))
    ticked = [cards.find(ctx, id) for id in event.answers.get("topics", "").split()]
    among = _among(ctx, meeting)
    picked = [topic for topic in among if topic in ticked]
    if not picked:
        if not among:
            raise Refusal(views.nothing_to_publish())
        return FormErrors(views.publish_form(meeting, among, ()), {"topics": views.pick_one()})
    ctx.audit("agenda.publish", f"meeting {meeting.id}, {len(picked)} topics")
    _publish(ctx, meeting, picked)
    return views.published_reply(meeting, len(picked), len(topics.waiting(ctx.session, ctx.community_id)))


def _publish(ctx: Context, meeting: Meeting, chosen: Sequence[Topic]) -> None:
    topics.choose(ctx.session, meetings.key(meeting), chosen)
    ctx.post(ToCommunity(), _key(meeting), _posted, ctx, meeting)
    cards.refresh(ctx, meeting)


def _key(meeting: Meeting) -> str:
    return f"agenda.published.{meeting.id}"


def _posted(ctx: Context, meeting: Meeting) -> Message:
    """Build the published agenda for the present state of the meeting and its topics."""
    if meeting.status != PLANNED:
        return voting_views.no_meeting(meeting)
    chosen = topics.chosen(ctx.session, meetings.key(meeting))
    return views.published(meeting, chosen, cards.counted(ctx, meeting), has_begun=meeting.starts_at <= ctx.now)


@feature.redraw("published")
def redraw(ctx: Context, value: str) -> None:
    if meeting := meetings.get(ctx.session, ctx.community_id, parse_id(value)):
        ctx.post(ToCommunity(), _key(meeting), _posted, ctx, meeting)


def keep_true(ctx: Context, meeting: Meeting) -> None:
    """Rewrite the published agenda after its meeting was moved or cancelled. Does nothing if none was published."""
    if outbox.copies(ctx.session, _key(meeting)):
        ctx.post(ToCommunity(), _key(meeting), _posted, ctx, meeting)


@feature.timer("publish")
def publish_in_time(ctx: Context, event: TimerFired) -> Reply:
    """Publish the proposed topics, unless a facilitator has chosen already.

    While the vote is open nothing is published; closing it sets this timer again if its moment has passed.
    """
    meeting = cards.coming(ctx, event.value)
    if ctx.community.paused or meeting is None or is_stale(event.at, ctx.now):
        ctx.redraw(f"agenda.tally.{event.value}")
        return None
    if topics.chosen(ctx.session, meetings.key(meeting)) or _running(ctx, meeting):
        return None
    if proposed := _proposed(ctx, meeting):
        _publish(ctx, meeting, proposed)
    else:
        ctx.redraw(f"agenda.tally.{event.value}")
    return None


@feature.preview("publish")
def preview_publish(ctx: Context, value: str) -> Message | None:
    """Show the agenda as it would be posted. While a vote is open, its result stays hidden here too."""
    meeting = cards.coming(ctx, value)
    if meeting is None or topics.chosen(ctx.session, meetings.key(meeting)):
        return None
    if _running(ctx, meeting):
        return views.not_known_yet(meeting)
    proposed = _proposed(ctx, meeting)
    return views.published(meeting, proposed, cards.counted(ctx, meeting), has_begun=False) if proposed else None
