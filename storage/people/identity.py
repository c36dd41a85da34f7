"""Who acts, where, and as what: in one question to the database, because it is asked at every event."""

from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam
from sqlmodel import Session, col, select

from storage.communities.communities import Channel, Community, Space
from storage.people.people import Account, Membership, Person


class Presence(NamedTuple):
    account: Account
    person: Person
    space: Space | None
    community: Community | None  # the one that was asked for, else the one that lives in the channel
    membership: Membership | None  # of the person in that community


def _question(by_channel: bool) -> Any:
    whole: Any = select(Account, Person, Space, Community, Membership)  # type: ignore[call-overload]  # typed up to four
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
    """What is known of an account, in `community` or else in the channel. None: it was never seen before."""
    asked = {"platform": platform, "space": space, "external": external}
    if community is None:
        row = session.exec(IN_CHANNEL, params={**asked, "channel": channel}).first()
    else:
        row = session.exec(IN_COMMUNITY, params={**asked, "community": community}).first()
    return row and Presence(*row)
