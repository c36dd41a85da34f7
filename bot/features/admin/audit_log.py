"""The list of what admins and facilitators did, with what each note stands for looked up."""

import re
from datetime import date, datetime

from bot.cadence import Rule
from bot.core.context import Context
from bot.core.events import Command
from bot.core.permissions import Role
from bot.core.resolver import number
from bot.features.admin import audit_log_views as views
from bot.features.admin.feature import feature
from bot.ui import Reply
from storage.learning import rounds
from storage.library import resources
from storage.meetings import meetings
from storage.operations import audit_log
from storage.operations.audit_log import Audit
from storage.people import people

SHOWN = 20  # actions in the list
MEETING = re.compile(r"meeting (\d+)(?:, from (\S+) to (.+))?")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


@feature.command("audit", help="The last twenty things that admins and facilitators did", needs=Role.ADMIN)
def audit(ctx: Context, event: Command) -> Reply:
    rows = audit_log.notes(ctx.session, ctx.community_id, SHOWN)
    return views.audit(
        [(row, people.get(ctx.session, row.person_id) if row.person_id else None, _detail(ctx, row)) for row in rows]
    )


def _detail(ctx: Context, row: Audit) -> str:
    """The detail in words; never what a member wrote, for an admin may manage the space without reading along."""
    first, _space, rest = row.detail.partition(" ")
    match row.action.partition(".")[0], first:
        case "meetings", "meeting":
            return _meeting(ctx, row.detail)
        case "meetings", _ if row.detail:
            return views.rhythm(Rule.from_json(row.detail))
        case (("agenda" | "notes" | "feedback" | "kinds"), "meeting"):
            return _meeting(ctx, row.detail.partition(",")[0])
        case (("rounds" | "checkins" | "prompts"), "round"):
            question = rounds.get(ctx.session, ctx.community_id, number(rest))
            return views.asked(question.opened_at) if question else ""
        case "resources", "resource":
            kept = resources.get(ctx.session, ctx.community_id, number(rest))
            return views.kept(kept.shared_at) if kept else ""
        case "role", _:
            return _role(ctx, first, rest)
        case "channel", _:
            return views.channel(rest, first, here=bool(ctx.place and ctx.place.platform == first))
        case "closure", _:
            return views.days([date.fromisoformat(day) for day in DAY.findall(row.detail)])
    return views.plain(row.action, row.detail)


def _meeting(ctx: Context, detail: str) -> str:
    found = MEETING.fullmatch(detail)
    if found is None:
        return ""
    if found[2]:
        return views.moved(datetime.fromisoformat(found[2]), datetime.fromisoformat(found[3]))
    row = meetings.get(ctx.session, ctx.community_id, int(found[1]))
    return views.meeting(row.starts_at) if row else ""


def _role(ctx: Context, role: str, rest: str) -> str:
    """`rest` is "person 7", or a platform, "role" and what that platform calls it."""
    first, _space, after = rest.partition(" ")
    if first == "person":
        who = people.get(ctx.session, number(after))
        return views.person_role(who, role) if who else ""
    return views.group_role(after.removeprefix("role "), first, role)
