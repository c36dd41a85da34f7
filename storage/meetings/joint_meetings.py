"""Joint meetings and sibling communities.

A joint meeting is one row in each community's calendar. The rows of the guests point to the host's (`host_id`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.communities import programs
from storage.communities.communities import Community
from storage.meetings.meetings import PLANNED, Meeting
from storage.people import organizations
from storage.people.people import Membership

# Every change of a community's meetings runs this query, so it is built once.
_HOST = aliased(Meeting)
SHARED_BY = (
    select(_HOST, Meeting)
    .join(_HOST, col(Meeting.host_id) == _HOST.id)
    .where(col(Meeting.host_id).is_not(None), _HOST.community_id == bindparam("community"))
    .order_by(col(Meeting.id))
)


def sibling_communities(session: Session, community: Community) -> Sequence[Community]:
    """Return the other communities of its program; none if it belongs to no program."""
    return session.exec(
        select(Community).where(col(Community.id).in_(programs.siblings(community.id))).order_by(col(Community.id))
    ).all()


def separate(session: Session, community: int, now: datetime) -> None:
    """Let the joint meetings to come between a community and others be meetings of each one's own."""
    own = select(Meeting).where(Meeting.community_id == community, col(Meeting.host_id).is_not(None))
    rows = [*session.exec(own.order_by(col(Meeting.id))), *(guest for _host, guest in shared_by(session, community))]
    for row in rows:
        if row.starts_at > now:
            row.host_id = None
    session.flush()


def team_meets(
    session: Session, community: Community, person: int, organization: str, start: datetime, end: datetime
) -> Sequence[tuple[Meeting, str]]:
    """Return meetings of sibling communities that others of the organization belong to, with the communities' names.

    `organization` is the one the person is confirmed for. Meetings that start from `start` on and before `end`.
    Does not say who these others are, only that the team meets there too.
    """
    if not organization:
        return ()
    colleagues = select(Membership.community_id).where(
        organizations.belongs_to(organization), Membership.person_id != person
    )
    siblings = [sibling.id for sibling in sibling_communities(session, community)]
    return session.exec(
        select(Meeting, Community.name)
        .join(Community, col(Community.id) == Meeting.community_id)
        .where(
            col(Meeting.community_id).in_(siblings),
            col(Meeting.community_id).in_(colleagues.where(col(Membership.community_id).in_(siblings))),
            Meeting.status == PLANNED,
            Meeting.starts_at >= start,
            Meeting.starts_at < end,
        )
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    ).all()


def guests(session: Session, host: int) -> Sequence[Meeting]:
    """Return the rows of the same meeting in the calendars of other communities."""
    return session.exec(select(Meeting).where(Meeting.host_id == host).order_by(col(Meeting.id))).all()


def shared_by(session: Session, community: int) -> Sequence[tuple[Meeting, Meeting]]:
    """Return (host, guest) for every joint meeting that this community hosts."""
    return session.exec(SHARED_BY, params={"community": community}).all()


def hosts(session: Session, community: int) -> Mapping[int, str]:
    """Return the names of the hosts of this community's joint meetings, by the id of the meeting here."""
    host = aliased(Meeting)
    rows = session.exec(
        select(Meeting.id, Community.name)
        .join(host, col(Meeting.host_id) == host.id)
        .join(Community, col(Community.id) == host.community_id)
        .where(Meeting.community_id == community)
    ).all()
    return {id: name for id, name in rows if id is not None}
