"""Handlers with which admins set the cadence in plain words, look at it, and pause or resume the community.

Nothing is saved until the admin has seen what was understood and which meetings it changes.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.cadence import ClosedDays, Reading, Rule, Unreadable, read
from bot.cadence.rule import USUAL_MINUTES
from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.domain.between_meetings import Calendar
from bot.features.meetings import lookup, planner, rules
from bot.features.meetings.cadence import views
from bot.features.meetings.feature import feature
from bot.features.meetings.posts.sync import sync_posts
from bot.ui import FormErrors, Reply, ToCommunity
from storage.meetings import meetings
from storage.meetings.meetings import PLANNED
from storage.operations import drafts

# The name of drafts that hold a phrase until it is confirmed.
PHRASE = "meetings.cadence"
SHOWN = 5


def _read(ctx: Context, phrase: str, calendar: Calendar) -> tuple[Reading, bool]:
    """Parse a phrase; also return whether meetings get another length than now. Raises Unreadable.

    A phrase that gives no length keeps the one that meetings have.
    """
    series = meetings.series_of(ctx.session, ctx.community_id)
    minutes = series[0].minutes if series else USUAL_MINUTES
    reading = read(phrase, zone=ctx.community.zone, today=calendar.day(ctx.now), minutes=minutes)
    return reading, reading.rule.minutes != minutes


@feature.command(
    "cadence set",
    help="When the community meets, in plain words",
    needs=Role.ADMIN,
    argument="[plain words]",
    example="cadence set second Wednesday, October to June, 4pm",
)
def set_cadence(ctx: Context, event: Command) -> Reply:
    if not event.text:
        return views.form()
    try:
        return _echo(ctx, event.text)
    except Unreadable as doubt:
        retry = f"cadence set {doubt.suggestion}" if doubt.suggestion else ""
        raise Refusal(views.unreadable(doubt), retry=retry, root="admin") from doubt


@feature.click("rephrase", needs=Role.ADMIN)
def ask_for_other_words(ctx: Context, event: Click) -> Reply:
    draft = _draft(ctx, event.value)
    return views.form(draft.body if draft else "")


@feature.form("cadence", shared=(), needs=Role.ADMIN)
def read_form(ctx: Context, event: Submission) -> Reply:
    phrase = event.answers.get("phrase", "")
    try:
        return _echo(ctx, phrase)
    except Unreadable as doubt:
        return FormErrors(views.form(phrase), {"phrase": views.unreadable_plain(doubt)})


def _echo(ctx: Context, phrase: str) -> Reply:
    """Show what was understood and what it would change, before anything is saved. Raises Unreadable."""
    calendar = planner.calendar(ctx)
    reading, other = _read(ctx, phrase, calendar)
    wanted = rules.dates(reading.rule, calendar, ctx.now)
    draft = drafts.save(ctx.session, ctx.me, PHRASE, phrase, ctx.now)
    holidays = ClosedDays(calendar.country, calendar.region)
    dates = [(at, calendar.day(at) in holidays) for at in wanted[:SHOWN]]
    message = views.echo(reading.rule, dates, reading.warnings, str(draft), other_length=other)
    effect = _preview(ctx, wanted)
    return views.with_effect(message, effect, ctx.community.zone) if effect else message


def _preview(ctx: Context, wanted: Sequence[datetime]) -> views.Effect | None:
    """Return what the rule would do to planned meetings. None if the community has no rule yet."""
    series = meetings.series_of(ctx.session, ctx.community_id)
    if not series:
        return None
    made, changes = planner.preview_rule_change(ctx, series[0], wanted)
    planned = [m for m in made.values() if m.status == PLANNED and m.starts_at > ctx.now]
    dropped = [m.starts_at for m in planned if m.id in changes.drop]
    by_hand = [m.starts_at for m in planned if m.moved]
    unchanged = len(planned) - len(dropped) - len(by_hand)
    return views.Effect(dropped, by_hand, unchanged, len(changes.add) + len(changes.revive))


def _draft(ctx: Context, id: str) -> drafts.Draft | None:
    return drafts.find(ctx.session, ctx.me, PHRASE, parse_id(id))


@feature.click("keep_cadence", needs=Role.ADMIN)
def save(ctx: Context, event: Click) -> Reply:
    """Save the confirmed rule, replan, and tell the channel which meetings no longer take place."""
    draft = _draft(ctx, event.value)
    if draft is None:
        raise Refusal(views.draft_expired())
    calendar = planner.calendar(ctx)
    # The phrase was readable when it was typed, but its dates may have passed since.
    try:
        reading, other = _read(ctx, draft.body, calendar)
    except Unreadable as doubt:
        raise Refusal(views.unreadable(doubt), retry="cadence set", root="admin") from doubt
    rule, wanted = reading.rule, rules.dates(reading.rule, calendar, ctx.now)
    ctx.session.delete(draft)
    before = meetings.next_meeting(ctx.session, ctx.community_id, ctx.now)
    known = {meeting.id for meeting in lookup.upcoming(ctx)}
    series = _put(ctx, rule)
    ctx.audit("meetings.cadence", rule.to_json())
    diff = planner.sync_schedule(ctx)
    sync_posts(ctx, diff)
    coming = wanted[:SHOWN]
    # There is nothing to tell if no meeting was planned before.
    if before:
        key = f"meetings.rhythm.{int(ctx.now.timestamp())}"
        gone = [m.starts_at for m in diff.dropped if m.series_id == series and m.id in known]
        ctx.post(ToCommunity(), key, views.announced, rule, coming, gone, other_length=other)
    return views.saved(rule, coming, series, is_announced=before is not None, other_length=other)


def _put(ctx: Context, rule: Rule) -> int:
    """Give the community's first series the new rule, and return its id.

    The series stays the same row, so that meetings that fit both rules keep their RSVPs. It is made if there is none.
    """
    series = meetings.series_of(ctx.session, ctx.community_id)
    if series:
        first = series[0]
        first.rule, first.zone, first.minutes = rule.to_json(), rule.zone, rule.minutes
        ctx.session.flush()
        return first.id or 0
    title = ctx.community.name[: rules.LONGEST_TITLE]
    made = meetings.add_series(
        ctx.session,
        ctx.community_id,
        title=title,
        rule=rule.to_json(),
        zone=rule.zone,
        minutes=rule.minutes,
        now=ctx.now,
    )
    return made.id or 0


@feature.command("cadence show", help="The community’s rhythm and its next five meetings", needs=Role.ADMIN)
def show(ctx: Context, event: Command) -> Reply:
    series = meetings.series_of(ctx.session, ctx.community_id)
    titled = [(s.title, Rule.from_json(s.rule)) for s in series]
    coming = meetings.between(ctx.session, ctx.community_id, ctx.now, ctx.now + rules.AHEAD)[:SHOWN]
    return views.shown(titled, coming, ctx.community.zone, paused=ctx.community.paused)


@feature.command("cadence pause", help="Stop all reminders and questions until you resume", needs=Role.ADMIN)
def pause(ctx: Context, event: Command) -> Reply:
    return _pause(ctx)


@feature.click("pause", needs=Role.ADMIN)
def pause_by_button(ctx: Context, event: Click) -> Reply:
    return _pause(ctx)


def _pause(ctx: Context) -> Reply:
    if not ctx.community.paused:
        ctx.community.paused = True
        ctx.audit("meetings.pause")
        # Reminders that promise another one no longer do.
        ctx.schedule_timer(signals.MEETINGS_REPLAN, at=ctx.now)
    return views.paused()


@feature.command("cadence resume", help="Go on with reminders and questions", needs=Role.ADMIN)
def resume(ctx: Context, event: Command) -> Reply:
    return _resume(ctx)


@feature.click("resume", needs=Role.ADMIN)
def resume_by_button(ctx: Context, event: Click) -> Reply:
    return _resume(ctx)


def _resume(ctx: Context) -> Reply:
    if ctx.community.paused:
        ctx.community.paused = False
        ctx.audit("meetings.resume")
        sync_posts(ctx, planner.sync_schedule(ctx))
    return views.resumed(meetings.next_meeting(ctx.session, ctx.community_id, ctx.now))
