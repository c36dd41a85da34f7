"""Rows named by a long list of ids: the list is one parameter, so the statement is put together once, however long."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class OneOf(FunctionElement[bool]):
    """`column IN` the parameter `ids`, which is `listed`."""

    inherit_cache = True  # and no type: of a Boolean, SQLAlchemy asks on SQLite whether it is 1, and no index helps

    def __init__(self, column: Any) -> None:
        super().__init__(column, bindparam("ids"))


def listed(ids: Iterable[int]) -> dict[str, str]:
    """The parameter of a statement with OneOf in it."""
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
