"""Who acts, in which community, and with what membership.

Read in a single query, because every event needs it.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam
from sqlmodel import Session, SQLModel, col, select

from storage.communities.communities import Channel, Community, Space
from storage.people.appointments import Appointment
from storage.people.people import Account, Membership, Person


class Presence(NamedTuple):
    """What is known of an account in one place.

    `community` is the one that was asked for, else the one connected to the channel; `membership` is the person's in
    that community. `has_platform_role`: they have a role in some community by one of the platform, as far as we know.
    """

    account: Account
    person: Person
    space: Space | None
    community: Community | None
    membership: Membership | None
    has_platform_role: bool = False

    @property
    def rows(self) -> Sequence[SQLModel | None]:
        return self.account, self.person, self.space, self.community, self.membership


HAS_PLATFORM_ROLE = (
    select(Appointment.id)
    .where(Appointment.person_id == Person.id, col(Appointment.from_platform), col(Appointment.until).is_(None))
    .exists()
)


def _query(by_channel: bool) -> Any:
    # SQLModel types `select` for up to four models.
    query: Any = select(Account, Person, Space, Community, Membership, HAS_PLATFORM_ROLE)  # type: ignore[call-overload]
    query = query.join(Person, col(Person.id) == Account.person_id)
    this_space = and_(col(Space.platform) == Account.platform, col(Space.external) == bindparam("space"))
    query = query.outerjoin(Space, this_space)
    if by_channel:
        in_space = and_(col(Channel.platform) == Account.platform, col(Channel.space) == bindparam("space"))
        query = query.outerjoin(Channel, and_(in_space, col(Channel.channel) == bindparam("channel")))
        query = query.outerjoin(Community, col(Community.id) == Channel.community_id)
    else:
        query = query.outerjoin(Community, col(Community.id) == bindparam("community"))
    theirs = and_(col(Membership.community_id) == Community.id, col(Membership.person_id) == Person.id)
    return query.outerjoin(Membership, theirs).where(
        Account.platform == bindparam("platform"), Account.external == bindparam("external")
    )


IN_CHANNEL, IN_COMMUNITY = _query(by_channel=True), _query(by_channel=False)


def get(
    session: Session, platform: str, space: str, channel: str, external: str, community: int | None
) -> Presence | None:
    """Return what is known of an account, in `community` or else in the channel; None if it was never seen."""
    params = {"platform": platform, "space": space, "external": external}
    if community is None:
        row = session.exec(IN_CHANNEL, params={**params, "channel": channel}).first()
    else:
        row = session.exec(IN_COMMUNITY, params={**params, "community": community}).first()
    return row and Presence(*row)
