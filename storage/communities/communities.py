"""Spaces, communities, their channels, seasons and closed days."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import bindparam
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, delete, func, select

from storage.database.id_list import OneOf, listed

# Who may join a community: whoever acts in its channel, after a facilitator's yes, or by a facilitator's invitation.
CHANNEL, APPROVAL, INVITATION = "channel", "approval", "invitation"
JOIN_POLICIES = (CHANNEL, APPROVAL, INVITATION)


class Space(SQLModel, table=True):
    """A Slack workspace, a Discord server, or the playground. Key: platform and `external`, the platform's id.

    Deleted only by `storage.privacy.purge`.
    """

    __table_args__ = (UniqueConstraint("platform", "external"),)
    id: int | None = Field(default=None, primary_key=True)
    platform: str
    external: str
    name: str = ""


class Community(SQLModel, table=True):
    """One community and its settings. Key: `id`. Deleted only by `storage.privacy.purge`."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    purpose: str = ""
    zone: str = "UTC"
    locale: str = "en"
    # ISO code of the country whose public holidays count. "": none do.
    country: str = ""
    region: str = ""
    # Nothing is asked, and nobody is reminded, until an admin resumes.
    paused: bool = False
    # Answers are deleted this long after the end of their season.
    retention_months: int = 12
    # Quiet hours, in hours of the community's day.
    quiet_from: int = 20
    quiet_to: int = 8
    # How long before a meeting the channel is reminded: steps of bot.domain.reminder_steps. "": never.
    reminders: str = "w d h"
    join_policy: str = CHANNEL  # one of JOIN_POLICIES
    # People from other companies can join, with whom a channel is shared.
    other_companies: bool = False
    created_at: datetime


class Channel(SQLModel, table=True):
    """A channel that a community is connected to. Key: platform, space and channel, so it has one community."""

    __table_args__ = (UniqueConstraint("platform", "space", "channel"),)
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    platform: str
    space: str
    channel: str
    # What it was called when the platform last said so.
    name: str = ""
    # Why the bot can't post there, if the platform says when it can again: one of
    # bot.core.platform.Undeliverable.REASONS.
    unreachable: str = ""


class Season(SQLModel, table=True):
    """One bounded run of a community's meetings, such as October to June. Seasons of a community may overlap."""

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    name: str
    starts: date
    ends: date


class Closure(SQLModel, table=True):
    """A closed day of the community's own, beyond weekends and public holidays. Key: community and day."""

    __table_args__ = (UniqueConstraint("community_id", "day"),)
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id")
    day: date
    name: str = ""


# Nearly every event runs these queries, so they are built once.
AMONG = select(Community).where(OneOf(col(Community.id)))
IN_CHANNEL = (
    select(Community)
    .join(Channel)
    .where(
        Channel.platform == bindparam("platform"),
        Channel.space == bindparam("space"),
        Channel.channel == bindparam("channel"),
    )
)
CHANNELS = select(Channel).where(Channel.community_id == bindparam("community")).order_by(col(Channel.id))
CLOSURES = select(col(Closure.day)).where(Closure.community_id == bindparam("community"))


def key(row: Community) -> int:
    assert row.id is not None
    return row.id


def upsert_space(session: Session, platform: str, external: str, name: str) -> Space:
    """Return the space, created or renamed if needed. `name` may be "", which keeps the name it has."""
    query = select(Space).where(Space.platform == platform, Space.external == external)
    space = session.exec(query).first()
    if space is None:
        try:
            with session.begin_nested():
                session.add(Space(platform=platform, external=external, name=name))
        except IntegrityError:
            # Another transaction has just added the space.
            pass
        space = session.exec(query).one()
    rename(space, name)
    return space


def rename(space: Space, name: str) -> None:
    if name and space.name != name:
        space.name = name


def space_name(session: Session, platform: str, external: str) -> str:
    """Return what a space is called; "" if it is unknown or has no name."""
    return session.exec(select(Space.name).where(Space.platform == platform, Space.external == external)).first() or ""


def add(
    session: Session,
    *,
    name: str,
    purpose: str,
    zone: str,
    locale: str,
    now: datetime,
    country: str = "",
    join_policy: str = CHANNEL,
) -> Community:
    community = Community(
        name=name,
        purpose=purpose,
        zone=zone,
        locale=locale,
        country=country,
        join_policy=join_policy,
        created_at=now,
    )
    session.add(community)
    session.flush()
    return community


def get(session: Session, id: int) -> Community | None:
    return session.get(Community, id)


def among(session: Session, ids: Sequence[int]) -> Sequence[Community]:
    """Return the communities with these ids, in no particular order."""
    return session.exec(AMONG, params=listed(ids)).all()


