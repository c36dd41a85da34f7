"""Which rows point to which: found by asking the tables themselves, so that a new table cannot be forgotten."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Column, ColumnElement, Table, UniqueConstraint, delete, select, update
from sqlmodel import Session, SQLModel

Cleanup = Callable[[Session, Mapping[str, Any]], None]

CLEANUP = "cleanup"  # in a table's `info`
LABELS = ("question", "title", "name")  # columns that say what a row is called


def before_delete(model: type[SQLModel], cleanup: Cleanup) -> None:
    """Have `cleanup` called with each row of the model's table, as a mapping, before the row is deleted."""
    SQLModel.metadata.tables[str(model.__tablename__)].info[CLEANUP] = cleanup


def to_people() -> Iterator[tuple[Table, Column[Any]]]:
    """Every column that points to a person, with its table."""
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            if _points_to(column, "person"):
                yield table, column


def key(table: Table) -> Column[Any]:
    [only] = table.primary_key.columns
    return only


def rows(session: Session, table: Table, where: ColumnElement[bool]) -> list[dict[str, Any]]:
    found = session.connection().execute(select(table).where(where).order_by(key(table)))
    return [dict(row) for row in found.mappings()]


def names(session: Session, table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """What the rows are called that this one points to, people apart: {"round": "How is it going?"}."""
    found: dict[str, Any] = {}
    for column in table.columns:
        for reference in column.foreign_keys:
            parent = reference.column.table
            assert isinstance(parent, Table)
            label = next((name for name in LABELS if name in parent.c), None)
            if label and parent.name != "person" and row[column.name] is not None:
                [pointed] = rows(session, parent, key(parent) == row[column.name])
                found[parent.name] = pointed[label]
    return found


def within(table: Table, community: int | BindParameter[int]) -> ColumnElement[bool] | None:
    """Which rows belong to a community: by their own column, or by that of the row they hang on. None: none can."""
    if "community_id" in table.c:
        return table.c.community_id == community
    for column in table.columns:
        for reference in column.foreign_keys:
            parent = reference.column.table
            assert isinstance(parent, Table)
            if parent is not table and parent.name != "person" and "community_id" in parent.c:
                return column.in_(select(key(parent)).where(parent.c.community_id == community))
    return None


def rivals(table: Table, column: Column[Any]) -> Iterator[list[Column[Any]]]:
    """For each rule that allows only one row for a person: the other columns that it counts."""
    for rule in table.constraints:
        if isinstance(rule, UniqueConstraint) and column.name in rule.columns:
            yield [other for other in rule.columns if other.name != column.name]
    if column.primary_key or column.unique:
        yield [other for other in table.primary_key.columns if other.name != column.name]


def remove(session: Session, table: Table, where: ColumnElement[bool]) -> int:
    """Delete rows and whatever hangs on them; what may stand without them is only cut loose. Returns how many."""
    found = rows(session, table, where)
    remove_rows(session, table, found)
    return len(found)


def remove_rows(session: Session, table: Table, doomed: Sequence[dict[str, Any]]) -> None:
    """The same, of rows that were read."""
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
    if cleanup := table.info.get(CLEANUP):
        for row in doomed:
            cleanup(session, row)
    session.connection().execute(delete(table).where(key(table).in_(ids)))


def _points_to(column: Column[Any], table: str) -> bool:
    return any(reference.column.table.name == table for reference in column.foreign_keys)
