"""Who acts, in which community, and with what membership.

Read in a single query, because every event needs it.
"""

from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam
from sqlmodel import Session, col, select

from storage.communities.communities import Channel, Community, Space
from storage.people.people import Account, Membership, Person


class Presence(NamedTuple):
    """What is known of an account in one place.

    `community` is the one that was asked for, else the one connected to the channel; `membership` is the person's in
    that community.
    """

    account: Account
    person: Person
    space: Space | None
    community: Community | None
    membership: Membership | None


def _question(by_channel: bool) -> Any:
    # SQLModel types `select` for up to four models.
    whole: Any = select(Account, Person, Space, Community, Membership)  # type: ignore[call-overload]
    asked = whole.join(Person, col(Person.id) == Account.person_id)
    here = and_(col(Space.platform) == Account.platform, col(Space.external) == bindparam("space"))
    asked = asked.outerjoin(Space, here)
    if by_channel:
        at = and_(col(Channel.platform) == Account.platform, col(Channel.space) == bindparam("space"))
        asked = asked.outerjoin(Channel, and_(at, col(Channel.channel) == bindparam("channel")))
        asked = asked.outerjoin(Community, col(Community.id) == Channel.community_id)
    else:
        asked = asked.outerjoin(Community, col(Community.id) == bindparam("community"))
    theirs = and_(col(Membership.community_id) == Community.id, col(Membership.person_id) == Person.id)
    return asked.outerjoin(Membership, theirs).where(
        Account.platform == bindparam("platform"), Account.external == bindparam("external")
    )


IN_CHANNEL, IN_COMMUNITY = _question(by_channel=True), _question(by_channel=False)


def of(
    session: Session, platform: str, space: str, channel: str, external: str, community: int | None
) -> Presence | None:
    """Return what is known of an account, in `community` or else in the channel; None if it was never seen."""
    asked = {"platform": platform, "space": space, "external": external}
    if community is None:
        row = session.exec(IN_CHANNEL, params={**asked, "channel": channel}).first()
    else:
        row = session.exec(IN_COMMUNITY, params={**asked, "community": community}).first()
    return row and Presence(*row)
