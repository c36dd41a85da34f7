"""Handlers for prompts that members propose: proposing, voting, and a facilitator's decision.

Nobody is told whose idea it was, or who voted.
"""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.core.routes import EVERY
from bot.features.prompts import own_prompts, own_views, proposal_views
from bot.features.prompts.feature import feature
from bot.ui import FormErrors, Message, Reply, ToCommunity, ToFacilitators, ToPerson
from storage.learning import community_prompts
from storage.learning.community_prompts import CommunityPrompt
from storage.messaging import outbox

# Proposals of one member that wait for a decision.
MOST_WAITING = 3
LONGEST_REASON = 300  # characters


@feature.command(
    "reflect propose",
    help="Propose a reflection prompt for everyone; others vote, facilitators decide",
    argument="[question]",
    example="reflect propose What surprised you this week?",
)
def propose_by_command(ctx: Context, event: Command) -> Reply:
    _refuse_if_many_wait(ctx)
    if not event.text:
        return proposal_views.form({})
    if found := own_prompts.problems(ctx, {"text": event.text}):
        raise Refusal(proposal_views.refused(found["text"]))
    return _propose(ctx, event.text, "")


@feature.click("propose")
def propose_from_list(ctx: Context, event: Click) -> Reply:
    _refuse_if_many_wait(ctx)
    return proposal_views.form({})


@feature.form("propose", shared=())
def propose(ctx: Context, event: Submission) -> Reply:
    """Save a proposal, or the change of one, which takes its votes back: they were for other words."""
    row = _mine(ctx, event.value) if event.value else None
    if row is None:
        _refuse_if_many_wait(ctx)
    if found := own_prompts.problems(ctx, event.answers, row):
        return FormErrors(proposal_views.form(event.answers, event.value), found)
    text, starter = event.answers["text"], own_prompts.starter_of(event.answers.get("starter", ""))
    if row is None:
        return _propose(ctx, text, starter)
    if text != row.text:
        community_prompts.drop_votes(ctx.session, community_prompts.key(row))
        community_prompts.vote(ctx.session, community_prompts.key(row), ctx.me)
    row.text, row.starter = text, starter
    ctx.session.flush()
    _refresh(ctx, row)
    return proposal_views.changed(row)


def _refuse_if_many_wait(ctx: Context) -> None:
    rows = community_prompts.proposed(ctx.session, ctx.community_id)
    if sum(row.person_id == ctx.me for row, _votes in rows) >= MOST_WAITING:
        raise Refusal(proposal_views.many_wait(MOST_WAITING))


def _mine(ctx: Context, id: str) -> CommunityPrompt:
    row = community_prompts.get(ctx.session, ctx.community_id, parse_id(id))
    if row is None or row.person_id != ctx.me or row.approved_at:
        raise Refusal(proposal_views.settled())
    return row


def _propose(ctx: Context, text: str, starter: str) -> Reply:
    row = community_prompts.add(ctx.session, ctx.community_id, ctx.me, text, starter, ctx.now)
    community_prompts.vote(ctx.session, community_prompts.key(row), ctx.me)
    _refresh(ctx, row)
    ctx.post(ToFacilitators(), f"prompts.proposed.{row.id}", _for_facilitators, ctx, row)
    return proposal_views.proposed(row)


def _refresh(ctx: Context, row: CommunityPrompt) -> None:
    """Post or rewrite the card, and rewrite what facilitators were told."""
    ctx.post(ToCommunity(), f"prompts.proposal.{row.id}", _card, ctx, row)
    ctx.redraw(f"prompts.proposed.{row.id}")


def _card(ctx: Context, row: CommunityPrompt) -> Message:
    return proposal_views.card_of(row, community_prompts.votes(ctx.session, community_prompts.key(row)))


def _for_facilitators(ctx: Context, row: CommunityPrompt) -> Message:
    votes = community_prompts.votes(ctx.session, community_prompts.key(row))
    return proposal_views.for_facilitators(row, votes, ctx.community.name)


@feature.redraw("proposal")
def redraw_card(ctx: Context, value: str) -> None:
    row = community_prompts.get(ctx.session, ctx.community_id, parse_id(value))
    if row:
        _refresh(ctx, row)
    else:
        ctx.post(ToCommunity(), f"prompts.proposal.{value}", proposal_views.closed)


