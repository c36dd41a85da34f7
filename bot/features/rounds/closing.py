"""Handlers that close a round, and what goes with that."""

from bot.core import signals
from bot.core.context import Context
from bot.core.events import Click, TimerFired
from bot.core.permissions import Role
from bot.features.rounds import posts, reminders, review, rules, summary_views, views
from bot.features.rounds.feature import feature
from bot.features.rounds.lookup import find, key
from bot.ui import Reply, ToCommunity, ToFacilitators, ToPerson, ToThread
from storage.learning import anonymous_answers, rounds
from storage.learning.checkins import NOBODY_CAN_TELL
from storage.learning.rounds import PRIVATE_CHECKIN, Round
from storage.messaging import outbox


@feature.timer("close")
def close_round(ctx: Context, event: TimerFired) -> Reply:
    round = find(ctx, event.value)
    if round.closed_at is None:
        close(ctx, round)
    return None


@feature.click("close", needs=Role.FACILITATOR)
def close_by_hand(ctx: Context, event: Click) -> Reply:
    round = find(ctx, event.value)
    ctx.audit("rounds.close", f"round {round.id}")
    if round.closed_at is None:
        close(ctx, round)
    return summary_views.closed_now(round, answered=rounds.answer_count(ctx.session, key(round)) > 0)


def close(ctx: Context, round: Round) -> None:
    """Close a round and post its summary. Facilitators are told if nobody answered."""
    round.closed_at = ctx.now
    ctx.session.flush()
    if round.level == NOBODY_CAN_TELL:
        anonymous_answers.seal(ctx.session, round)
    ctx.cancel_timer("rounds.nudge", str(round.id))
    ctx.cancel_timer("rounds.close", str(round.id))
    outbox.cancel_unsent(ctx.session, f"rounds.nudge.{round.id}")
    if round.version_id:
        ctx.schedule_timer("rounds.drafts", str(round.id), at=rules.drafts_until(ctx.now))
    ctx.redraw(f"rounds.nudge.{round.id}")
    outbox.cancel_unsent(ctx.session, f"rounds.ask.{round.id}")
    ctx.redraw(f"rounds.ask.{round.id}")
    outbox.cancel_unsent(ctx.session, f"rounds.taken_back.{round.id}")
    ctx.redraw(f"rounds.taken_back.{round.id}")
    reminders.close(ctx, round)
    posts.post_card(ctx, round)
    review.wait_for_review(ctx, round)
    posts.post_summary(ctx, round)
    if not rounds.answer_count(ctx.session, key(round)):
        ctx.post(ToFacilitators(), f"rounds.quiet.{round.id}", summary_views.quiet_round, round)


@feature.timer("drafts")
def delete_drafts(ctx: Context, event: TimerFired) -> Reply:
    """Delete what members had answered and not sent, some time after the close."""
    round = find(ctx, event.value, may_be_planned=True)
    rounds.drop_drafts(ctx.session, key(round))
    ctx.redraw(f"rounds.nudge.{round.id}")
    return None


@feature.timer(signals.ROUND_DELETED)
def rewrite_deleted(ctx: Context, event: TimerFired) -> Reply:
    """Say on everything that was posted of a round that it has been deleted."""
    id, _space, kind = event.value.partition(" ")
    for timer in ("rounds.nudge", "rounds.close", "rounds.drafts", "rounds.unopened"):
        ctx.cancel_timer(timer, id)
    private = [f"rounds.{post}.{id}" for post in ("nudge", "ask", "taken_back", "quiet", "too_few")]
    for prefix in (f"{reminders.ASKED_FOR}.{id}.", f"rounds.unopened.{id}."):
        private += outbox.with_prefix(ctx.session, ctx.community_id, prefix)
    with ctx.rewriting():
        ctx.post(ToCommunity(), f"{posts.CARD}.{id}", views.deleted)
        summary_to = ToCommunity() if kind == PRIVATE_CHECKIN else ToThread(f"{posts.CARD}.{id}")
        ctx.post(summary_to, f"rounds.summary.{id}", views.deleted)
        for sent in private:
            for person in outbox.receivers(ctx.session, sent):
                ctx.post(ToPerson(person), sent, views.deleted)
    return None
