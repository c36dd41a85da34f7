"""Role mappings: roles of the platform (such as a Discord role) that make people facilitators or admins."""

from collections.abc import Sequence

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select


class RoleMap(SQLModel, table=True):
    """One role of a platform, and the role that its holders have in a community.

    Key: community, platform and `external`, the platform's id of the role. Deleted by `take_back`.
    """

    __table_args__ = (UniqueConstraint("community_id", "platform", "external"),)
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id")
    platform: str
    external: str
    role: int  # bot.core.permissions.Role


def given(session: Session, community: int, platform: str, groups: Sequence[str]) -> frozenset[int]:
    """Return the roles that someone with these platform roles has in the community."""
    if not groups:
        return frozenset()
    return frozenset(
        session.exec(
            select(col(RoleMap.role)).where(
                RoleMap.community_id == community, RoleMap.platform == platform, col(RoleMap.external).in_(groups)
            )
        )
    )


def in_community(session: Session, community: int) -> Sequence[RoleMap]:
    return session.exec(select(RoleMap).where(RoleMap.community_id == community).order_by(col(RoleMap.id))).all()


def give(session: Session, community: int, platform: str, external: str, role: int) -> None:
    """Map a role of the platform to `role`, in place of what it was mapped to."""
    row = session.exec(
        select(RoleMap).where(
            RoleMap.community_id == community, RoleMap.platform == platform, RoleMap.external == external
        )
    ).first()
    if row:
        row.role = role
    else:
        session.add(RoleMap(community_id=community, platform=platform, external=external, role=role))


def take_back(session: Session, community: int, platform: str, external: str) -> None:
    """Delete the mapping of a role of the platform."""
    rows = select(RoleMap).where(
        RoleMap.community_id == community, RoleMap.platform == platform, RoleMap.external == external
    )
    for row in session.exec(rows):
        session.delete(row)
