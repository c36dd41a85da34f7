"""Reminders of a question that members asked for with "later": who did, and taking them back."""

from collections.abc import Iterator

from bot.core import signals
from bot.core.context import Context
from bot.core.resolver import parse_id
from storage.learning.rounds import Round
from storage.messaging import outbox, timers

# The timer of one. Its value is the round, "." and the person.
TIMER = "rounds.remind"
ASKED_FOR = signals.ROUND_REMINDER


def asked_for(ctx: Context, round: Round) -> frozenset[int]:
    """Return who has asked to be reminded of a question, whether or not they were already."""
    pending = timers.values(ctx.session, ctx.community_id, TIMER, f"{round.id}.")
    sent = [person for key in _keys(ctx, round) for person in outbox.receivers(ctx.session, key)]
    return frozenset([*(parse_id(value.partition(".")[2]) for value in pending), *sent])


def _keys(ctx: Context, round: Round) -> Iterator[str]:
    yield from outbox.with_prefix(ctx.session, round.community_id, f"{ASKED_FOR}.{round.id}.")


def spare(ctx: Context, round: Round) -> None:
    """Take back what the person who acts asked to be reminded of, now that they have answered."""
    ctx.cancel_timer(TIMER, f"{round.id}.{ctx.me}")
    for key in _keys(ctx, round):
        outbox.cancel_unsent(ctx.session, key, f"p{ctx.me}")


def close(ctx: Context, round: Round) -> None:
    """Take back the reminders of a question that closes, and rewrite those that were sent."""
    for value in timers.values(ctx.session, ctx.community_id, TIMER, f"{round.id}."):
        ctx.cancel_timer(TIMER, value)
    for key in _keys(ctx, round):
        outbox.cancel_unsent(ctx.session, key)
        ctx.redraw(key)
