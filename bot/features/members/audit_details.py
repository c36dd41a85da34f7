"""The words in brackets that the audit log shows after this feature's own actions, from the stored detail."""

from bot.core import audited_person
from bot.core.context import Context
from bot.core.resolver import parse_id
from bot.features.members import admission_views
from bot.ui.markup import cut, esc
from storage.people import people


def removed(ctx: Context, detail: str) -> str:
    """Return the name of a person and why they were removed, which their membership holds and the log does not."""
    who = audited_person.describe(ctx, detail)
    row = people.membership(ctx.session, ctx.community_id, parse_id(detail.removeprefix("person "))) if who else None
    reason = row.removal_reason if row else ""
    return f"{who}: {esc(cut(reason, 100))}" if reason else who


def policy(_ctx: Context, detail: str) -> str:
    return admission_views.policy_name(detail)
