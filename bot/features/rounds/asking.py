"""The handler that asks a round of some people in private messages, each at their own hour."""

from bot.core import signals
from bot.core.context import Context
from bot.core.events import TimerFired
from bot.core.resolver import parse_id
from bot.features.rounds import anonymous_views, rules, views
from bot.features.rounds.feature import feature
from bot.ui import Reply, ToPerson
from storage.learning import anonymous_answers, rounds
from storage.learning.checkins import NOBODY_CAN_TELL
from storage.messaging import outbox

# The key of a private question, without "." and the round at the end.
ASK = "rounds.ask"


@feature.timer(signals.ROUND_ASKED)
def ask(ctx: Context, event: TimerFired) -> Reply:
    """Send the question to each of these people who has not had it, answered it or skipped it."""
    id, *people = map(parse_id, event.value.split())
    round = rounds.get(ctx.session, ctx.community_id, id)
    if round is None or ctx.community.paused or round.closed_at or round.closes_at <= ctx.now:
        return None
    asked = set(outbox.receivers(ctx.session, f"{ASK}.{id}"))
    to_ask = [person for person in people if person not in asked | rounds.respondents(ctx.session, id)]
    is_anonymous = round.level == NOBODY_CAN_TELL
    if is_anonymous:
        anonymous_answers.ask(ctx.session, id, to_ask)
    view = anonymous_views.nudge if is_anonymous else views.ask
    for person in to_ask:
        ctx.post(ToPerson(person, is_request=True), f"{ASK}.{id}", view, round, ctx.community.name)
    return None


@feature.redraw("ask")
def redraw(ctx: Context, value: str) -> None:
    """Say in each private question that it is closed. Who has answered isn't asked for a late answer."""
    round = rounds.get(ctx.session, ctx.community_id, parse_id(value))
    if round is None or round.closed_at is None:
        return
    if round.level == NOBODY_CAN_TELL:
        for person in outbox.receivers(ctx.session, f"{ASK}.{value}"):
            ctx.post(ToPerson(person), f"{ASK}.{value}", anonymous_views.nudge_closed, round)
        return
    still_open = rules.may_answer(round.closed_at, ctx.now)
    respondents = rounds.respondents(ctx.session, round.id or 0)
    for person in outbox.receivers(ctx.session, key := f"{ASK}.{value}"):
        takes_answers = still_open and person not in respondents
        ctx.post(ToPerson(person), key, views.nudge_closed, round, round.closed_at, takes_answers=takes_answers)
