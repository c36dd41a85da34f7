"""Handlers for the status of a community: what fails, what is next, and what an error reference stands for."""

from datetime import timedelta

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command
from bot.core.permissions import Role
from bot.features.status import views
from bot.features.status.feature import feature
from bot.features.status.views import CommunityStatus
from bot.operations.health import check
from bot.ui import Reply
from storage.communities import communities
from storage.messaging import timers
from storage.operations import health, incidents
from storage.people import people

AHEAD = timedelta(days=30)
SHOWN = 5


@feature.command(
    "status",
    help="How the bot is doing; with a reference number, what broke",
    needs=Role.ADMIN,
    argument="[reference]",
    example="status 7F3K",
)
def show(ctx: Context, event: Command) -> Reply:
    return _incident(ctx, event.text) if event.text else views.status(_health(ctx))


def _health(ctx: Context) -> CommunityStatus:
    coming = timers.upcoming(ctx.session, ctx.community_id, ctx.now + AHEAD)
    known = [t for t in coming if t.at > ctx.now and t.kind in ctx.timer_labels]
    failed = health.failed(ctx.session, ctx.community_id)
    return CommunityStatus(
        name=ctx.community.name,
        paused=ctx.community.paused,
        work=check(ctx.session, ctx.now, ctx.component_status(), ctx.community_id),
        failing=[t.reference for t in health.failing(ctx.session, ctx.community_id, ctx.now) if t.reference],
        undelivered=[(row.made_at, row.problem, row.person_id is not None) for row in failed],
        coming=[(ctx.timer_labels[t.kind].label, t.at) for t in known[:SHOWN]],
        members=len(people.members(ctx.session, ctx.community_id)),
        channels=len(communities.channels(ctx.session, ctx.community_id)),
    )


def _incident(ctx: Context, typed: str) -> Reply:
    row = incidents.get(ctx.session, typed.strip().upper())
    if row is None or row.community_id not in (None, ctx.community_id):
        raise Refusal(views.no_such_incident(typed))
    return views.incident(row)


@feature.click("retry", needs=Role.ADMIN)
def retry(ctx: Context, event: Click) -> Reply:
    communities.assume_reachable(ctx.session, ctx.community_id)
    timers.wake(ctx.session, ctx.community_id)
    tried = health.retry(ctx.session, ctx.community_id, ctx.now)
    ctx.work_queued = True
    ctx.audit("status.retry", str(tried))
    return views.retried(tried)


@feature.click("drop", needs=Role.ADMIN)
def drop(ctx: Context, event: Click) -> Reply:
    dropped = health.drop(ctx.session, ctx.community_id)
    ctx.audit("status.drop", str(dropped))
    return views.dropped(dropped)
