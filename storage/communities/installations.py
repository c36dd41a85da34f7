"""Installations: the spaces that installed the bot, and the encrypted token each of them gave it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select, update


class Installation(SQLModel, table=True):
    """The bot's installation in one space. Key: platform and space.

    On Discord, where a space needs no token, there is a row only for servers that the bot was removed from.

    The row stays, without its token, after the bot is removed; `storage.privacy.purge` deletes it.
    """

    __table_args__ = (UniqueConstraint("platform", "space"),)
    id: int | None = Field(default=None, primary_key=True)
    platform: str
    space: str
    name: str = ""
    # The Slack Enterprise organisation that the workspace belongs to, if any.
    enterprise: str = ""
    bot: str = ""  # the bot's user id there
    scopes: str = ""  # comma-separated
    installed_by: str = ""  # account
    installed_at: datetime
    # When the bot was removed, or its token stopped working.
    gone_at: datetime | None = None
    # The token, encrypted by bot.operations.encryption. "" after `gone_at`.
    locked: str = ""


def get(session: Session, platform: str, space: str) -> Installation | None:
    """Return the row, removed installations included, locked until this transaction ends."""
    query = select(Installation).where(Installation.platform == platform, Installation.space == space)
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).first()


def find_active(session: Session, platform: str, space: str) -> Installation | None:
    """Return the row without locking it, if the bot is still installed."""
    return session.exec(
        select(Installation).where(
            Installation.platform == platform, Installation.space == space, col(Installation.gone_at).is_(None)
        )
    ).first()


def mark_gone(session: Session, platform: str, space: str, name: str, now: datetime) -> bool:
    """Record that the bot was removed from a space where it needs no token. Returns False if that was known."""
    row = get(session, platform, space)
    if row is None:
        row = Installation(platform=platform, space=space, installed_at=now)
        session.add(row)
    if row.gone_at:
        return False
    row.name, row.gone_at = name or row.name, now
    session.flush()
    return True


def mark_back(session: Session, platform: str, space: str) -> bool:
    """Record that the bot is in the space again. Returns False if it was there all the time."""
    row = get(session, platform, space)
    if row is None or row.gone_at is None:
        return False
    row.gone_at = None
    session.flush()
    return True


def every(session: Session, platform: str) -> Sequence[Installation]:
    """Return the spaces where the bot is still installed, oldest first."""
    return session.exec(
        select(Installation)
        .where(Installation.platform == platform, col(Installation.gone_at).is_(None))
        .order_by(col(Installation.id))
    ).all()


def locked(session: Session) -> Sequence[Installation]:
    """Return every row that holds a token, locked until this transaction ends."""
    return session.exec(
        select(Installation).where(Installation.locked != "").order_by(col(Installation.id)).with_for_update()
    ).all()


def removed_spaces(session: Session, spaces: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return those of these (platform, space) that the bot was removed from."""
    rows = session.exec(
        select(Installation.platform, Installation.space).where(
            col(Installation.space).in_({space for _platform, space in spaces}), col(Installation.gone_at).is_not(None)
        )
    )
    return set(rows) & set(spaces)


def forget_installer(session: Session, platform: str, account: str) -> None:
    """Clear `installed_by` wherever it is this account."""
    session.exec(
        update(Installation)
        .where(col(Installation.platform) == platform, col(Installation.installed_by) == account)
        .values(installed_by="")
    )
