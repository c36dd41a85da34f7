"""Handlers that ask a round: of a community by a card, of some people in private, and once more by the nudge.

Other features open a round in the database and set a timer; this one posts it and takes it from there.
"""

from collections.abc import Mapping
from datetime import date

from bot import cadence
from bot.core import signals
from bot.core.context import Context
from bot.core.events import TimerFired
from bot.core.resolver import parse_id
from bot.domain.progress import progress
from bot.domain.touchpoints import Touchpoint
from bot.features.rounds import anonymous_views, beginning_views, lookup, posts, reminders, rules, views
from bot.features.rounds.feature import feature
from bot.features.rounds.lookup import asked, find, key
from bot.operations import backlog
from bot.ui import Reply, ToFacilitators, ToPerson
from storage.communities import communities, schedules
from storage.learning import anonymous_answers, rounds
from storage.learning.checkins import NOBODY_CAN_TELL
from storage.learning.rounds import PRIVATE_CHECKIN, Round
from storage.messaging import outbox
from storage.people import absences, people

# The key of a private question, without "." and the round at the end.
ASK = signals.ROUND_QUESTION
# The key of what tells somebody that their early answer is a draft again.
TAKEN_BACK = "rounds.taken_back"
NOTHING = (0, 0)
# How many members are nudged in one transaction, so that none is long.
NUDGED_AT_ONCE = 100


@feature.timer(signals.ROUND_OPENED)
def put_before_community(ctx: Context, event: TimerFired) -> Reply:
    """Post a round that a feature has opened, and set the timers of its nudge and its close."""
    round = find(ctx, event.value)
    if round.level == NOBODY_CAN_TELL and not _may_be_anonymous(ctx, round):
        return None
    # Of a round that members had begun.
    ctx.cancel_timer("rounds.unopened", event.value)
    ctx.cancel_timer("rounds.drafts", event.value)
    posts.post_card(ctx, round)
    _tell_of_drafts(ctx, round)
    c, closed = ctx.community, communities.closures(ctx.session, ctx.community_id)

    def is_closed(day: date) -> bool:
        return cadence.is_closed(day, country=c.country, region=c.region, closed=closed)

    nudge_at = rules.nudge_at(round.opened_at, round.closes_at, c.zone, is_closed)
    ctx.schedule_timer("rounds.nudge", event.value, at=nudge_at)
    ctx.schedule_timer("rounds.close", event.value, at=round.closes_at)
    return None


def _tell_of_drafts(ctx: Context, round: Round) -> None:
    """Tell those who answered early that their answer is a draft again, now that the changed check-in is open."""
    for draft in rounds.drafts(ctx.session, key(round)):
        if draft.edited_at:
            to = ToPerson(draft.person_id)
            ctx.post(to, f"{TAKEN_BACK}.{round.id}", beginning_views.taken_back, round, ctx.community.name)


@feature.redraw("taken_back")
def redraw_taken_back(ctx: Context, value: str) -> None:
    redraw_asked(ctx, value, f"{TAKEN_BACK}.{value}")


def _may_be_anonymous(ctx: Context, round: Round) -> bool:
    """Save who is asked; or where they are too few, close the round before anybody sees it, and tell facilitators."""
    members = [people.key(person) for _member, person in people.members(ctx.session, ctx.community_id)]
    if len(members) >= anonymous_answers.FEWEST:
        anonymous_answers.ask(ctx.session, key(round), members)
        return True
    round.closed_at = ctx.now
    ctx.session.flush()
    ctx.post(ToFacilitators(), f"rounds.too_few.{round.id}", anonymous_views.nobody_asked, round, len(members))
    return False


@feature.timer(signals.ROUND_ASKED)
def ask(ctx: Context, event: TimerFired) -> Reply:
    """Send the question to each of these people who has not had it, answered it or skipped it."""
    id, *receivers = map(parse_id, event.value.split())
    round = rounds.get(ctx.session, ctx.community_id, id)
    if round is None or ctx.community.paused or round.closed_at or round.closes_at <= ctx.now:
        return None
    spared = _asked(ctx, id) | rounds.respondents(ctx.session, id)
    to_ask = [person for person in receivers if person not in spared]
    is_anonymous = round.level == NOBODY_CAN_TELL
    if is_anonymous:
        anonymous_answers.ask(ctx.session, id, to_ask)
    view = anonymous_views.nudge if is_anonymous else views.ask
    for person in to_ask:
        ctx.post(ToPerson(person, is_request=True), f"{ASK}.{id}", view, round, ctx.community.name)
    return None


def _asked(ctx: Context, round: int) -> set[int]:
    """Return whom the bot wrote to about a round. Who reads that their early answer is a draft needs no question."""
    return {person for post in (ASK, TAKEN_BACK) for person in outbox.receivers(ctx.session, f"{post}.{round}")}


@feature.redraw("ask")
def redraw_private_questions(ctx: Context, value: str) -> None:
    redraw_asked(ctx, value, f"{ASK}.{value}")


