"""Handlers with which a person lists takeaways and shares one with colleagues at their organization."""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command
from bot.core.resolver import parse_id
from bot.features.feedback import takeaway_views
from bot.features.feedback.feature import feature
from bot.features.feedback.lookup import organization
from bot.ui import Reply
from storage.learning import commitments
from storage.learning.commitments import Takeaway

SHOWN = 10


@feature.click("share_home")
def share_home(ctx: Context, event: Click) -> Reply:
    row = _own_takeaway(ctx, event.value)
    team = organization(ctx)
    if not team:
        member = ctx.membership
        raise Refusal(takeaway_views.no_organization(member.organization if member else ""))
    commitments.share(ctx.session, row, team, ctx.now)
    return takeaway_views.shared(row, team)


@feature.click("unshare_home")
def keep_home(ctx: Context, event: Click) -> Reply:
    row = _own_takeaway(ctx, event.value)
    row.shared = False
    ctx.session.flush()
    return takeaway_views.kept_private(row)


def _own_takeaway(ctx: Context, meeting: str) -> Takeaway:
    row = commitments.takeaway_of(ctx.session, parse_id(meeting), ctx.me)
    if row is None or row.community_id != ctx.community_id:
        raise Refusal(takeaway_views.not_found())
    return row


@feature.command("my takeaways", help="What you and colleagues at your organization took home", reads=True)
def takeaways(ctx: Context, event: Command) -> Reply:
    team = organization(ctx)
    rows = commitments.takeaways(ctx.session, ctx.community, ctx.me, team, SHOWN)
    return takeaway_views.takeaways(rows, ctx.me, team)
