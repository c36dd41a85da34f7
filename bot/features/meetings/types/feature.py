"""The feature that the modules beside this one add their parts to."""

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.feature import Feature
from bot.core.resolver import number
from bot.features.meetings.types import views
from bot.i18n import gettext_noop as N_
from storage.meetings import meetings
from storage.meetings.meetings import PLANNED, Meeting

feature = Feature("kinds")
feature.audit("kinds.accept", N_("put a meeting of another community among ours"))
feature.audit("kinds.choose", N_("chose a kind of meeting"))
feature.audit("kinds.invite", N_("invited other communities to a meeting"))
feature.audit("kinds.prepare", N_("prepared a meeting"))
feature.audit("kinds.task", N_("added a task for a meeting"))


def find(ctx: Context, id: str) -> Meeting:
    """A meeting still to come."""
    row = meetings.get(ctx.session, ctx.community_id, number(id))
    if row is None or row.status != PLANNED or row.starts_at <= ctx.now:
        raise Refusal(views.gone())
    return row


def next_meeting(ctx: Context) -> Meeting:
    row = meetings.next_meeting(ctx.session, ctx.community_id, ctx.now)
    if row is None:
        raise Refusal(views.none_planned())
    return row


def show_change(ctx: Context, meeting: Meeting) -> None:
    """Its card says what has changed."""
    ctx.wake(signals.MEETING_CARD_STALE, str(meeting.id), at=ctx.now)