def every(session: Session) -> Sequence[Community]:
    return session.exec(select(Community).order_by(col(Community.id))).all()


def named(session: Session, name: str, among: Sequence[int]) -> Community | None:
    """Return one of these communities by its name, whatever the case."""
    return session.exec(
        select(Community).where(func.lower(Community.name) == name.lower(), col(Community.id).in_(among))
    ).first()


def in_channel(session: Session, platform: str, space: str, channel: str) -> Community | None:
    where = {"platform": platform, "space": space, "channel": channel}
    return session.exec(IN_CHANNEL, params=where).first()


def is_in_channel(session: Session, community: int, platform: str, space: str, channel: str) -> bool:
    """Return whether the community is connected to this channel."""
    found = in_channel(session, platform, space, channel)
    return found is not None and found.id == community


def in_space(session: Session, platform: str, space: str) -> Sequence[Community]:
    return session.exec(
        select(Community)
        .where(
            col(Community.id).in_(
                select(Channel.community_id).where(Channel.platform == platform, Channel.space == space)
            )
        )
        .order_by(col(Community.id))
    ).all()


def channels(session: Session, community: int) -> Sequence[Channel]:
    return session.exec(CHANNELS, params={"community": community}).all()


def channels_on(session: Session, platform: str) -> Sequence[Channel]:
    return session.exec(select(Channel).where(Channel.platform == platform).order_by(col(Channel.id))).all()


def channels_in(session: Session, platform: str, space: str) -> Sequence[Channel]:
    return session.exec(
        select(Channel).where(Channel.platform == platform, Channel.space == space).order_by(col(Channel.id))
    ).all()


def is_unreachable(session: Session, community: int) -> bool:
    """Return whether the community lives in channels, and the bot can post in none of them."""
    rows = channels(session, community)
    return bool(rows) and all(row.unreachable for row in rows)


def assume_reachable(session: Session, community: int) -> None:
    """Forget why the community's channels could not be reached, so that posting there is tried."""
    for row in channels(session, community):
        row.unreachable = ""


def renumber_channel(session: Session, platform: str, space: str, old: str, new: str) -> None:
    """Give a channel the id that its platform has given it, unless another community lives there."""
    row = session.exec(
        select(Channel).where(Channel.platform == platform, Channel.space == space, Channel.channel == old)
    ).first()
    if row and in_channel(session, platform, space, new) is None:
        row.channel = new


def bind(session: Session, community: int, platform: str, space: str, channel: str) -> Channel:
    """Connect the community to a channel. The channel must not be connected to another community."""
    row = session.exec(
        select(Channel).where(Channel.platform == platform, Channel.space == space, Channel.channel == channel)
    ).first()
    if row is None:
        row = Channel(community_id=community, platform=platform, space=space, channel=channel)
        session.add(row)
        session.flush()
    assert row.community_id == community
    # Somebody asks for it, so it may be reached again.
    row.unreachable = ""
    return row


def unbind(session: Session, community: int, platform: str, space: str, channel: str) -> bool:
    """Disconnect the community from a channel. Returns whether it was connected."""
    row = session.exec(
        select(Channel).where(
            Channel.community_id == community,
            Channel.platform == platform,
            Channel.space == space,
            Channel.channel == channel,
        )
    ).first()
    if row:
        session.delete(row)
    return row is not None


def closures(session: Session, community: int) -> frozenset[date]:
    return frozenset(session.exec(CLOSURES, params={"community": community}))


def close(session: Session, community: int, days: Iterable[date], name: str = "") -> None:
    """Close these days. `name` says why; days that are closed already keep the name they have."""
    for day in sorted(set(days) - closures(session, community)):
        session.add(Closure(community_id=community, day=day, name=name))


def reopen(session: Session, community: int, day: date) -> None:
    session.exec(delete(Closure).where(col(Closure.community_id) == community, col(Closure.day) == day))


def season_on(session: Session, community: int, day: date) -> Season | None:
    """Return the season that `day` falls in: where seasons overlap, the one that began last."""
    return session.exec(
        select(Season)
        .where(Season.community_id == community, Season.starts <= day, Season.ends >= day)
        .order_by(col(Season.starts).desc(), col(Season.id).desc())
    ).first()


def seasons(session: Session, community: int) -> Sequence[Season]:
    """Return the community's seasons, the earliest first."""
    query = select(Season).where(Season.community_id == community)
    return session.exec(query.order_by(col(Season.starts), col(Season.id))).all()


def add_season(session: Session, community: int, name: str, starts: date, ends: date) -> Season:
    season = Season(community_id=community, name=name, starts=starts, ends=ends)
    session.add(season)
    session.flush()
    return season
