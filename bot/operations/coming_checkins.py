"""Check-ins of a community's schedule that open soon, which a member can begin before they do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.core.context import Context
from bot.domain.between_meetings import OWN_CHECKIN
from bot.domain.placing import PRIVATE
from bot.domain.touchpoints import Touchpoint
from storage.communities import schedules
from storage.communities.communities import Community, key
from storage.learning import checkins, rounds
from storage.learning.checkins import IN_USE, NOBODY_CAN_TELL, CheckIn
from storage.learning.rounds import Response, Round
from storage.messaging import timers
from storage.people import people

# How long before it opens a check-in can be begun.
AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class Coming:
    """A check-in that opens soon. It opens for some people later, if it is asked privately at their own hour."""

    checkin: CheckIn
    touchpoint: Touchpoint
    opens_at: datetime


@dataclass(frozen=True)
class Begun(Coming):
    """One that a member can begin: its round, what they have sent, and what they have answered and not sent."""

    round: Round | None = None
    sent: Response | None = None
    draft: Response | None = None


def coming(session: Session, community: Community, now: datetime) -> list[Coming]:
    """Return what opens soon, the next first, without what is open or nobody can attribute."""
    if community.paused:
        return []
    set_for = timers.of_kinds(session, id := key(community), (OWN_CHECKIN, PRIVATE), now, now + AHEAD)
    if not set_for:
        return []
    guests = schedules.guests(session, id)
    rows = {
        str(row.id): Touchpoint.of_row(row, guests.get(row.id or 0, ())) for row in schedules.touchpoints(session, id)
    }
    found: dict[int, Coming] = {}
    for _kind, value, at in set_for:
        touchpoint = rows.get(value.partition(".")[0])
        if touchpoint is None or touchpoint.checkin in found:
            continue
        checkin = checkins.get(session, id, touchpoint.checkin)
        last = rounds.latest_of_checkin(session, touchpoint.checkin)
        is_open = last is not None and last.closed_at is None
        if checkin and checkin.state == IN_USE and checkin.level != NOBODY_CAN_TELL and not is_open:
            found[touchpoint.checkin] = Coming(checkin, touchpoint, at)
    return list(found.values())


def for_member(ctx: Context, community: Community) -> Sequence[Begun]:
    """Return what the person who acts can begin, and what they have of it."""
    found, begun = coming(ctx.session, community, ctx.now), list[Begun]()
    if not found:
        return ()
    member = people.membership(ctx.session, key(community), ctx.me)
    if member is None or not people.is_member(member):
        return ()
    leads = any(person.id == ctx.me for person in people.facilitators(ctx.session, key(community)))
    for each in found:
        if not each.touchpoint.whom.includes(ctx.me, member.role_group, leads=leads):
            continue
        round = rounds.planned(ctx.session, each.checkin.id or 0)
        sent = rounds.answer_of(ctx.session, round.id or 0, ctx.me) if round else None
        draft = rounds.draft_of(ctx.session, round.id or 0, ctx.me) if round else None
        begun.append(Begun(each.checkin, each.touchpoint, each.opens_at, round, sent, draft))
    return begun
