"""Handlers for follow-ups: facilitators write what they did about feedback, for everyone to read on the next card."""

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.core.routes import EVERY
from bot.domain.between_meetings import FEEDBACK_WINDOW
from bot.features.feedback import follow_up_views, rules, survey_views, takeaway_views
from bot.features.feedback.feature import feature
from bot.features.feedback.lookup import find
from bot.ui import FormErrors, Reply
from storage.meetings import feedback, meetings
from storage.meetings.meetings import Meeting


def _released(ctx: Context, id: str) -> Meeting:
    """Return a meeting whose feedback facilitators may read already. Refuses otherwise, and for other roles."""
    meeting = find(ctx, id)
    if not ctx.access.is_facilitator:
        raise Refusal(survey_views.for_facilitators())
    answers = len(feedback.about(ctx.session, meetings.key(meeting)))
    if rules.is_open(meeting.starts_at, ctx.now) or not rules.enough(answers):
        raise Refusal(follow_up_views.nothing_to_reply_to(rules.RELEASED_AT))
    return meeting


@feature.command(
    "feedback reply", help="Write what you did about what people said after the last meeting", needs=Role.FACILITATOR,
    reads=True,
)  # fmt: skip
def reply_by_command(ctx: Context, event: Command) -> Reply:
    latest = meetings.last_meeting(ctx.session, ctx.community_id, ctx.now - FEEDBACK_WINDOW)
    if latest is None:
        raise Refusal(survey_views.none_held())
    return follow_up_views.form(_released(ctx, str(latest.id)))


@feature.click("reply", needs=Role.FACILITATOR, reads=True)
def reply_by_button(ctx: Context, event: Click) -> Reply:
    return follow_up_views.form(_released(ctx, event.value))


@feature.form("reply", shared=EVERY, needs=Role.FACILITATOR)
def keep_reply(ctx: Context, event: Submission) -> Reply:
    meeting = _released(ctx, event.value)
    said, did = event.answers.get("said", ""), event.answers.get("did", "")
    problems = {
        name: follow_up_views.empty() if not words else survey_views.too_long(rules.LONGEST_REPLY)
        for name, words in (("said", said), ("did", did))
        if not 0 < len(words) <= rules.LONGEST_REPLY
    }
    if problems:
        return FormErrors(
            follow_up_views.form(meeting, said[: rules.LONGEST_REPLY], did[: rules.LONGEST_REPLY]), problems
        )
    row = feedback.add_follow_up(ctx.session, ctx.community_id, meetings.key(meeting), ctx.me, said, did, ctx.now)
    ctx.audit("feedback.did", f"meeting {meeting.id}")
    return follow_up_views.saved(row, refresh_next_card(ctx))


@feature.click("undo", needs=Role.FACILITATOR)
def take_reply_back(ctx: Context, event: Click) -> Reply:
    row = feedback.follow_up(ctx.session, ctx.community_id, parse_id(event.value))
    if row is None:
        raise Refusal(takeaway_views.not_found())
    ctx.audit("feedback.undo", f"meeting {row.meeting_id}")
    ctx.session.delete(row)
    ctx.session.flush()
    refresh_next_card(ctx)
    return follow_up_views.taken_back()


def refresh_next_card(ctx: Context) -> Meeting | None:
    """Rewrite the next meeting's card, which shows follow-ups. Returns that meeting, if one is planned."""
    coming = meetings.next_meeting(ctx.session, ctx.community_id, ctx.now)
    if coming:
        ctx.schedule_timer(signals.MEETING_CARD_STALE, str(coming.id), at=ctx.now)
    return coming
