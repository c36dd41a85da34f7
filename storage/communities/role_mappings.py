"""Platforms' own roles (a Discord role) whose holders are facilitators or admins of a community."""

from collections.abc import Sequence

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select


class RoleMap(SQLModel, table=True):
    """A platform's own role (a Discord role) whose holders are facilitators or admins here."""

    __table_args__ = (UniqueConstraint("community_id", "platform", "external"),)
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id")
    platform: str
    external: str
    role: int


def given(session: Session, community: int, platform: str, groups: Sequence[str]) -> frozenset[int]:
    """The roles that the platform's own groups give here."""
    if not groups:
        return frozenset()
    return frozenset(
        session.exec(
            select(col(RoleMap.role)).where(
                RoleMap.community_id == community, RoleMap.platform == platform, col(RoleMap.external).in_(groups)
            )
        )
    )


def of(session: Session, community: int) -> Sequence[RoleMap]:
    return session.exec(select(RoleMap).where(RoleMap.community_id == community).order_by(col(RoleMap.id))).all()


def give(session: Session, community: int, platform: str, external: str, role: int) -> None:
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
    """Let a platform's own role give nothing here."""
    rows = select(RoleMap).where(
        RoleMap.community_id == community, RoleMap.platform == platform, RoleMap.external == external
    )
    for row in session.exec(rows):
        session.delete(row)
