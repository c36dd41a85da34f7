"""Which spaces have let the bot in, and the locked token that each gave it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select, update


class Installation(SQLModel, table=True):
    """One workspace's permission. It stays known after the bot was taken out, without its token."""

    __table_args__ = (UniqueConstraint("platform", "space"),)
    id: int | None = Field(default=None, primary_key=True)
    platform: str
    space: str
    name: str = ""
    enterprise: str = ""  # the organisation that the workspace belongs to, where it belongs to one
    bot: str = ""  # the bot's own user id there
    scopes: str = ""  # that were granted, separated by commas
    installed_by: str = ""  # the account that let the bot in
    installed_at: datetime
    gone_at: datetime | None = None  # when the bot was taken out, or its token stopped working
    locked: str = ""  # the token, as bot.operations.encryption locks it; "" once it is gone


def get(session: Session, platform: str, space: str) -> Installation | None:
    """The row, held until this transaction ends."""
    query = select(Installation).where(Installation.platform == platform, Installation.space == space)
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).first()


def look(session: Session, platform: str, space: str) -> Installation | None:
    """The row as it is, where the bot is still let in."""
    return session.exec(
        select(Installation).where(
            Installation.platform == platform, Installation.space == space, col(Installation.gone_at).is_(None)
        )
    ).first()


def every(session: Session, platform: str) -> Sequence[Installation]:
    """Those that still let the bot in, oldest first."""
    return session.exec(
        select(Installation)
        .where(Installation.platform == platform, col(Installation.gone_at).is_(None))
        .order_by(col(Installation.id))
    ).all()


def locked(session: Session) -> Sequence[Installation]:
    """Every row that holds a token, held until this transaction ends."""
    return session.exec(
        select(Installation).where(Installation.locked != "").order_by(col(Installation.id)).with_for_update()
    ).all()


def gone(session: Session, spaces: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these (platform, space) the bot was taken out of."""
    rows = session.exec(
        select(Installation.platform, Installation.space).where(
            col(Installation.space).in_({space for _platform, space in spaces}), col(Installation.gone_at).is_not(None)
        )
    )
    return set(rows) & set(spaces)


def forget_installer(session: Session, platform: str, account: str) -> None:
    session.exec(
        update(Installation)
        .where(col(Installation.platform) == platform, col(Installation.installed_by) == account)
        .values(installed_by="")
    )
