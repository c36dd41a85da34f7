"""What one person means to do, and what they took home."""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command
from bot.core.resolver import parse_id
from bot.features.feedback import takeaway_views
from bot.features.feedback.feature import feature
from bot.features.feedback.lookup import organization
from bot.ui import Reply
from storage.meetings import feedback as store
from storage.meetings.feedback import OPEN, STATES, Commitment, TakeHome

TAKEN_HOME = 10  # shown by `my takeaways`


@feature.command("my commitments", help="What you mean to do, in your own words; only you see it", reads=True)
def list_commitments(ctx: Context, event: Command) -> Reply:
    return _list(ctx)


def _list(ctx: Context, *, replace: bool = False) -> Reply:
    own = store.commitments(ctx.session, ctx.community_id, ctx.me)
    if not own:
        return takeaway_views.no_commitments()
    return takeaway_views.commitments(own, replace=replace)


@feature.click("commitment", reads=True)
def open_commitment(ctx: Context, event: Click) -> Reply:
    chosen = event.chosen[0] if event.chosen else event.value
    return takeaway_views.one_commitment(_own(ctx, chosen))


@feature.click("state")
def mark(ctx: Context, event: Click) -> Reply:
    id, _dot, place = event.value.partition(".")
    row = _own(ctx, id)
    state = STATES[parse_id(place)] if parse_id(place) < len(STATES) else OPEN
    row.state, row.changed_at = state, ctx.now
    ctx.session.flush()
    return takeaway_views.marked(row)


@feature.click("list", reads=True)
def back_to_list(ctx: Context, event: Click) -> Reply:
    return _list(ctx, replace=True)


def _own(ctx: Context, id: str) -> Commitment:
    row = store.own_commitment(ctx.session, parse_id(id), ctx.community_id, ctx.me)
    if row is None:
        raise Refusal(takeaway_views.not_found())
    return row


# --- what people take home


@feature.click("share_home")
def share_home(ctx: Context, event: Click) -> Reply:
    row = _own_take_home(ctx, event.value)
    team = organization(ctx)
    if not team:
        raise Refusal(takeaway_views.no_organization())
    row.shared = True
    ctx.session.flush()
    return takeaway_views.shared(row, team)


@feature.click("unshare_home")
def keep_home(ctx: Context, event: Click) -> Reply:
    row = _own_take_home(ctx, event.value)
    row.shared = False
    ctx.session.flush()
    return takeaway_views.kept_private(row)


def _own_take_home(ctx: Context, meeting: str) -> TakeHome:
    row = store.take_home_of(ctx.session, parse_id(meeting), ctx.me)
    if row is None or row.community_id != ctx.community_id:
        raise Refusal(takeaway_views.not_found())
    return row


@feature.command("my takeaways", help="What you and colleagues at your organization took home", reads=True)
def takeaways(ctx: Context, event: Command) -> Reply:
    team = organization(ctx)
    rows = store.taken_home(ctx.session, ctx.community, ctx.me, team, TAKEN_HOME)
    return takeaway_views.taken_home(rows, ctx.me, team)
