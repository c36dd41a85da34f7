"""Handlers for joint meetings: one community hosts and invites, and each sibling community decides for itself.

Each guest community has a meeting of its own, which follows the host's. A community acts on another only by setting a
timer there, so that the other changes by an event of its own.
"""

from typing import Any

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, TimerFired
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.domain.meeting_types import meeting_type
from bot.features.meetings.joint import views
from bot.features.meetings.lookup import find_to_come
from bot.features.meetings.posts.news import announce, announce_privately, state
from bot.features.meetings.types.feature import feature
from bot.features.meetings.types.views import not_found
from bot.ui import Reply, ToFacilitators, ToPerson
from storage.communities import communities
from storage.communities.communities import Community
from storage.meetings import change_log, joint_meetings, meetings, rsvps
from storage.meetings.meetings import CANCELLED, PLANNED, Meeting
from storage.messaging import outbox, timers
from storage.people import people

# The columns of a guest's meeting that follow the host's.
SHARED_FIELDS = ("starts_at", "minutes", "title", "place", "link", "meeting_type")


@feature.click("invite", needs=Role.FACILITATOR)
def invite(ctx: Context, event: Click) -> Reply:
    """Ask the facilitators of sibling communities that do not hold it yet. Their meetings do not change by this."""
    meeting = find_to_come(ctx, event.value)
    if meeting.host_id or not meeting_type(meeting.meeting_type).joint:
        raise Refusal(views.not_shared(meeting))
    guests = {guest.community_id for guest in joint_meetings.guests(ctx.session, meetings.key(meeting))}
    siblings = [c for c in joint_meetings.sibling_communities(ctx.session, ctx.community) if c.id not in guests]
    if not siblings:
        raise Refusal(views.nobody_to_invite())
    for sibling in siblings:
        _set_timer(ctx, sibling.id, "kinds.invited", meeting)
    ctx.audit("kinds.invite", f"meeting {meeting.id}")
    return views.invited([sibling.name for sibling in siblings])


def _set_timer(ctx: Context, community: int | None, kind: str, meeting: Meeting) -> None:
    """Set a timer of another community that is due now, so that it acts as an event of that community."""
    timers.put(ctx.session, community, kind, str(meeting.id), ctx.now)
    ctx.work_queued = True


@feature.timer("invited")
def tell_facilitators(ctx: Context, event: TimerFired) -> Reply:
    """Pass a sibling community's invitation on to the facilitators here."""
    found = _host(ctx, event.value)
    if found:
        host, community = found
        ctx.post(ToFacilitators(), f"kinds.invited.{host.id}", views.invitation, host, community.name)
    return None


def _host(ctx: Context, id: str) -> tuple[Meeting, Community] | None:
    """Return a sibling community's planned meeting that can be held together, and that community."""
    for sibling in joint_meetings.sibling_communities(ctx.session, ctx.community):
        row = meetings.get(ctx.session, communities.key(sibling), parse_id(id))
        if row and row.status == PLANNED and row.starts_at > ctx.now and meeting_type(row.meeting_type).joint:
            return row, sibling
    return None


@feature.redraw("invited")
def redraw_invitations(ctx: Context, value: str) -> None:
    """Rewrite what facilitators here were told: the host's meeting has changed or begun, or is accepted."""
    key, found = f"kinds.invited.{value}", _host(ctx, value)
    row = found[0] if found else meetings.get_any(ctx.session, parse_id(value))
    host = communities.get(ctx.session, row.community_id) if row else None
    if row is None or host is None:
        return
    guests = joint_meetings.guests(ctx.session, meetings.key(row))
    accepted = any(guest.community_id == ctx.community_id for guest in guests)
    # Facilitators of other communities were sent it as well.
    told_here = {copy.person_id for copy in outbox.copies(ctx.session, key) if copy.community_id == ctx.community_id}
    for person in filter(told_here.__contains__, outbox.receivers(ctx.session, key)):
        if found and not accepted:
            ctx.post(ToPerson(person), key, views.invitation, row, host.name)
        else:
            ctx.post(ToPerson(person), key, views.invitation_over, row, host.name, accepted=accepted)


@feature.timer("invitation_changed")
def follow_host(ctx: Context, event: TimerFired) -> Reply:
    ctx.redraw(f"kinds.invited.{event.value}")
    return None


