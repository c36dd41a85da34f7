"""Handlers that open, close and summarize check-ins. The timer ROUND_OPENED leads to the asking and answering."""

from datetime import datetime, timedelta

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Command, Submission, TimerFired
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.domain import round_controls
from bot.domain.between_meetings import CHECKIN as DUE
from bot.domain.between_meetings import displaced, is_stale
from bot.domain.meeting_types import meeting_type
from bot.features.checkins import rules, views
from bot.features.checkins.feature import feature
from bot.i18n import speaking
from bot.ui import FormErrors, Message, Reply
from storage.communities import communities, request_quota, schedules
from storage.learning import rounds
from storage.learning.rounds import CHECKIN, Round
from storage.meetings import meetings
from storage.messaging import timers

# Past check-ins that the choice of the next question looks back on: some years of them.
REMEMBERED = 50


def open_round(ctx: Context, question: str, days: int, opened_by: int | None) -> Round:
    c = ctx.community
    closed = communities.closures(ctx.session, ctx.community_id)
    closes = rules.closes_at(ctx.now, days, c.zone, c.country, c.region, closed)
    round = rounds.open_round(
        ctx.session, ctx.community_id, CHECKIN, question, now=ctx.now, closes_at=closes, minutes=2, opened_by=opened_by
    )
    ctx.schedule_timer(signals.ROUND_OPENED, str(round.id), at=ctx.now)
    return round


def next_question(ctx: Context, meeting: str = "") -> str:
    """Return the question of the meeting's type, if it has one, else the standing question whose turn it is.

    `meeting` is an id as a timer holds it; "" for none. The question is in the community's language.
    """
    row = meetings.get(ctx.session, ctx.community_id, parse_id(meeting))
    with speaking(ctx.community.locale):
        if row and (own := meeting_type(row.meeting_type).asks):
            return own
    asked = [r.question for r in rounds.recent(ctx.session, ctx.community_id, CHECKIN, REMEMBERED)]
    with speaking(ctx.community.locale):
        return rules.in_turn(views.standing_questions(), asked, ctx.community_id - 1)


@feature.command(
    "checkin open",
    help="Open a check-in in the channel",
    needs=Role.FACILITATOR,
    argument="[question]",
    example="checkin open What did you try this week?",
)
def open_by_hand(ctx: Context, event: Command) -> Reply:
    running = rounds.open_in(ctx.session, ctx.community_id, CHECKIN)
    if running:
        return views.open_already(running[0])
    if ctx.community.paused:
        raise Refusal(round_controls.paused())
    if not event.text:
        return views.open_form(next_question(ctx))
    if len(event.text) > rules.LONGEST_QUESTION:
        raise Refusal(views.too_long(len(event.text), rules.LONGEST_QUESTION))
    return _open(ctx, event.text, rules.OPEN_DAYS)


@feature.form("open", needs=Role.FACILITATOR)
def open_from_form(ctx: Context, event: Submission) -> Reply:
    question, days = event.answers.get("question", ""), event.answers.get("days", "")
    if not question:
        return FormErrors(views.open_form(), {"question": views.empty()})
    if len(question) > rules.LONGEST_QUESTION:
        start = question[: rules.LONGEST_QUESTION]
        return FormErrors(views.open_form(start), {"question": views.too_long(len(question), rules.LONGEST_QUESTION)})
    running = rounds.open_in(ctx.session, ctx.community_id, CHECKIN)
    # The form may be sent twice, or another facilitator may have been quicker.
    if running:
        return views.open_already(running[0])
    return _open(ctx, question, int(days) if days in ("1", "2", "3", "5") else rules.OPEN_DAYS)


def _open(ctx: Context, question: str, days: int) -> Reply:
    round = open_round(ctx, question, days, ctx.me)
    # A facilitator's question is posted even if the week is taken. Claiming it stops the bot's own requests this week.
    week = request_quota.week_of(ctx.now, ctx.community.zone)
    request_quota.record(ctx.session, ctx.community_id, week, f"rounds {round.id}", ctx.now)
    ctx.audit("checkins.open", f"round {round.id}")
    return views.opened(round, _left_out(ctx, round))


def _left_out(ctx: Context, round: Round) -> list[tuple[str, datetime]]:
    """Return what the bot would have posted, by title and moment, and leaves out because of this check-in."""
    coming = timers.upcoming(ctx.session, ctx.community_id, max(round.closes_at, ctx.now + timedelta(days=7)))
    timed = [(timer.kind, timer.value, timer.at) for timer in coming]
    own, zone = f"rounds {round.id}", ctx.community.zone
    ceiling = schedules.ceiling(ctx.session, ctx.community_id)
    found = displaced(timed, own, ctx.now, zone, beside=DUE, open_until=round.closes_at, ceiling=ceiling)
    return [(ctx.timer_labels[kind].titled(value), at) for kind, value, at in found]


@feature.command("checkin close", help="Close the check-in that is open", needs=Role.FACILITATOR)
def close(ctx: Context, event: Command) -> Reply:
    running = rounds.open_in(ctx.session, ctx.community_id, CHECKIN)
    if not running:
        raise Refusal(views.none_open())
    return views.close_now(running[0])


@feature.command("checkin summary", help="Read the check-ins, and see who is not heard yet", needs=Role.FACILITATOR)
def summary(ctx: Context, event: Command) -> Reply:
    recent = rounds.recent(ctx.session, ctx.community_id, CHECKIN, 6)
    if not recent:
        raise Refusal(views.none_yet())
    return views.overview([(r, rounds.answer_count(ctx.session, r.id or 0)) for r in recent])


@feature.timer("due")
def open_before_meeting(ctx: Context, event: TimerFired) -> Reply:
    """Open a check-in the week before a meeting.

    Does nothing if the community is paused, a check-in is open, or the week already has its request.
    """
    if ctx.community.paused or is_stale(event.at, ctx.now):
        return None
    # A check-in that the community made itself can be open beside it: the schedule gave room to both.
    if any(round.version_id is None for round in rounds.open_in(ctx.session, ctx.community_id, CHECKIN)):
        return None
    week = request_quota.week_of(ctx.now, ctx.community.zone)
    if request_quota.claim(ctx.session, ctx.community_id, week, f"checkins.due {event.value}", ctx.now):
        open_round(ctx, next_question(ctx, event.value), rules.OPEN_DAYS, None)
    return None


@feature.preview("due")
def preview_due(ctx: Context, value: str) -> Message | None:
    return views.preview(next_question(ctx, value))
