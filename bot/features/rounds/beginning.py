"""Handlers for beginning a check-in before it opens: the answer joins the round then, and its writer isn't asked again.

What was begun is a round that is planned: nobody else sees it. If it doesn't open, what was sent is its writer's draft.
"""

from datetime import timedelta

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, TimerFired
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.domain import questions
from bot.features.rounds import answering, beginning_views, rules
from bot.features.rounds.feature import feature
from bot.features.rounds.lookup import find, key
from bot.operations import coming_checkins
from bot.ui import Reply, ToPerson
from storage.learning import checkins, rounds
from storage.messaging import outbox

UNOPENED = "rounds.unopened"
# So long after it should have opened, a check-in is taken not to.
PATIENCE = timedelta(days=1)
# If it is due again so soon after that, it was moved.
MOVED_BY = timedelta(days=3)


@feature.command("answer early", help="Begin a check-in before it opens")
def list_coming(ctx: Context, event: Command) -> Reply:
    return beginning_views.coming(coming_checkins.for_member(ctx, ctx.community))


@feature.click(signals.BEGIN_ROUND, needs=Role.MEMBER)
def begin(ctx: Context, event: Click) -> Reply:
    """Open the form of a check-in that is about to open; of the round itself, if it is open already."""
    id = parse_id(event.value)
    checkin = checkins.get(ctx.session, ctx.community_id, id)
    last = rounds.latest_of_checkin(ctx.session, id) if checkin else None
    if last and last.closed_at is None:
        return answering.ask(ctx, last)
    found = next((each for each in coming_checkins.for_member(ctx, ctx.community) if each.checkin.id == id), None)
    version = checkins.newest_version(ctx.session, id)
    if checkin is None or found is None or version is None:
        raise Refusal(beginning_views.not_coming())
    round = rounds.plan_round(
        ctx.session,
        ctx.community_id,
        checkin.name,
        version=version.id or 0,
        level=checkin.level,
        minutes=questions.from_json(version.definition).minutes,
        opens_at=found.opens_at,
        now=ctx.now,
    )
    ctx.cancel_timer("rounds.drafts", str(round.id))
    ctx.schedule_timer(UNOPENED, str(round.id), at=found.opens_at + PATIENCE)
    return answering.ask(ctx, round)


@feature.timer("unopened")
def end_unopened(ctx: Context, event: TimerFired) -> Reply:
    """Give their answers back to those who began a check-in that didn't open."""
    round = find(ctx, event.value, may_be_planned=True)
    if not round.is_planned or round.closed_at:
        return None
    checkin = rounds.checkin_of(ctx.session, round)
    due = coming_checkins.coming(ctx.session, ctx.community, ctx.now)
    again = next((each.opens_at for each in due if checkin and each.checkin.id == checkin.id), None)
    if again and again - round.opened_at <= MOVED_BY:
        round.opened_at = round.closes_at = again
        ctx.schedule_timer(UNOPENED, event.value, at=again + PATIENCE)
        return None
    round.closed_at = ctx.now
    rounds.take_back(ctx.session, round)
    kept_until = rules.drafts_until(ctx.now)
    ctx.schedule_timer("rounds.drafts", event.value, at=kept_until)
    for draft in rounds.drafts(ctx.session, key(round)):
        told = f"{UNOPENED}.{round.id}.{ctx.now:%Y%m%d}"
        ctx.post(ToPerson(draft.person_id), told, beginning_views.not_opened, round, ctx.community.name, kept_until)
    return None


@feature.redraw("unopened")
def redraw_unopened(ctx: Context, value: str) -> None:
    """Take back what was offered with a draft that is gone, or that belongs to an open check-in now."""
    round = rounds.get(ctx.session, ctx.community_id, parse_id(value.partition(".")[0]))
    if round is None:
        return
    until = rules.drafts_until(round.closed_at) if round.is_planned and round.closed_at else ctx.now
    for person in outbox.receivers(ctx.session, told := f"{UNOPENED}.{value}"):
        if ctx.now < until and rounds.draft_of(ctx.session, key(round), person):
            ctx.post(ToPerson(person), told, beginning_views.not_opened, round, ctx.community.name, until)
        else:
            ctx.post(ToPerson(person), told, beginning_views.not_opened_and_gone, round, ctx.community.name)
