"""What a round posts, and drawing it anew: the card, the summary, and what facilitators are told about them."""

from collections.abc import Sequence

from bot.core import signals
from bot.core.context import Context
from bot.core.resolver import parse_id
from bot.features.rounds import anonymous_views, answer_views, rules, summaries, summary_views, views
from bot.features.rounds.feature import feature
from bot.features.rounds.lookup import asked, key
from bot.ui import Button, Message, ToCommunity, ToFacilitators, ToPerson, ToThread, showing
from storage.learning import anonymous_answers, rounds
from storage.learning.checkins import NOBODY_CAN_TELL
from storage.learning.rounds import PRIVATE_CHECKIN, Round
from storage.messaging import outbox

# The key of a round's card, without "." and the round at the end.
CARD = signals.ROUND_CARD
# The card of an anonymous round counts in steps of so many.
COUNTED_BY = 5


def post_card(ctx: Context, round: Round) -> None:
    if round.kind != PRIVATE_CHECKIN:
        ctx.post(ToCommunity(round.channel_ids), f"{CARD}.{round.id}", _card, ctx, round)


def _card(ctx: Context, round: Round) -> Message:
    if round.level == NOBODY_CAN_TELL:
        return _anonymous_card(ctx, round)
    answered_by = rounds.answered_by(ctx.session, key(round))
    takes_answers = rules.may_answer(round.closed_at, ctx.now)
    listed, choices = "", tuple[Button, ...]()
    if round.version_id:
        questions = asked(ctx.session, round)
        listed, choices = answer_views.question_list(round, questions), answer_views.press_buttons(round, questions)
    drawn = views.card_of(round, len(answered_by), takes_answers=takes_answers, questions=listed, choices=choices)
    return showing(drawn, answered_by)


def _anonymous_card(ctx: Context, round: Round) -> Message:
    """Say how many have answered in steps, since a count that grows by one says when somebody did."""
    count = round.anonymous_count
    if round.closed_at is None:
        count = anonymous_answers.count(ctx.session, key(round)) // COUNTED_BY * COUNTED_BY
    return anonymous_views.card_of(round, answer_views.question_list(round, asked(ctx.session, round)), count)


@feature.redraw("card")
def redraw_card(ctx: Context, value: str) -> None:
    round = rounds.get(ctx.session, ctx.community_id, parse_id(value))
    if round is None:
        return
    if round.closed_at is None and round.closes_at <= ctx.now and not ctx.drawing:
        # The timer for it is due as well, and closes the round if this doesn't come before.
        ctx.schedule_timer("rounds.close", value, at=ctx.now)
    else:
        post_card(ctx, round)


def post_summary(ctx: Context, round: Round) -> None:
    """Post or rewrite the summary in the card's thread; in the channel if the question was asked in private.

    While it waits for the facilitators, only they see it.
    """
    if round.summary_at:
        ctx.post(ToFacilitators(), f"rounds.review.{round.id}", _review, ctx, round)
        return
    to = ToCommunity() if round.kind == PRIVATE_CHECKIN else ToThread(f"{CARD}.{round.id}")
    ctx.post(to, f"rounds.summary.{round.id}", summaries.summary, ctx, round)


@feature.redraw("summary")
def redraw_summary(ctx: Context, value: str) -> None:
    round = rounds.get(ctx.session, ctx.community_id, parse_id(value))
    if round and round.closed_at:
        post_summary(ctx, round)


def _review(ctx: Context, round: Round) -> Message:
    drawn = summaries.summary(ctx, round)
    return summary_views.review(round, drawn) if round.summary_at else summary_views.reviewed(drawn)


@feature.redraw("review")
def redraw_review(ctx: Context, value: str) -> None:
    """Show facilitators a summary that waits as it is now, or that it is posted."""
    round = rounds.get(ctx.session, ctx.community_id, parse_id(value))
    if round and round.closed_at:
        for person in outbox.receivers(ctx.session, told := f"rounds.review.{round.id}"):
            ctx.post(ToPerson(person), told, _review, ctx, round)


def refresh_posts(ctx: Context, round: Round) -> None:
    """Rewrite the card, and if the round has closed, the summary and what facilitators were told."""
    if round.is_planned:
        return
    post_card(ctx, round)
    if round.closed_at:
        post_summary(ctx, round)
        ctx.redraw(f"rounds.quiet.{round.id}")


@feature.redraw("quiet")
def redraw_quiet(ctx: Context, value: str) -> None:
    """Tell the facilitators who were told that nobody answered, if somebody has since."""
    round = rounds.get(ctx.session, ctx.community_id, parse_id(value))
    answered_by = rounds.answered_by(ctx.session, key(round)) if round else ()
    if round and answered_by:
        for person in outbox.receivers(ctx.session, told := f"rounds.quiet.{round.id}"):
            ctx.post(ToPerson(person), told, _no_longer_quiet, round, answered_by)


def _no_longer_quiet(round: Round, answered_by: Sequence[int]) -> Message:
    return showing(summary_views.no_longer_quiet(round, len(answered_by)), answered_by)
