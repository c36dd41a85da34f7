"""What facilitators read of a meeting's feedback, once it is closed and enough people have answered."""

from collections.abc import Sequence
from datetime import timedelta

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Command, TimerFired
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.domain.between_meetings import FEEDBACK_WINDOW, is_stale
from bot.domain.meeting_types import CHANGE, WORKED, follow_up_questions, meeting_type
from bot.features.feedback import rules, survey_views
from bot.features.feedback.feature import feature
from bot.features.feedback.lookup import held_or_none
from bot.ui import Message, Reply, Text, ToFacilitators, showing
from storage.meetings import feedback, meetings
from storage.meetings.feedback import Feedback
from storage.meetings.meetings import Meeting


@feature.timer("closed")
def notify_facilitators(ctx: Context, event: TimerFired) -> Reply:
    """Tell facilitators that the feedback on a meeting is closed and can be read, if enough people answered."""
    meeting = held_or_none(ctx, event.value)
    if meeting and not ctx.community.paused and not is_stale(event.at, ctx.now):
        answers = feedback.about(ctx.session, meetings.key(meeting))
        if rules.enough(len(answers)):
            _notify(ctx, meeting)
    return None


def _notify(ctx: Context, meeting: Meeting) -> None:
    ctx.post(ToFacilitators(), f"feedback.closed.{meeting.id}", _ready, ctx, meeting)


def _ready(ctx: Context, meeting: Meeting) -> Message:
    answers = feedback.about(ctx.session, meetings.key(meeting))
    return showing(survey_views.ready(meeting, len(answers)), [answer.person_id for answer in answers])


@feature.redraw("closed")
def redraw_notice(ctx: Context, value: str) -> None:
    if meeting := meetings.get(ctx.session, ctx.community_id, parse_id(value)):
        _notify(ctx, meeting)


@feature.command("feedback show", help="How the last meetings were, without names", needs=Role.FACILITATOR)
def show(ctx: Context, event: Command) -> Reply:
    """Show the feedback on the last meeting whose window is closed.

    A later meeting that still takes answers is named with their number only.
    """
    if not ctx.access.is_facilitator:
        raise Refusal(survey_views.for_facilitators())
    closed = meetings.last_meeting(ctx.session, ctx.community_id, ctx.now - FEEDBACK_WINDOW)
    latest = meetings.last_meeting(ctx.session, ctx.community_id, ctx.now)
    if latest is None:
        raise Refusal(survey_views.none_held())
    if closed and closed.id == latest.id:
        return _results(ctx, closed, None)
    still = survey_views.still_open(latest, len(feedback.about(ctx.session, meetings.key(latest))))
    return _results(ctx, closed, still) if closed else Message((still,))


def _results(ctx: Context, meeting: Meeting, still: Text | None) -> Reply:
    """Show a meeting's feedback, and the mean ratings of up to three meetings before it; only a count if too few."""
    rows = _readable(ctx, meeting)
    if not rules.enough(len(rows)):
        return survey_views.too_few(meeting, len(rows), still)
    before = meetings.between(ctx.session, ctx.community_id, ctx.now - timedelta(days=400), meeting.starts_at)
    trend = []
    for earlier in before[-3:]:
        ratings = [f.useful for f in _readable(ctx, earlier)]
        trend.append((earlier, rules.mean(ratings)))
    useful = rules.mean([f.useful for f in rows])
    replies = feedback.follow_ups_about(ctx.session, meetings.key(meeting))
    words = _words_by_question(ctx, meeting, rows)
    return survey_views.results(meeting, len(rows), useful, words, trend, replies, still)


def _readable(ctx: Context, meeting: Meeting) -> list[Feedback]:
    """Return the feedback on a meeting that was given while the person who reads it facilitated."""
    return [row for row in feedback.about(ctx.session, meetings.key(meeting)) if ctx.reads_given(row.written_at)]


def _unlinked_answers(ctx: Context, meeting: Meeting, question: str) -> list[str]:
    rows = feedback.type_answers_to(ctx.session, meetings.key(meeting), question)
    return rules.unlinked([row.words for row in rows if ctx.reads_given(row.written_at)])


def _words_by_question(ctx: Context, meeting: Meeting, rows: Sequence[Feedback]) -> list[tuple[str, list[str]]]:
    """Return what people wrote for facilitators, with the name of each question, in the order it was asked."""
    found = []
    for name in meeting_type(meeting.meeting_type).after:
        if name == WORKED:
            found.append((name, rules.unlinked([f.worked for f in rows])))
        elif name == CHANGE:
            found.append((name, rules.unlinked([f.change for f in rows])))
        elif name in follow_up_questions():
            found.append((name, _unlinked_answers(ctx, meeting, name)))
    return found
