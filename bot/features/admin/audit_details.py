"""The words in brackets that the audit log shows after this feature's own actions, from the stored detail."""

import re
from datetime import date

from bot.core.context import Context
from bot.core.resolver import parse_id
from bot.features.admin import audit_log_views
from storage.people import people

DAY = re.compile(r"\d{4}-\d\d-\d\d")


def channel(ctx: Context, detail: str) -> str:
    """Describe a channel. `detail` is a platform and that platform's id of the channel: "slack C1"."""
    platform, _space, id = detail.partition(" ")
    return audit_log_views.channel(id, platform, here=bool(ctx.place and ctx.place.platform == platform))


def days(ctx: Context, detail: str) -> str:
    return audit_log_views.days([date.fromisoformat(day) for day in DAY.findall(detail)])


def months(ctx: Context, detail: str) -> str:
    return audit_log_views.months(int(detail))


def role(ctx: Context, detail: str) -> str:
    """Describe a role that was given or taken.

    `detail` is "facilitator person 7" for a person, or "facilitator slack role R1" for a role of the platform. "" where
    that person no longer exists.
    """
    name, _space, rest = detail.partition(" ")
    first, _space, after = rest.partition(" ")
    if first == "person":
        who = people.get(ctx.session, parse_id(after))
        return audit_log_views.person_role(who, name) if who else ""
    return audit_log_views.group_role(after.removeprefix("role "), first, name)
