"""A community's schedule as it stands: its touchpoints, and where they are placed around its meetings.

Planning sets timers by it, the week ahead explains by it, and a change of the schedule is shown by it before it is
saved.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.domain import touchpoints
from bot.domain.between_meetings import LATE, Calendar, MeetingSlot, period
from bot.domain.limit_words import Promise
from bot.domain.placing import AHEAD, Placement, place
from bot.domain.touchpoints import USUAL, Preset, Season, Touchpoint
from storage.communities import communities, schedules
from storage.communities.communities import Community
from storage.meetings import meetings

EVER = timedelta(days=10_000)


def calendar_of(session: Session, community: Community) -> Calendar:
    closed = communities.closures(session, communities.key(community))
    return Calendar(community.zone, community.country, community.region, closed)


def schedule_of(session: Session, community: int) -> tuple[Touchpoint, ...]:
    """Return the community's own schedule, or the usual one."""
    if schedules.get(session, community) is None:
        return touchpoints.USUAL
    return touchpoints.scheduled(schedules.touchpoints(session, community), schedules.guests(session, community))


def begin(session: Session, community: int, preset: Preset, lines: Sequence[Touchpoint], now: datetime) -> None:
    """Give a community these lines of a preset, in place of any schedule that it has."""
    if tuple(lines) == USUAL and schedules.limits(session, community) == schedules.USUAL_LIMITS:
        schedules.end(session, community)
    else:
        write(session, community, preset, lines, now)


def write(session: Session, community: int, preset: Preset, lines: Sequence[Touchpoint], now: datetime) -> None:
    """Save these lines as rows, so that each can be changed."""
    schedules.begin(session, community, preset, now)
    for each in lines:
        schedules.save(
            session, community, each.what, definition=each.definition(), yields=each.yields, is_on=each.is_on
        )


def promised(session: Session, community: int) -> Promise:
    """Return what members of a community can rely on."""
    return Promise(*schedules.limits(session, community), has_more=schedules.has_more(session, community))


def slots(session: Session, community: int, now: datetime) -> list[MeetingSlot]:
    """Return the meeting before now, if there was one, and all to come."""
    last = meetings.last_meeting(session, community, now)
    coming = meetings.between(session, community, now, now + EVER)
    return [
        MeetingSlot(meetings.key(m), m.starts_at, m.minutes, m.meeting_type)
        for m in ([last] if last else []) + list(coming)
    ]


def seasons_of(session: Session, community: int) -> list[Season]:
    return [Season(season.starts, season.ends) for season in communities.seasons(session, community)]


def placement(
    session: Session,
    community: Community,
    now: datetime,
    *,
    schedule: Sequence[Touchpoint] | None = None,
    held: Sequence[MeetingSlot] | None = None,
    ahead: timedelta = AHEAD,
) -> Placement:
    """Place the community's schedule, or another, around the meetings. Rhythms are placed for as long as `ahead`.

    The days before now are placed again as they were, so that what came in a week takes no other now.
    """
    id, calendar = communities.key(community), calendar_of(session, community)
    limits = schedules.limits(session, id)
    first = calendar.day(now - LATE)
    if limits.weeks > 1:
        first = min(first, date.fromordinal(period(calendar.day(now), limits.weeks) * limits.weeks * 7 + 1))
    return place(
        schedule_of(session, id) if schedule is None else schedule,
        slots(session, id, now) if held is None else held,
        calendar,
        first=first,
        last=calendar.day(now + ahead),
        seasons=seasons_of(session, id),
        ceiling=limits.requests,
        weeks=limits.weeks,
    )