@feature.click("accept", needs=Role.FACILITATOR)
def accept(ctx: Context, event: Click) -> Reply:
    """Add a meeting of this community that follows the host's. Refuses one held already, or that overlaps another."""
    found = _host(ctx, event.value)
    if found is None:
        raise Refusal(not_found())
    host, community = found
    if any(guest.community_id == ctx.community_id for guest in joint_meetings.guests(ctx.session, meetings.key(host))):
        raise Refusal(views.there_already())
    if other := meetings.overlapping(ctx.session, ctx.community_id, host.starts_at, host.minutes):
        raise Refusal(views.clash(other))
    guest = meetings.add(ctx.session, ctx.community_id, host=meetings.key(host), **_shared_fields(host))
    change_log.record(ctx.session, guest, ctx.me, change_log.PLANNED, ctx.now)
    rsvps.apply_standing_reply(ctx.session, guest, ctx.now)
    ctx.audit("kinds.accept", f"meeting {guest.id}")
    ctx.schedule_timer(signals.MEETINGS_REPLAN, at=ctx.now)
    ctx.redraw(f"kinds.invited.{host.id}")
    return views.accepted(guest, community.name)


def _shared_fields(host: Meeting) -> dict[str, Any]:
    return {name: getattr(host, name) for name in SHARED_FIELDS}


@feature.timer(signals.JOINT_FOLLOWS_MEETINGS)
def tell_guests(ctx: Context, event: TimerFired) -> Reply:
    """Let guest communities follow after meetings here were planned, moved or cancelled."""
    for community, host_id in _invited(ctx):
        timers.put(ctx.session, community, "kinds.invitation_changed", host_id, ctx.now)
        ctx.work_queued = True
    for host, guest in joint_meetings.shared_by(ctx.session, ctx.community_id):
        if _follows(ctx, guest) and _differs(host, guest):
            _set_timer(ctx, guest.community_id, "kinds.keep_up", guest)
    return None


def _invited(ctx: Context) -> list[tuple[int | None, str]]:
    """Return the communities that were invited to a meeting here that has not begun, each with that meeting's id."""
    ahead = {f"kinds.invited.{meeting.id}": str(meeting.id) for meeting in _shared_ahead(ctx)}
    return [(community, ahead[key]) for community, key in outbox.communities_of(ctx.session, ahead)]


def _shared_ahead(ctx: Context) -> list[Meeting]:
    return [
        meeting
        for meeting in meetings.from_now(ctx.session, ctx.community_id, ctx.now)
        if meeting.host_id is None and meeting_type(meeting.meeting_type).joint
    ]


def _differs(host: Meeting, guest: Meeting) -> bool:
    return host.status != guest.status or any(getattr(host, n) != getattr(guest, n) for n in SHARED_FIELDS)


def _follows(ctx: Context, guest: Meeting) -> bool:
    """Whether a guest's meeting is still to come and follows its host. One that its own facilitators cancelled doesn't.

    The change log tells: changes that followed the host name no person.
    """
    if guest.status == CANCELLED:
        last = change_log.last(ctx.session, meetings.key(guest))
        return guest.starts_at > ctx.now and last is not None and last[0].person_id is None
    return guest.status == PLANNED and guest.starts_at > ctx.now


@feature.timer("keep_up")
def keep_up(ctx: Context, event: TimerFired) -> Reply:
    """Change this community's meeting as its host has changed, and tell the channel unless only details changed."""
    guest = meetings.get(ctx.session, ctx.community_id, parse_id(event.value))
    host = meetings.host_of(ctx.session, guest) if guest else None
    if guest is None or host is None or not _follows(ctx, guest) or not _differs(host, guest):
        return None
    was, known = guest.starts_at, state(guest)
    what = _become(guest, host)
    ctx.session.flush()
    moved = was if was != guest.starts_at else None
    change_log.record(ctx.session, guest, None, what, ctx.now, was=moved, note=host.note)
    # Those who said yes or maybe are told, as of a meeting of one's own. That it is back is for those told it was off.
    to = [people.key(person) for _answer, person in rsvps.to_remind(ctx.session, guest)]
    if what == change_log.ADJUSTED:
        announce_privately(ctx, guest, known, to, views.adjusted_by_host, guest)
    elif what == change_log.RESTORED:
        announce(ctx, guest, known, (), views.changed_by_host, guest, was, again=True)
    else:
        announce(ctx, guest, known, to, views.changed_by_host, guest, was, again=False)
    ctx.schedule_timer(signals.MEETINGS_REPLAN, at=ctx.now)
    ctx.schedule_timer(signals.MEETING_CARD_STALE, str(guest.id), at=ctx.now)
    return None


def _become(guest: Meeting, host: Meeting) -> str:
    """Copy the host's meeting to the guest's. Returns what the change log calls that change."""
    was_on, moved = guest.status == PLANNED, guest.starts_at != host.starts_at
    for name, value in _shared_fields(host).items():
        setattr(guest, name, value)
    guest.status = PLANNED if host.status == PLANNED else CANCELLED
    guest.note, guest.sequence = host.note, guest.sequence + 1
    if guest.status == CANCELLED:
        return change_log.CANCELLED
    if not was_on:
        return change_log.RESTORED
    return change_log.MOVED if moved else change_log.ADJUSTED
