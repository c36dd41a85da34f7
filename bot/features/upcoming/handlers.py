"""Handlers for the week ahead, in the order it happens: the list, looking at one post, skipping and restoring it.

Only timers with a preview are listed.
"""

from dataclasses import replace
from datetime import date, datetime

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.domain.between_meetings import AGENDA_CALL, CHECKIN, REFLECTION_PROMPT
from bot.domain.placing import kind_of
from bot.domain.touchpoints import Touchpoint
from bot.features.upcoming import rules, views
from bot.features.upcoming.feature import feature
from bot.features.upcoming.rules import SKIPPED, UpcomingItem
from bot.i18n import speaking
from bot.operations import schedule_plan
from bot.ui import Message, Reply
from bot.ui.markup import esc
from storage.communities import request_quota, schedules
from storage.learning import checkins, rounds
from storage.messaging import outbox, skipped_posts, timers
from storage.messaging.skipped_posts import Skip
from storage.messaging.timers import Timer


def _items(ctx: Context) -> list[UpcomingItem]:
    """Return what will be posted and what was skipped in the days ahead, in order.

    A timer whose preview shows that it would post nothing is left out.
    """
    until = ctx.now + rules.AHEAD
    waiting = [t for t in timers.upcoming(ctx.session, ctx.community_id, until) if _card(ctx, t.kind, t.value)]
    limits = schedules.limits(ctx.session, ctx.community_id)
    # Weeks that share one limit go by the first of them.
    weeks = [request_quota.weeks_of(request_quota.week_of(t.at, ctx.community.zone), limits.weeks)[0] for t in waiting]
    made = {week: request_quota.made(ctx.session, ctx.community_id, week) for week in set(weeks)}
    calls = {f"{AGENDA_CALL}.{t.value}": t.value for t in waiting}
    found = rules.with_room(
        [(t.id or 0, t.kind, t.value, t.at) for t in waiting],
        made,
        weeks,
        ceiling=limits.requests,
        called=[calls[key] for key in outbox.posted(ctx.session, calls)],
        open_until=_open_until(ctx),
    )
    left_out = [
        UpcomingItem(s.kind, s.value, s.at, SKIPPED, f"s{s.id}")
        for s in skipped_posts.between(ctx.session, ctx.community_id, ctx.now, until)
        if _card(ctx, s.kind, s.value)
    ]
    listed = sorted([*found, *left_out], key=lambda item: (item.at, item.kind))[: rules.MOST]
    return [
        replace(item, title=_title(ctx, item.kind, item.value), skippable=_skippable(ctx, item.kind)) for item in listed
    ]


def _open_until(ctx: Context) -> dict[str, datetime]:
    """Return until when a check-in and a reflection prompt are open, by the kind of timer that would open another."""
    kinds = {CHECKIN: rounds.CHECKIN, REFLECTION_PROMPT: rounds.REFLECTION}
    running = {kind: rounds.open_in(ctx.session, ctx.community_id, kinds[kind]) for kind in kinds}
    closing = {kind: [r.closes_at for r in those if r.version_id is None] for kind, those in running.items()}
    return {kind: max(moments) for kind, moments in closing.items() if moments}


def _title(ctx: Context, kind: str, value: str) -> str:
    """Return the title that the feature declares. Every timer with a preview has one; others go by their kind."""
    labels = ctx.timer_labels.get(kind)
    return (labels.titled(value) if labels else "") or kind


def _skippable(ctx: Context, kind: str) -> bool:
    labels = ctx.timer_labels.get(kind)
    return labels is None or labels.skippable


def _card(ctx: Context, kind: str, value: str) -> Message | None:
    """Return what would be posted, in the community's language. None if nothing would be."""
    preview = ctx.previews.get(kind)
    if preview is None:
        return None
    with speaking(ctx.community.locale):
        return preview(ctx, value)


@feature.command("preview", help="Everything I post in the next seven days", needs=Role.FACILITATOR)
def preview_week(ctx: Context, event: Command) -> Reply:
    return _overview(ctx)


def _overview(ctx: Context, *, replace: bool = False) -> Message:
    return views.overview(
        _items(ctx), ctx.community.zone, paused=ctx.community.paused, replace=replace, given_way=_given_way(ctx)
    )


