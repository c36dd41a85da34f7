"""Handlers with which members see the schedule, and mute what shouldn't reach them in private."""

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission
from bot.core.permissions import Role
from bot.domain.between_meetings import CHECKIN, REFLECTION_PROMPT
from bot.domain.touchpoints import Touchpoint
from bot.features.schedule import views
from bot.features.schedule.feature import feature
from bot.features.schedule.handlers import current, next_dates, vocabulary
from bot.operations import schedule_plan
from bot.ui import Reply
from storage.communities import schedules


def _can_be_muted(touchpoint: Touchpoint) -> bool:
    """Whether it sends members private messages: a private check-in, or a nudge about a question."""
    return touchpoint.is_own or touchpoint.what in (CHECKIN, REFLECTION_PROMPT)


@feature.command("schedule", help="What I send here and when, and muting parts of it")
def show(ctx: Context, event: Command) -> Reply:
    coming = next_dates(ctx)
    lines = [(each, coming.get(each.what)) for each in current(ctx) if each.is_on]
    muted = schedules.muted(ctx.session, ctx.community_id, ctx.me)
    return views.for_members(
        lines,
        muted,
        vocabulary(ctx),
        ctx.community.zone,
        ctx.community.name,
        schedule_plan.promised(ctx.session, ctx.community_id),
        may_mute=any(_can_be_muted(each) for each, _at in lines),
    )


@feature.click(signals.MUTE_PARTS, needs=Role.MEMBER)
def ask_what_to_mute(ctx: Context, event: Click) -> Reply:
    words = vocabulary(ctx)
    whats = {each.what: views.name(each.what, words) for each in current(ctx) if _can_be_muted(each)}
    if not whats:
        raise Refusal(views.nothing_to_mute())
    return views.mute_form(whats, schedules.muted(ctx.session, ctx.community_id, ctx.me))


@feature.form("mute", shared=(), needs=Role.MEMBER)
def mute(ctx: Context, event: Submission) -> Reply:
    """Mute exactly what is checked, of what the form showed. What it didn't show stays as it was."""
    shown = [each.what for each in current(ctx) if _can_be_muted(each)][:10]
    checked = {views.decoded(value) for value in event.answers.get("muted", "").split()}
    before = schedules.muted(ctx.session, ctx.community_id, ctx.me)
    chosen = [what for what in shown if what in checked]
    schedules.set_muted(ctx.session, ctx.community_id, ctx.me, [*chosen, *sorted(before - set(shown))])
    return views.muted_now(chosen, vocabulary(ctx))
