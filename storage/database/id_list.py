"""`column IN (…)` for a long list of ids, passed as a single JSON parameter.

SQLAlchemy compiles such a statement once, whatever the length of the list, and no limit on the number of parameters
applies.
"""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class OneOf(FunctionElement[bool]):
    """`column IN` the parameter `ids`, whose value comes from `listed`.

    Has no SQL type on purpose: for a Boolean, SQLAlchemy writes `… = 1` on SQLite, which then uses no index.
    """

    inherit_cache = True

    def __init__(self, column: Any) -> None:
        super().__init__(column, bindparam("ids"))


def listed(ids: Iterable[int]) -> dict[str, str]:
    """Return the parameter for a statement that contains OneOf."""
    return {"ids": json.dumps(list(ids))}


@compiles(OneOf, "sqlite")
def _on_sqlite(element: OneOf, compiler: Any, **options: Any) -> str:
    return _within("SELECT value FROM json_each({})", element, compiler, options)


@compiles(OneOf, "postgresql")
def _on_postgresql(element: OneOf, compiler: Any, **options: Any) -> str:
    each = "SELECT CAST(value AS bigint) FROM json_array_elements_text(CAST({} AS json))"
    return _within(each, element, compiler, options)


def _within(each: str, element: OneOf, compiler: Any, options: dict[str, Any]) -> str:
    column, ids = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN ({each.format(ids)})"
