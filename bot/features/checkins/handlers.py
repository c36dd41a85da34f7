"""Handlers that open, close and summarize check-ins. The timer ROUND_OPENED leads to the asking and answering."""

from datetime import datetime, timedelta

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission, TimerFired
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.core.routes import EVERY
from bot.domain import questions, round_controls
from bot.domain.between_meetings import CHECKIN as DUE
from bot.domain.between_meetings import displaced
from bot.domain.meeting_types import meeting_type
from bot.features.checkins import builder, rules, saved, saved_views, views
from bot.features.checkins.feature import feature
from bot.i18n import speaking
from bot.operations.backlog import is_overtaken
from bot.ui import FormErrors, Message, Reply
from storage.communities import communities, request_quota, schedules
from storage.learning import checkins, rounds
from storage.learning.checkins import IN_USE, NAMED, CheckIn
from storage.learning.rounds import CHECKIN, Round
from storage.meetings import meetings
from storage.messaging import timers

# Past check-ins that the choice of the next question looks back on: some years of them.
REMEMBERED = 50


def open_round(
    ctx: Context,
    question: str,
    days: int,
    opened_by: int | None,
    *,
    version: int | None = None,
    level: str = NAMED,
    minutes: int = 2,
    answer_first: str = "",
) -> Round:
    """Open a round of one question or, with a `version`, of a check-in, whose name is the `question`."""
    c = ctx.community
    closed = communities.closures(ctx.session, ctx.community_id)
    closes = rules.closes_at(ctx.now, days, c.zone, c.country, c.region, closed)
    round = rounds.open_round(
        ctx.session,
        ctx.community_id,
        CHECKIN,
        question,
        now=ctx.now,
        closes_at=closes,
        minutes=minutes,
        opened_by=opened_by,
        version=version,
        level=level,
        answer_first=answer_first,
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
    help="Ask a saved check-in by its name, or a question of your own",
    needs=Role.FACILITATOR,
    argument="[name or question]",
    example="checkin open What did you try this week?",
    complete=saved.suggest,
)
def open_by_hand(ctx: Context, event: Command) -> Reply:
    row = saved.meant(ctx, event.text) if event.text else None
    if row:
        return _open_saved(ctx, row, rules.OPEN_DAYS)
    if running := _questions_open(ctx):
        return views.open_already(running[0])
    if ctx.community.paused:
        raise Refusal(round_controls.paused())
    if not event.text:
        return views.open_form(next_question(ctx))
    if len(event.text) > rules.LONGEST_QUESTION:
        raise Refusal(views.too_long(len(event.text), rules.LONGEST_QUESTION))
    return _open(ctx, event.text, rules.OPEN_DAYS)


@feature.form("open", shared=EVERY, needs=Role.FACILITATOR)
def open_from_form(ctx: Context, event: Submission) -> Reply:
    question, days = event.answers.get("question", ""), event.answers.get("days", "")
    if not question:
        return FormErrors(views.open_form(), {"question": views.empty()})
    if len(question) > rules.LONGEST_QUESTION:
        start = question[: rules.LONGEST_QUESTION]
        return FormErrors(views.open_form(start), {"question": views.too_long(len(question), rules.LONGEST_QUESTION)})
    # The form may be sent twice, or another facilitator may have been quicker.
    if running := _questions_open(ctx):
        return views.open_already(running[0])
    open_days = int(days) if days in ("1", "2", "3", "5") else rules.OPEN_DAYS
    return _open(ctx, question, open_days, views.answer_first_of(event.answers.get("first", "")))


def _questions_open(ctx: Context) -> list[Round]:
    """Return open rounds of one question, which are no saved check-in's."""
    return [row for row in rounds.open_in(ctx.session, ctx.community_id, CHECKIN) if row.version_id is None]


@feature.click("ask", needs=Role.FACILITATOR)
def ask_how_long(ctx: Context, event: Click) -> Reply:
    row = builder.find_saved(ctx, event.value)
    return _refusal_to_open(ctx, row) or saved_views.ask_form(row, rules.OPEN_DAYS)


@feature.form("ask", shared=EVERY, needs=Role.FACILITATOR)
def ask_saved(ctx: Context, event: Submission) -> Reply:
    days = event.answers["days"]
    row = builder.find_saved(ctx, event.value)
    return _open_saved(ctx, row, int(days) if days in saved_views.LENGTHS else rules.OPEN_DAYS)


def _refusal_to_open(ctx: Context, row: CheckIn) -> Reply:
    """Return why a saved check-in can't be asked now, or None. Raises Refusal if nothing can."""
    if ctx.community.paused:
        raise Refusal(round_controls.paused())
    last = rounds.latest_of_checkin(ctx.session, row.id or 0)
    if last and last.closed_at is None:
        return views.open_already(last)
    return saved_views.is_resting(row) if row.state != IN_USE else None


def _open_saved(ctx: Context, row: CheckIn, days: int) -> Reply:
    if refusal := _refusal_to_open(ctx, row):
        return refusal
    newest = checkins.newest_version(ctx.session, row.id or 0)
    assert newest
    minutes = questions.from_json(newest.definition).minutes
    return _opened(ctx, open_round(ctx, row.name, days, ctx.me, version=newest.id, level=row.level, minutes=minutes))


def _open(ctx: Context, question: str, days: int, answer_first: str = "") -> Reply:
    return _opened(ctx, open_round(ctx, question, days, ctx.me, answer_first=answer_first))


def _opened(ctx: Context, round: Round) -> Reply:
    # A facilitator's question is posted even if the week is taken. Claiming it stops the bot's own requests this week.
    week = request_quota.week_of(ctx.now, ctx.community.zone)
    request_quota.record(ctx.session, ctx.community_id, week, f"rounds {round.id}", ctx.now)
    ctx.audit("checkins.open", f"round {round.id}")
    return views.opened(round, _left_out(ctx, round))


def _left_out(ctx: Context, round: Round) -> list[tuple[str, datetime]]:
    """Return what the bot would have posted, by title and moment, and leaves out because of this check-in."""
    limits = schedules.limits(ctx.session, ctx.community_id)
    coming = timers.upcoming(
        ctx.session, ctx.community_id, max(round.closes_at, ctx.now + timedelta(weeks=limits.weeks))
    )
    timed = [(timer.kind, timer.value, timer.at) for timer in coming]
    found = displaced(
        timed,
        f"rounds {round.id}",
        ctx.now,
        ctx.community.zone,
        beside=DUE,
        open_until=round.closes_at,
        ceiling=limits.requests,
        weeks=limits.weeks,
    )
    return [(ctx.timer_labels[kind].titled(value), at) for kind, value, at in found]


@feature.command("checkin close", help="Close the check-in that is open", needs=Role.FACILITATOR)
def close(ctx: Context, event: Command) -> Reply:
    running = rounds.open_in(ctx.session, ctx.community_id, CHECKIN)
    if not running:
        raise Refusal(views.none_open())
    if len(running) > 1:
        return saved_views.which_to_close([(row.id or 0, row.question) for row in running])
    return views.close_now(running[0])


@feature.click("round", needs=Role.FACILITATOR, reads=True)
def show_round_to_close(ctx: Context, event: Click) -> Reply:
    round = rounds.get(ctx.session, ctx.community_id, parse_id("".join(event.chosen[:1])))
    if round is None or round.closed_at:
        raise Refusal(views.none_open())
    return views.close_now(round)


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
    if ctx.community.paused or is_overtaken(ctx, event):
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
