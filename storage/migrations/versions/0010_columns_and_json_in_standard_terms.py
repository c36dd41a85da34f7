"""Rename columns, and names inside JSON, to the field's terms."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

Names = Mapping[str, str]

# Table, old name, new name.
COLUMNS = (
    ("incident", "doing", "event_name"),
    ("meeting", "kind", "meeting_type"),
    ("outgoing", "ask", "is_request"),
    ("outgoing", "at_once", "ignores_quiet_hours"),
    ("rsvp", "always", "from_standing_reply"),
    ("series", "kind", "meeting_type"),
)
ADDRESS = {"under": "parent", "aloud": "broadcast"}
MESSAGE = {"happening": "calendar_event"}
# Of a form, by the kind of field.
FIELDS = {"text": {"most": "max_length"}, "people": {"most": "max_people"}}
CHANGE = {"expected": "tentative"}
# Read at a time.
ROWS = 500


def upgrade() -> None:
    for table, old, new in COLUMNS:
        _rename_column(table, old, new)
    _rewrite_json(ADDRESS, MESSAGE, FIELDS, CHANGE)


def downgrade() -> None:
    _rewrite_json(_back(ADDRESS), _back(MESSAGE), {kind: _back(names) for kind, names in FIELDS.items()}, _back(CHANGE))
    for table, old, new in COLUMNS:
        _rename_column(table, new, old)


def _back(names: Names) -> Names:
    return {new: old for old, new in names.items()}


def _rename_column(table: str, old: str, new: str) -> None:
    # In SQL, because Alembic copies the whole table on SQLite.
    op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")


def _rewrite_json(address: Names, message: Names, fields: Mapping[str, Names], change: Names) -> None:
    def form(errors: dict[str, Any]) -> dict[str, Any]:
        shown = errors["form"]
        renamed = [_renamed(field, fields.get(field["kind"], {})) for field in shown["fields"]]
        return errors | {"form": shown | {"fields": renamed}}

    _rewrite("outgoing", "address", lambda found: _renamed(found, address))
    _rewrite("outgoing", "message", lambda found: _renamed(found, message))
    _rewrite("draft", "body", form, kind="form")
    _rewrite("draft", "body", lambda found: _renamed(found, change), kind="meetings.change")


def _renamed(found: dict[str, Any], names: Names) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in found.items()}


def _rewrite(table: str, column: str, change: Callable[[dict[str, Any]], dict[str, Any]], *, kind: str = "") -> None:
    """Rewrite the JSON in a column, in all rows or those of one kind.

    The result is what pydantic writes, byte for byte: a message that is posted again is compared with its row, and
    delivered again if it differs.
    """
    rows = sa.table(table, *map(sa.column, ("id", "kind", column) if kind else ("id", column)))
    query = sa.select(rows.c.id, rows.c[column]).order_by(rows.c.id).limit(ROWS)
    if kind:
        query = query.where(rows.c.kind == kind)
    connection, last = op.get_bind(), 0
    while found := connection.execute(query.where(rows.c.id > last)).all():
        for id, text in found:
            written = json.dumps(change(json.loads(text)), ensure_ascii=False, separators=(",", ":"))
            if written != text:
                connection.execute(rows.update().where(rows.c.id == id).values({column: written}))
        last = found[-1].id
