"""Handlers for facilitators who read a summary before it is posted, and who write its themes."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from bot import cadence
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Submission, TimerFired
from bot.core.permissions import Role
from bot.core.routes import EVERY
from bot.features.rounds import posts, rules, summary_views
from bot.features.rounds.feature import feature
from bot.features.rounds.lookup import find, key
from bot.ui import Reply
from storage.communities import communities
from storage.learning import rounds
from storage.learning.rounds import Round


def wait_for_review(ctx: Context, round: Round) -> None:
    """Show facilitators the summary first, if they want it, until the next working morning."""
    checkin = rounds.checkin_of(ctx.session, round)
    if checkin is None or not checkin.is_reviewed or not rounds.answer_count(ctx.session, key(round)):
        return
    c, closed = ctx.community, communities.closures(ctx.session, ctx.community_id)
    today = ctx.now.astimezone(ZoneInfo(c.zone)).date()
    day = cadence.add_working_days(today, 1, country=c.country, region=c.region, closed=closed)
    round.summary_at = datetime.combine(day, time(rules.SUMMARY_HOUR), ZoneInfo(c.zone)).astimezone(UTC)
    ctx.session.flush()
    ctx.schedule_timer("rounds.summary_due", str(round.id), at=round.summary_at)


@feature.timer("summary_due")
def post_reviewed_summary(ctx: Context, event: TimerFired) -> Reply:
    _end_review(ctx, find(ctx, event.value))
    return None


@feature.click("post_summary", needs=Role.FACILITATOR)
def post_summary_now(ctx: Context, event: Click) -> Reply:
    round = _closed(ctx, event.value)
    ctx.audit("rounds.themes", f"round {round.id}")
    _end_review(ctx, round)
    return summary_views.posted_now()


def _end_review(ctx: Context, round: Round) -> None:
    if round.summary_at is None:
        return
    round.summary_at = None
    ctx.session.flush()
    ctx.cancel_timer("rounds.summary_due", str(round.id))
    posts.post_summary(ctx, round)
    ctx.redraw(f"rounds.review.{round.id}")


@feature.click("themes", needs=Role.FACILITATOR)
def ask_for_themes(ctx: Context, event: Click) -> Reply:
    return summary_views.themes_form(_closed(ctx, event.value))


def _closed(ctx: Context, id: str) -> Round:
    """Return a closed round, or refuse: themes are shown in the summary, which is posted when a round closes."""
    round = find(ctx, id)
    if round.closed_at is None:
        raise Refusal(summary_views.not_yet(round))
    return round


@feature.form("themes", shared=EVERY, needs=Role.FACILITATOR)
def add_themes(ctx: Context, event: Submission) -> Reply:
    round = _closed(ctx, event.value)
    round.themes = event.answers.get("themes", "")[:800]
    ctx.session.flush()
    ctx.audit("rounds.themes", f"round {round.id}")
    posts.post_summary(ctx, round)
    return summary_views.themes_added()
