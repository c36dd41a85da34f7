"""Handlers that set reminder steps: facilitators for the channel, each member for themselves."""

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission
from bot.core.permissions import Role
from bot.domain import reminder_steps
from bot.features.meetings import planner
from bot.features.meetings.feature import feature
from bot.features.meetings.posts.sync import sync_posts
from bot.features.meetings.reminders import preference_views
from bot.ui import FormErrors, Reply
from storage.people import people
from storage.people.people import Membership


def _read(typed: str) -> tuple[str, ...]:
    """Parse reminder steps. Raises ValueError with a message for the person who typed them."""
    try:
        steps = reminder_steps.read(typed)
    except reminder_steps.InvalidStep as words:
        raise ValueError(preference_views.unreadable(str(words))) from words
    if not reminder_steps.in_bounds(steps):
        raise ValueError(preference_views.out_of_bounds())
    return steps


# --- the community's


@feature.command(
    "meeting reminders",
    help="How long before a meeting the channel is reminded",
    needs=Role.FACILITATOR,
    argument="[week, day, hour]",
    example="meeting reminders 2 days, 1 hour",
)
def set_ladder(ctx: Context, event: Command) -> Reply:
    if not event.text:
        return preference_views.community_now(reminder_steps.split(ctx.community.reminders))
    try:
        return _save(ctx, _read(event.text))
    except ValueError as why:
        raise Refusal(str(why), retry="meeting reminders week, day, hour", root="facilitator") from why


@feature.click("open_ladder", needs=Role.FACILITATOR, reads=True)
def open_ladder(ctx: Context, event: Click) -> Reply:
    return preference_views.community_form(preference_views.as_typed(reminder_steps.split(ctx.community.reminders)))


@feature.form("ladder", shared=(), needs=Role.FACILITATOR)
def ladder_from_form(ctx: Context, event: Submission) -> Reply:
    typed = event.answers.get("steps", "")
    try:
        return _save(ctx, _read(typed))
    except ValueError as why:
        return FormErrors(preference_views.community_form(typed), {"steps": str(why)})


def _save(ctx: Context, steps: tuple[str, ...]) -> Reply:
    stored = " ".join(steps)
    if ctx.community.reminders != stored:
        ctx.community.reminders = stored
        ctx.audit("meetings.reminders")
        sync_posts(ctx, planner.sync_schedule(ctx))
    return preference_views.community_saved(steps)


# --- a member's own


@feature.command(
    "my reminders",
    help="When I remind you privately of meetings",
    argument="[day, hour]",
    example="my reminders 1 day, 1 hour",
)
def own_reminders(ctx: Context, event: Command) -> Reply:
    row = people.enrol(ctx.session, ctx.community_id, ctx.me)
    if not event.text:
        return preference_views.own_form(row, reminder_steps.split(ctx.community.reminders))
    try:
        return _save_own(ctx, row, _read(event.text))
    except ValueError as why:
        raise Refusal(str(why), retry="my reminders day, hour") from why


@feature.form("reminders", shared=())
def own_from_form(ctx: Context, event: Submission) -> Reply:
    typed, ticked = event.answers.get("steps", ""), event.answers.get("ticks", "").split()
    row = people.enrol(ctx.session, ctx.community_id, ctx.me)
    for name in preference_views.TICKS:
        setattr(row, name, name in ticked)
    try:
        return _save_own(ctx, row, _read(typed) if typed.strip() else None)
    except ValueError as why:
        form = preference_views.own_form(row, reminder_steps.split(ctx.community.reminders), typed)
        return FormErrors(form, {"steps": str(why)})


def _save_own(ctx: Context, row: Membership, steps: tuple[str, ...] | None) -> Reply:
    """Save a member's steps. None means as usual in this community, and () no direct reminders at all.

    Steps equal to the usual ones are stored as none, so that they follow the community's when those change.
    """
    community = reminder_steps.split(ctx.community.reminders)
    chosen = () if steps is None or steps == reminder_steps.personal_steps("", community) else steps
    row.reminders, row.remind_steps = steps != (), " ".join(chosen)
    ctx.session.flush()
    # Timers exist only for steps that someone wants, and this member may be the first to want one.
    ctx.schedule_timer(signals.MEETINGS_REPLAN, at=ctx.now)
    return preference_views.own_saved(row, community, ctx.community.name)
