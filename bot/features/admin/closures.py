"""Commands for closed days: nothing is asked and no meeting is planned on them.

Each change replans meetings and requests, through a timer that is due now.
"""

from datetime import date
from zoneinfo import ZoneInfo

from bot.cadence import Unreadable, read_closures
from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Command, Submission
from bot.core.permissions import Role
from bot.features.admin import closure_views, rules
from bot.features.admin.feature import feature
from bot.ui import FormErrors, Reply
from storage.communities import communities


def _days(ctx: Context, event: Command, verb: str) -> list[date]:
    try:
        return rules.read_days(event.text, zone=ctx.community.zone, now=ctx.now)
    except Unreadable as why:
        retry = f"closure {verb} {why.suggestion}" if why.suggestion else ""
        raise Refusal(closure_views.unreadable_days(str(why), retry), retry=retry, root="admin") from why
    except rules.TooMany as why:
        raise Refusal(closure_views.too_many_days(str(why))) from why


@feature.command(
    "closure add",
    help="Days on which nothing is asked and no meeting is planned",
    needs=Role.ADMIN,
    argument="[days]",
    example="closure add Dec 24 to Jan 2",
)
def add(ctx: Context, event: Command) -> Reply:
    return _close(ctx, _days(ctx, event, "add")) if event.text else closure_views.form()


@feature.form("closures", shared=(), needs=Role.ADMIN)
def add_pasted(ctx: Context, event: Submission) -> Reply:
    """Close pasted days: a day or a stretch on each line, or the text of an .ics file. Past days are left out."""
    typed, today = event.answers["days"], ctx.now.astimezone(ZoneInfo(ctx.community.zone)).date()
    try:
        days = sorted(day for day in read_closures(typed.encode(), today, ctx.community.zone) if day >= today)
    except Unreadable as why:
        return FormErrors(closure_views.form(typed), {"days": closure_views.unreadable_list(str(why), why.suggestion)})
    return _close(ctx, days) if days else FormErrors(closure_views.form(typed), {"days": closure_views.all_passed()})


def _close(ctx: Context, days: list[date]) -> Reply:
    communities.close(ctx.session, ctx.community_id, days)
    ctx.audit("closure.add", ", ".join(map(str, days)))
    ctx.schedule_timer(signals.MEETINGS_REPLAN, at=ctx.now)
    return closure_views.closed(days)


@feature.command("closure list", help="The days on which the community is left in peace", needs=Role.ADMIN)
def show(ctx: Context, event: Command) -> Reply:
    today = ctx.now.astimezone(ctx.zone).date()
    days = sorted(d for d in communities.closures(ctx.session, ctx.community_id) if d >= today)
    return closure_views.closures(days, ctx.community.country)


@feature.command(
    "closure remove",
    help="Open days again that were closed",
    needs=Role.ADMIN,
    argument="<days>",
    example="closure remove Dec 24",
)
def remove(ctx: Context, event: Command) -> Reply:
    """Open closed days again. Days that are not closed are passed over; refuses if none of them is."""
    days = _days(ctx, event, "remove")
    closed = communities.closures(ctx.session, ctx.community_id)
    found = [day for day in days if day in closed]
    if not found:
        raise Refusal(closure_views.not_closed(days))
    for day in found:
        communities.reopen(ctx.session, ctx.community_id, day)
    ctx.audit("closure.remove", ", ".join(map(str, found)))
    ctx.schedule_timer(signals.MEETINGS_REPLAN, at=ctx.now)
    return closure_views.opened(found)
