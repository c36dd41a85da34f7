"""The audit command: the latest actions of admins and facilitators, with the rows they name looked up."""

import re
from datetime import datetime

from bot.core.context import Context
from bot.core.events import Command
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.features.admin import audit_log_views
from bot.features.admin.feature import feature
from bot.ui import Reply
from storage.learning import rounds
from storage.library import resources
from storage.meetings import meetings
from storage.operations import audit_log
from storage.operations.audit_log import Audit
from storage.people import people
from storage.people.people import Person

SHOWN = 20
MEETING = re.compile(r"meeting (\d+)(?:, from (\S+) to (.+))?")


@feature.command("audit", help="The last twenty things that admins and facilitators did", needs=Role.ADMIN)
def audit(ctx: Context, event: Command) -> Reply:
    return audit_log_views.audit([_line(ctx, row) for row in audit_log.notes(ctx.session, ctx.community_id, SHOWN)])


def _line(ctx: Context, row: Audit) -> tuple[Audit, Person | None, str, str]:
    declared = ctx.audited.get(row.action)
    person = people.get(ctx.session, row.person_id) if row.person_id else None
    detail = declared.detail(ctx, row.detail) if declared and declared.detail else _describe(ctx, row.detail)
    return row, person, declared.label if declared else "", detail


def _describe(ctx: Context, detail: str) -> str:
    """Describe "meeting 7", "round 7" or "resource 7" by its date. "" for anything else, or a row that is gone.

    Never shows what a member wrote: an admin may manage the space without reading along.
    """
    match detail.partition(" ")[0]:
        case "meeting":
            return _meeting(ctx, detail)
        case "round":
            row = rounds.get(ctx.session, ctx.community_id, parse_id(detail.removeprefix("round ")))
            return audit_log_views.asked(row.opened_at) if row else ""
        case "resource":
            resource = resources.get(ctx.session, ctx.community_id, parse_id(detail.removeprefix("resource ")))
            return audit_log_views.shared_on(resource.shared_at) if resource else ""
    return ""


def _meeting(ctx: Context, detail: str) -> str:
    found = MEETING.match(detail)
    if found is None:
        return ""
    if found[2]:
        return audit_log_views.moved(datetime.fromisoformat(found[2]), datetime.fromisoformat(found[3]))
    row = meetings.get(ctx.session, ctx.community_id, int(found[1]))
    return audit_log_views.meeting(row.starts_at) if row else ""
