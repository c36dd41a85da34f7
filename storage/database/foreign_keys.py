"""Follows foreign keys: which rows point to a person, belong to a community, or depend on a row that is deleted.

All of it is read from the tables' metadata, so that erasure, export and purge cannot miss a new table. Tables must
have a primary key of one column where `key`, `rows` and `remove` are used.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Column, ColumnElement, Table, UniqueConstraint, delete, select, update
from sqlmodel import Session, SQLModel

Cleanup = Callable[[Session, Mapping[str, Any]], None]

CLEANUP = "cleanup"  # key in Table.info
# The first of these columns that a table has is what its rows are called in an export.
LABELS = ("question", "title", "name")


def before_delete(model: type[SQLModel], cleanup: Cleanup) -> None:
    """Register `cleanup`: `remove` and `clean_up` call it with each row of this table before that row is deleted."""
    SQLModel.metadata.tables[str(model.__tablename__)].info[CLEANUP] = cleanup


def to_people() -> Iterator[tuple[Table, Column[Any]]]:
    """Yield every column that points to a person, with its table."""
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            if _points_to(column, "person"):
                yield table, column


def key(table: Table) -> Column[Any]:
    """Return the primary key; raises ValueError if it has several columns."""
    [only] = table.primary_key.columns
    return only


def rows(session: Session, table: Table, where: ColumnElement[bool]) -> list[dict[str, Any]]:
    """Return the matching rows by column name, ordered by primary key."""
    found = session.connection().execute(select(table).where(where).order_by(key(table)))
    return [dict(row) for row in found.mappings()]


def names(session: Session, table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the rows that this row points to are called, by table: {"round": "How is it going?"}.

    People are left out.
    """
    found: dict[str, Any] = {}
    for column in table.columns:
        for reference in column.foreign_keys:
            parent = reference.column.table
            assert isinstance(parent, Table)
            label = next((name for name in LABELS if name in parent.c), None)
            if label and parent.name != "person" and row[column.name] is not None:
                [parent_row] = rows(session, parent, key(parent) == row[column.name])
                found[parent.name] = parent_row[label]
    return found


def within(table: Table, community: int | BindParameter[int]) -> ColumnElement[bool] | None:
    """Return a condition for the rows of a community: by their own `community_id`, or by that of their parent row.

    None if the table has neither.
    """
    if "community_id" in table.c:
        return table.c.community_id == community
    for column in table.columns:
        for reference in column.foreign_keys:
            parent = reference.column.table
            assert isinstance(parent, Table)
            if parent is not table and parent.name != "person" and "community_id" in parent.c:
                return column.in_(select(key(parent)).where(parent.c.community_id == community))
    return None


def community_of(session: Session, table: Table, row: Mapping[str, Any]) -> int | None:
    """Return the community of a row, found as `within` finds it; None if it is of none."""
    if "community_id" in table.c:
        found: int | None = row["community_id"]
        return found
    for column in table.columns:
        for reference in column.foreign_keys:
            parent = reference.column.table
            assert isinstance(parent, Table)
            if parent is not table and parent.name != "person" and "community_id" in parent.c:
                query = select(parent.c.community_id).where(key(parent) == row[column.name])
                return session.connection().execute(query).scalar_one_or_none()
    return None


def rivals(table: Table, column: Column[Any]) -> Iterator[list[Column[Any]]]:
    """Yield the other columns of each unique constraint that `column`, which points to a person, is part of.

    Two rows that agree in these cannot both get the same person.
    """
    for rule in table.constraints:
        if isinstance(rule, UniqueConstraint) and column.name in rule.columns:
            yield [other for other in rule.columns if other.name != column.name]
    if column.primary_key or column.unique:
        yield [other for other in table.primary_key.columns if other.name != column.name]


def remove(session: Session, table: Table, where: ColumnElement[bool]) -> int:
    """Delete the matching rows, and all rows that depend on them. Returns how many rows matched.

    Where a foreign key is nullable, the dependent row stays and the key becomes NULL.
    """
    found = rows(session, table, where)
    remove_rows(session, table, found)
    return len(found)


def remove_rows(session: Session, table: Table, doomed: Sequence[dict[str, Any]]) -> None:
    """Delete rows that were already read, as `remove` does."""
    if not doomed:
        return
    ids = [row[key(table).name] for row in doomed]
    for child in SQLModel.metadata.sorted_tables:
        for column in child.columns:
            if not _points_to(column, table.name):
                continue
            if column.nullable:
                session.connection().execute(update(child).where(column.in_(ids)).values({column: None}))
            else:
                remove_rows(session, child, rows(session, child, column.in_(ids)))
    _clean_up(session, table, doomed)
    session.connection().execute(delete(table).where(key(table).in_(ids)))


def clean_up(session: Session, table: Table, where: ColumnElement[bool]) -> None:
    """Run the table's cleanup for the matching rows, for a caller that then deletes them itself."""
    if CLEANUP in table.info:
        _clean_up(session, table, rows(session, table, where))


def _clean_up(session: Session, table: Table, doomed: Sequence[dict[str, Any]]) -> None:
    if cleanup := table.info.get(CLEANUP):
        for row in doomed:
            cleanup(session, row)


def _points_to(column: Column[Any], table: str) -> bool:
    return any(reference.column.table.name == table for reference in column.foreign_keys)
