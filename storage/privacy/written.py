"""What a person wrote, row by row, so that they can see, change and take back each thing by itself."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlmodel import Session, SQLModel, col, select

from storage.database import foreign_keys, remnants
from storage.privacy import quotes


def rows(session: Session, model: type[SQLModel], person_column: str, person: int) -> Sequence[Any]:
    """Return a person's rows in a table, newest first."""
    query = select(model).where(getattr(model, person_column) == person)
    return session.exec(query.order_by(col(getattr(model, "id")).desc())).all()  # noqa: B009


def row(session: Session, model: type[SQLModel], person_column: str, person: int, id: int) -> Any:
    """Return one of a person's rows; None if it does not exist or is someone else's."""
    found = session.get(model, id)
    return found if found and getattr(found, person_column) == person else None


def community_of(session: Session, row: SQLModel) -> int | None:
    """Return the community that a row belongs to."""
    return foreign_keys.community_of(session, _table(row), _values(row))


def copy(row: Any) -> Any:
    """Return a copy that can be read after the row is deleted."""
    return type(row)(**_values(row))


def remove(session: Session, row: SQLModel, texts: Sequence[str]) -> None:
    """Delete a row with all that depends on it, and the drafts of others that quote `texts`."""
    table = _table(row)
    key = foreign_keys.key(table)
    forget_words(session, texts)
    foreign_keys.remove(session, table, key == getattr(row, key.name))
    session.expire_all()


def forget_words(session: Session, texts: Sequence[str]) -> None:
    """Leave nothing of words that a person took back or replaced: neither in others' drafts nor in SQLite's log."""
    remnants.truncate_after_commit(session)
    quotes.delete_quoting_drafts(session, [text for text in texts if text])
    session.flush()


def _values(row: SQLModel) -> dict[str, Any]:
    # Not `model_dump`: it leaves out what has to be read from the database again.
    return {column.name: getattr(row, column.name) for column in _table(row).columns}


def _table(row: SQLModel) -> Table:
    return SQLModel.metadata.tables[str(row.__tablename__)]
