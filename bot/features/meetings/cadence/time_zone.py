"""The command with which admins change the community's time zone: its rules keep their time of day in the new one.

Nothing is saved until the admin has seen which meetings that moves, and which it doesn't.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.cadence import Rule, Unreadable, read_zone, zones_like, zones_near
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.features.meetings import planner, rules
from bot.features.meetings.cadence import time_zone_views as views
from bot.features.meetings.feature import feature
from bot.features.meetings.posts.news import announce_privately, state
from bot.features.meetings.posts.sync import sync_posts
from bot.ui import Reply, ToCommunity
from storage.meetings import change_log, meetings, rsvps
from storage.meetings.meetings import PLANNED, Meeting, Series
from storage.operations import drafts
from storage.people import people

# The name of drafts that hold a zone until it is confirmed.
ZONE = "meetings.zone"


def suggest_zones(ctx: Context, typed: str) -> Sequence[str]:
    return zones_like(typed)


@feature.command(
    "cadence zone",
    help="Which time zone the community’s times are in",
    needs=Role.ADMIN,
    argument="[city]",
    complete=suggest_zones,
    example="cadence zone Chicago",
)
def ask(ctx: Context, event: Command) -> Reply:
    """Show what another zone would change, or without one which it is."""
    if not event.text:
        return views.shown(ctx.community.zone, ctx.now)
    try:
        zone = read_zone(event.text)
    except Unreadable as why:
        near = zones_near(event.text)
        among = tuple(f"cadence zone {each}" for each in near)
        raise Refusal(views.unknown(str(why), near), root="admin", among=among) from why
    if zone == ctx.community.zone:
        raise Refusal(views.already(zone))
    moves = [at for meeting, at in _moves(ctx, zone) if meeting.status == PLANNED]
    draft = drafts.save(ctx.session, ctx.me, ZONE, zone, ctx.now)
    return views.echo(
        ctx.community.zone, zone, ctx.now, sorted(moves), _staying(ctx, zone), str(draft), others=_others(ctx)
    )


@feature.click("keep_zone", needs=Role.ADMIN)
def save(ctx: Context, event: Click) -> Reply:
    """Save the confirmed zone, move what the rules made, and tell the channel and those who rely on another time."""
    draft = drafts.find(ctx.session, ctx.me, ZONE, parse_id(event.value))
    if draft is None:
        raise Refusal(views.draft_expired())
    zone = draft.body
    ctx.session.delete(draft)
    known = {meetings.key(meeting): (meeting.starts_at, state(meeting)) for meeting, _at in _moves(ctx, zone)}
    moved = _move(ctx, zone)
    for series in _following(ctx):
        rule = replace(Rule.from_json(series.rule), zone=zone)
        series.rule, series.zone = rule.to_json(), zone
    ctx.community.zone = zone
    ctx.session.flush()
    ctx.audit("meetings.zone", zone)
    sync_posts(ctx, planner.sync_schedule(ctx, *moved))
    coming = [m.starts_at for m in meetings.between(ctx.session, ctx.community_id, ctx.now, ctx.now + rules.AHEAD)]
    if moved:
        ctx.post(ToCommunity(), f"meetings.zone.{int(ctx.now.timestamp())}", views.announced, zone, coming)
    for meeting in moved:
        at, was = known[meetings.key(meeting)]
        announce_privately(ctx, meeting, was, _told(ctx, meeting, moved), views.moved, meeting, at, zone)
    return views.saved(zone, ctx.now, coming, is_announced=bool(moved))


def _told(ctx: Context, meeting: Meeting, moved: Sequence[Meeting]) -> list[int]:
    """Return who is told privately that a meeting has moved, beside those who were told another time.

    Those who mean to come to the soonest. Nobody gets a message for each meeting that they said yes to.
    """
    if meeting is not min(moved, key=lambda each: each.starts_at):
        return []
    return [people.key(person) for _answer, person in rsvps.to_remind(ctx.session, meeting)]


def _following(ctx: Context) -> Iterator[Series]:
    """Yield the series whose rule is in the community's zone. One that names another keeps it."""
    yield from (each for each in meetings.series_of(ctx.session, ctx.community_id) if each.zone == ctx.community.zone)


def _others(ctx: Context) -> bool:
    return any(each.zone != ctx.community.zone for each in meetings.series_of(ctx.session, ctx.community_id))


def _moves(ctx: Context, zone: str) -> Iterator[tuple[Meeting, datetime]]:
    """Yield each meeting to come that its rule moves, and when it starts then."""
    for series in _following(ctx):
        for meeting in meetings.occurrences_of(ctx.session, series.id or 0, ctx.now):
            at = _same_clock(meeting.starts_at, ctx.community.zone, zone)
            # What would have begun already stays at its moment, as if it had been moved.
            if not meeting.moved and at > ctx.now:
                yield meeting, at


def _staying(ctx: Context, zone: str) -> list[datetime]:
    """Return when the planned meetings start that the zone doesn't move."""
    moved = {meeting.id for meeting, _at in _moves(ctx, zone)}
    coming = meetings.between(ctx.session, ctx.community_id, ctx.now, ctx.now + rules.AHEAD)
    return [meeting.starts_at for meeting in coming if meeting.id not in moved]


def _move(ctx: Context, zone: str) -> list[Meeting]:
    """Move the meetings that follow a rule. Returns those that are planned."""
    moves = {meetings.key(meeting): at for meeting, at in _moves(ctx, zone)}
    moved: list[Meeting] = []
    for series in _following(ctx):
        for meeting in meetings.occurrences_of(ctx.session, series.id or 0, ctx.now):
            at = moves.get(meetings.key(meeting))
            if meeting.original_at:
                # The rule names it then, even if it was moved by hand.
                meeting.original_at = _same_clock(meeting.original_at, ctx.community.zone, zone)
            if at is None:
                meeting.moved = meeting.starts_at != meeting.original_at
                continue
            was, meeting.starts_at = meeting.starts_at, at
            if meeting.status == PLANNED:
                meeting.sequence += 1
                change_log.record(ctx.session, meeting, ctx.me, change_log.MOVED, ctx.now, was=was)
                moved.append(meeting)
    return moved


def _same_clock(at: datetime, before: str, after: str) -> datetime:
    """Return the moment at which the clocks of another zone show what those of `before` show at this one."""
    return at.astimezone(ZoneInfo(before)).replace(tzinfo=ZoneInfo(after), fold=0).astimezone(UTC)
