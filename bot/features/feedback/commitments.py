"""Handlers with which a person lists their commitments and marks what became of one."""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command
from bot.core.resolver import parse_id
from bot.features.feedback import commitment_views
from bot.features.feedback.feature import feature
from bot.ui import Reply
from storage.learning import commitments
from storage.learning.commitments import OPEN, STATES, Commitment


@feature.command("my commitments", help="What you mean to do, in your own words; only you see it", reads=True)
def list_commitments(ctx: Context, event: Command) -> Reply:
    return _list(ctx)


def _list(ctx: Context, *, replace: bool = False) -> Reply:
    own = commitments.by_person(ctx.session, ctx.community_id, ctx.me)
    if not own:
        return commitment_views.no_commitments()
    return commitment_views.commitments(own, replace=replace)


@feature.click("commitment", reads=True)
def open_commitment(ctx: Context, event: Click) -> Reply:
    chosen = event.chosen[0] if event.chosen else event.value
    return commitment_views.one_commitment(_own_commitment(ctx, chosen))


@feature.click("state")
def mark(ctx: Context, event: Click) -> Reply:
    id, _dot, place = event.value.partition(".")
    row = _own_commitment(ctx, id)
    state = STATES[parse_id(place)] if parse_id(place) < len(STATES) else OPEN
    row.state, row.changed_at = state, ctx.now
    ctx.session.flush()
    return commitment_views.marked(row)


@feature.click("list", reads=True)
def back_to_list(ctx: Context, event: Click) -> Reply:
    return _list(ctx, replace=True)


def _own_commitment(ctx: Context, id: str) -> Commitment:
    row = commitments.own_commitment(ctx.session, parse_id(id), ctx.community_id, ctx.me)
    if row is None:
        raise Refusal(commitment_views.not_found())
    return row