@feature.timer("nudge")
def nudge(ctx: Context, event: TimerFired) -> Reply:
    """Send one direct message to each member who allows it and has neither answered nor skipped, nor put it off.

    Nobody gets one that was due while the bot was down, beside all that comes when it is back.
    """
    round = find(ctx, event.value)
    was_missed = ctx.now - event.at > backlog.LATE
    if ctx.community.paused or round.closed_at or round.closes_at <= ctx.now or was_missed:
        return None
    what = lookup.touchpoint_of(ctx, round)
    if not _nudges(ctx, what):
        return None
    spared = rounds.respondents(ctx.session, key(round)) | reminders.asked_for(ctx, round)
    # Who was away when it opened reads about it once, when they are back.
    spared |= absences.absent_at(ctx.session, ctx.community_id, round.opened_at, (absences.AWAY,))
    spared |= absences.absent_at(ctx.session, ctx.community_id, ctx.now)
    spared |= schedules.muted_by(ctx.session, ctx.community_id, what)
    was_asked = _asked(ctx, key(round))
    so_far = _drafts(ctx, round)
    nudge_key, is_anonymous = f"rounds.nudge.{round.id}", round.level == NOBODY_CAN_TELL
    if is_anonymous:
        spared |= _answered_anonymously(ctx, round)
    spared |= {row.person_id for row in outbox.copies(ctx.session, nudge_key) if row.person_id}
    to_nudge = [
        id
        for member, person in people.members(ctx.session, ctx.community_id)
        for id in (people.key(person),)
        if member.nudges and (round.kind != PRIVATE_CHECKIN or id in was_asked)
        if id not in spared and id != round.opened_by
    ]
    for id in to_nudge[:NUDGED_AT_ONCE]:
        to = ToPerson(id, is_request=True)
        if is_anonymous:
            ctx.post(to, nudge_key, anonymous_views.nudge, round, ctx.community.name)
        else:
            ctx.post(to, nudge_key, views.nudge, round, ctx.community.name, so_far.get(id, NOTHING))
    if to_nudge[NUDGED_AT_ONCE:]:
        ctx.schedule_timer("rounds.nudge", event.value, at=ctx.now)
    return None


def _answered_anonymously(ctx: Context, round: Round) -> frozenset[int]:
    """Return who is known to have answered, and who joined since and wasn't asked."""
    marked = anonymous_answers.asked(ctx.session, key(round))
    members = [people.key(person) for _member, person in people.members(ctx.session, ctx.community_id)]
    unmarked = anonymous_answers.subject(round)
    return frozenset(id for id in members if marked.get(id, True) or ctx.unmarked.has(unmarked, id))


def _drafts(ctx: Context, round: Round) -> Mapping[int, tuple[int, int]]:
    """Return how many questions each person has answered and not sent, of how many. {} for a single question."""
    if round.version_id is None:
        return {}
    questions = asked(ctx.session, round)
    return {row.person_id: progress(questions, row.by_question) for row in rounds.drafts(ctx.session, key(round))}


def _nudges(ctx: Context, what: str) -> bool:
    """Whether the community's schedule nudges about it. A check-in that is not in the schedule does."""
    rows = schedules.touchpoints(ctx.session, ctx.community_id)
    return all(Touchpoint.of_row(row).nudges for row in rows if row.what == what)


def spare_nudge(ctx: Context, round: Round) -> None:
    """Take back a nudge to the person who acts that still waits, such as for the end of their quiet hours."""
    outbox.cancel_unsent(ctx.session, f"rounds.nudge.{round.id}", f"p{ctx.me}")
    reminders.spare(ctx, round)


@feature.redraw("nudge")
def redraw_nudges(ctx: Context, value: str) -> None:
    redraw_asked(ctx, value, f"rounds.nudge.{value}")


def redraw_asked(ctx: Context, id: str, asked: str) -> None:
    """Say in what was sent with the key `asked` that the question is closed.

    Who has answered, or has left, isn't asked for a late answer.
    """
    round = rounds.get(ctx.session, ctx.community_id, parse_id(id))
    if round is None or round.closed_at is None:
        return
    if round.level == NOBODY_CAN_TELL:
        for person in outbox.receivers(ctx.session, asked):
            ctx.post(ToPerson(person), asked, anonymous_views.nudge_closed, round)
        return
    still_open = rules.may_answer(round.closed_at, ctx.now)
    respondents, so_far = rounds.respondents(ctx.session, key(round)), _drafts(ctx, round)
    members = {people.key(person) for _member, person in people.members(ctx.session, ctx.community_id)}
    for person in outbox.receivers(ctx.session, asked):
        takes_answers = still_open and person in members - respondents
        ctx.post(
            ToPerson(person),
            asked,
            views.nudge_closed,
            round,
            round.closed_at,
            takes_answers=takes_answers,
            so_far=so_far.get(person, NOTHING),
        )