@feature.redraw("proposed")
def redraw_for_facilitators(ctx: Context, value: str) -> None:
    row = community_prompts.get(ctx.session, ctx.community_id, parse_id(value))
    for person in outbox.receivers(ctx.session, told := f"prompts.proposed.{value}"):
        if row:
            ctx.post(ToPerson(person), told, _for_facilitators, ctx, row)
        else:
            ctx.post(ToPerson(person), told, proposal_views.closed)


# --- voting


@feature.command("vote prompts", help="Vote for reflection prompts that members proposed", reads=True)
def list_for_members(ctx: Context, event: Command) -> Reply:
    rows = community_prompts.proposed(ctx.session, ctx.community_id)
    return proposal_views.ballot(rows, community_prompts.voted_for(ctx.session, ctx.community_id, ctx.me))


@feature.click("vote")
def vote(ctx: Context, event: Click) -> Reply:
    row = _open(ctx, event.chosen[0] if event.chosen else event.value)
    is_new = community_prompts.vote(ctx.session, community_prompts.key(row), ctx.me)
    if is_new:
        _refresh(ctx, row)
    return proposal_views.voted(row, again=not is_new)


@feature.click("take_vote_back")
def take_vote_back(ctx: Context, event: Click) -> Reply:
    row = _open(ctx, event.value)
    if community_prompts.take_vote_back(ctx.session, community_prompts.key(row), ctx.me):
        _refresh(ctx, row)
    return proposal_views.vote_taken_back(row)


def _open(ctx: Context, id: str) -> CommunityPrompt:
    """Return a proposal that waits for a decision, or refuse."""
    row = community_prompts.get(ctx.session, ctx.community_id, parse_id(id))
    if row is None or row.approved_at:
        raise Refusal(proposal_views.settled())
    return row


# --- deciding


@feature.command("prompt proposals", help="Decide on the prompts that members proposed", needs=Role.FACILITATOR)
def list_for_facilitators(ctx: Context, event: Command) -> Reply:
    return proposal_views.waiting(community_prompts.proposed(ctx.session, ctx.community_id))


@feature.click("decide", needs=Role.FACILITATOR)
def ask_for_decision(ctx: Context, event: Click) -> Reply:
    return proposal_views.decision_form(_open(ctx, event.chosen[0] if event.chosen else event.value), {})


@feature.form("decide", shared=EVERY, needs=Role.FACILITATOR)
def decide(ctx: Context, event: Submission) -> Reply:
    """Approve a proposal, or decline it, and tell its writer. Of two facilitators at once, the first decides."""
    row = _open(ctx, event.value)
    reason, decision = event.answers.get("reason", ""), event.answers.get("decision", "")
    if decision not in (proposal_views.YES, proposal_views.NO):
        return FormErrors(proposal_views.decision_form(row, event.answers), {"decision": proposal_views.undecided()})
    if len(reason) > LONGEST_REASON:
        form = proposal_views.decision_form(row, event.answers)
        return FormErrors(form, {"reason": own_views.too_long(len(reason), LONGEST_REASON)})
    is_approved = decision == proposal_views.YES
    if row.person_id and row.person_id != ctx.me:
        to, key = ToPerson(row.person_id), f"prompts.decided.{row.id}"
        ctx.post(to, key, proposal_views.told_decision, row.text, reason, is_approved=is_approved)
    if is_approved:
        row.approved_at = ctx.now
        row.category, row.depth = own_prompts.category_and_depth(event.answers)
        ctx.session.flush()
        _refresh(ctx, row)
        ctx.audit("prompts.approve", "")
        return proposal_views.approved(row)
    text, id = row.text, row.id
    community_prompts.remove(ctx.session, row)
    ctx.redraw(f"prompts.proposal.{id}")
    ctx.redraw(f"prompts.proposed.{id}")
    ctx.audit("prompts.decline", "")
    return proposal_views.declined(text)


# --- what `data show` does


def change_form(ctx: Context, row: CommunityPrompt) -> Reply:
    if row.approved_at:
        raise Refusal(proposal_views.settled())
    return proposal_views.form({"text": row.text, "starter": row.starter}, str(row.id))


def withdraw(ctx: Context, row: CommunityPrompt) -> None:
    id = row.id
    community_prompts.remove(ctx.session, row)
    ctx.redraw(f"prompts.proposal.{id}")
    ctx.redraw(f"prompts.proposed.{id}")
