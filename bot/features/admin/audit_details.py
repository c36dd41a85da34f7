"""What the audit log says in brackets about this feature's own actions, from what was noted."""

import re
from datetime import date

from bot.core.context import Context
from bot.core.resolver import parse_id
from bot.features.admin import audit_log_views as views
from storage.people import people

DAY = re.compile(r"\d{4}-\d\d-\d\d")


def channel(ctx: Context, detail: str) -> str:
    """`detail` is a platform and what that platform calls the channel."""
    platform, _space, id = detail.partition(" ")
    return views.channel(id, platform, here=bool(ctx.place and ctx.place.platform == platform))


def days(ctx: Context, detail: str) -> str:
    return views.days([date.fromisoformat(day) for day in DAY.findall(detail)])


def months(ctx: Context, detail: str) -> str:
    return views.months(int(detail))


def role(ctx: Context, detail: str) -> str:
    """`detail` is a role, then "person 7", or a platform, "role" and what that platform calls it."""
    name, _space, rest = detail.partition(" ")
    first, _space, after = rest.partition(" ")
    if first == "person":
        who = people.get(ctx.session, parse_id(after))
        return views.person_role(who, name) if who else ""
    return views.group_role(after.removeprefix("role "), first, name)
