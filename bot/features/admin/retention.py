"""The retention command: how many months answers are kept after their season.

A shorter time that would delete answers has to be confirmed with a button first.
"""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command
from bot.core.permissions import Role
from bot.features.admin import rules, views
from bot.features.admin.feature import feature
from bot.ui import Reply
from storage.privacy import retention


@feature.command(
    "retention",
    help="How many months answers are kept after the end of their season",
    needs=Role.ADMIN,
    argument="[months]",
    example="retention 12",
)
def set_retention(ctx: Context, event: Command) -> Reply:
    if not event.text:
        return views.retention(ctx.community.retention_months)
    months = rules.read_months(event.text)
    if months is None:
        raise Refusal(views.not_months(event.text), retry="retention 12", root="admin")
    would_go = retention.old(ctx.session, ctx.community, ctx.now, months)
    if would_go:
        return views.confirm_retention(months, would_go)
    return _set(ctx, months, replace=False)


@feature.click("retention", needs=Role.ADMIN)
def confirm(ctx: Context, event: Click) -> Reply:
    months = rules.read_months(event.value)
    if months is None:
        raise Refusal(views.not_months(event.value))
    return _set(ctx, months, replace=True)


def _set(ctx: Context, months: int, *, replace: bool) -> Reply:
    ctx.community.retention_months = months
    ctx.audit("retention", str(months))
    return views.retention_set(months, replace=replace)