def _given_way(ctx: Context) -> list[tuple[date, str, str]]:
    """Return what the schedule has in the days ahead and yet won't come: its day, its name, and what it gives way to.

    "" stands for a meeting that is too near, or for days that are closed until it comes again.
    """
    calendar = schedule_plan.calendar_of(ctx.session, ctx.community)
    placement = schedule_plan.placement(ctx.session, ctx.community, ctx.now)
    first, last = calendar.day(ctx.now), calendar.day(ctx.now + rules.AHEAD)
    return [
        (each.day, _name(ctx, each.touchpoint), _name(ctx, each.to) if each.to else "")
        for each in placement.left_out
        if first <= each.day <= last
    ]


def _name(ctx: Context, touchpoint: Touchpoint) -> str:
    checkin = checkins.get(ctx.session, ctx.community_id, touchpoint.checkin) if touchpoint.is_own else None
    return esc(checkin.name) if checkin else ctx.timer_labels[kind_of(touchpoint)].shortened("")


@feature.click("list", needs=Role.FACILITATOR)
def back(ctx: Context, event: Click) -> Reply:
    return _overview(ctx, replace=True)


@feature.click("look", needs=Role.FACILITATOR)
def show_card(ctx: Context, event: Click) -> Reply:
    return _show_card(ctx, event.chosen[0] if event.chosen else event.value)


def _show_card(ctx: Context, ref: str) -> Message:
    items = _items(ctx)
    place = next((n for n, item in enumerate(items) if item.ref == ref), None)
    if place is None:
        raise Refusal(views.not_found())
    item = items[place]
    card = _card(ctx, item.kind, item.value)
    if card is None:
        raise Refusal(views.not_found())
    before = items[place - 1].ref if place else ""
    after = items[place + 1].ref if place + 1 < len(items) else ""
    return views.one(item, card, place + 1, len(items), before, after, ctx.community.zone)


@feature.click("skip", needs=Role.FACILITATOR)
def skip(ctx: Context, event: Click) -> Reply:
    """Cancel a timer, and remember that it was skipped so that planning does not set it again."""
    timer = _timer(ctx, event.value)
    if not _skippable(ctx, timer.kind):
        raise Refusal(views.never_skipped())
    kind, value, at = timer.kind, timer.value, timer.at
    row = skipped_posts.add(ctx.session, ctx.community_id, kind, value, at)
    ctx.cancel_timer(kind, value)
    ctx.audit("upcoming.skip", f"{kind} {value}")
    # A request that repeats, such as a reflection prompt, goes on with its next moment.
    ctx.schedule_timer(signals.MEETINGS_REPLAN, at=ctx.now)
    return views.skipped(_title(ctx, kind, value), at, f"s{row.id}", ctx.community.zone)


def _timer(ctx: Context, ref: str) -> Timer:
    id = parse_id(ref[1:]) if ref.startswith("t") else 0
    coming = timers.upcoming(ctx.session, ctx.community_id, ctx.now + rules.AHEAD)
    timer = next((t for t in coming if t.id == id and t.at > ctx.now), None)
    if timer is None:
        raise Refusal(views.not_found())
    return timer


@feature.click("restore", needs=Role.FACILITATOR)
def restore(ctx: Context, event: Click) -> Reply:
    """Set a skipped timer again for its own moment, unless that has passed."""
    row = _skip(ctx, event.value)
    if row.at <= ctx.now:
        raise Refusal(views.moment_passed())
    kind, value, at = row.kind, row.value, row.at
    skipped_posts.remove(ctx.session, row)
    ctx.schedule_timer(kind, value, at=at)
    ctx.audit("upcoming.restore", f"{kind} {value}")
    # The meeting that it belongs to may have moved since it was skipped.
    ctx.schedule_timer(signals.MEETINGS_REPLAN, at=ctx.now)
    return views.restored(_title(ctx, kind, value), at, ctx.community.zone)


def _skip(ctx: Context, ref: str) -> Skip:
    id = parse_id(ref[1:]) if ref.startswith("s") else 0
    row = skipped_posts.get(ctx.session, ctx.community_id, id)
    if row is None:
        raise Refusal(views.not_found())
    return row
