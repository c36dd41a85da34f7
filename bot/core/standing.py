"""Standing: what a person and a community are to each other, and how the person can join it.

A community says who may join (`join_policy`). Whoever acts in one of its channels has proved that they are there,
because a platform shows and takes what happens in a channel only from people who are in it. Being in the same
workspace or server proves nothing.
"""

from datetime import datetime, timedelta
from enum import Enum, auto

from bot.core.context import Context
from bot.core.permissions import Role
from storage.communities import communities
from storage.communities.communities import APPROVAL, INVITATION
from storage.people import people
from storage.people.people import Membership

# How long an invitation can be accepted, and how long after a no a person has to wait before asking again.
INVITATION_LASTS, ASK_AGAIN = timedelta(days=30), timedelta(days=14)


class WayIn(Enum):
    """How a person can join. They can ASK a facilitator, have ASKED already, or were DECLINED not long ago.

    GO_THERE means that they have to act in one of the community's channels.
    """

    MEMBER = auto()
    JOIN = auto()
    ASK = auto()
    ASKED = auto()
    DECLINED = auto()
    GO_THERE = auto()
    BY_INVITATION = auto()


def acts_in_channel(ctx: Context) -> bool:
    """Return whether this event happened in a channel of the context's community."""
    here = ctx.place
    return (
        here is not None
        and not here.direct
        and communities.is_in_channel(ctx.session, ctx.community_id, here.platform, here.space, here.channel)
    )


def way_in(ctx: Context) -> WayIn:
    """Return how the person who acts can join the context's community, from where they act."""
    row, policy = ctx.membership, ctx.community.join_policy
    if people.is_member(row):
        return WayIn.MEMBER
    # A facilitator said yes already, by inviting them or by giving them a role.
    if is_invited(row, ctx.now) or ctx.access.role >= Role.FACILITATOR:
        return WayIn.JOIN
    needs_yes = policy == APPROVAL or (row is not None and row.removed_at is not None)
    if policy == INVITATION:
        return WayIn.BY_INVITATION
    if needs_yes and row and row.requested_at:
        return WayIn.ASKED
    if needs_yes and row and row.declined_at and ctx.now < row.declined_at + ASK_AGAIN:
        return WayIn.DECLINED
    # Somebody who belonged to it can ask from anywhere: they may no longer be in the channel.
    if not acts_in_channel(ctx) and not (needs_yes and row and row.left_at):
        return WayIn.GO_THERE
    return WayIn.ASK if needs_yes else WayIn.JOIN


def is_guest(ctx: Context, person: int) -> bool:
    """Return whether somebody comes from another company, with whom the community's channel is shared."""
    spaces = {(c.platform, c.space) for c in communities.channels(ctx.session, ctx.community_id)}
    return people.is_guest(ctx.session, person, spaces)


def is_shut_out(ctx: Context, person: int) -> bool:
    """Return whether somebody comes from another company, and the community is not open to those."""
    return not ctx.community.other_companies and is_guest(ctx, person)


def is_invited(row: Membership | None, now: datetime) -> bool:
    return row is not None and row.invited_at is not None and now < row.invited_at + INVITATION_LASTS
