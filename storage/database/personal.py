"""Data policies: what happens to a person's rows when they go, declared on the column that points to the person.

    person_id: int = Field(
        foreign_key="person.id", index=True, sa_column_kwargs=personal(forget=DELETE, leave=UNNAME, label="answers")
    )

A test fails for a column that points to a person and has no policy, so that no table is missed when a person asks to
have their data deleted.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from sqlalchemy import Column


class ErasureAction(Enum):
    """What happens to a row when its person goes. UNNAME keeps the row, without saying whose it is."""

    KEEP = auto()
    UNNAME = auto()
    DELETE = auto()


KEEP, UNNAME, DELETE = ErasureAction


@dataclass(frozen=True)
class Policy:
    """What happens to the rows of one column's person.

    `forget` applies when the person has their data deleted, `leave` when they only leave a community.
    `label` names the rows in plain English; with "" they are bookkeeping, neither counted nor exported.
    `written` names the column with the time of writing, if such rows are deleted some time after their season.
    `own` is the (column, value) of rows that nobody else may read: leaving keeps those.
    `words` are the columns with what the person wrote. Where such a row is deleted, what quotes them goes too.
    """

    forget: ErasureAction
    leave: ErasureAction
    label: str = ""
    written: str = ""
    own: tuple[str, str] | None = None
    words: tuple[str, ...] = ()


def personal(
    *,
    forget: ErasureAction,
    leave: ErasureAction,
    label: str = "",
    written: str = "",
    own: tuple[str, str] | None = None,
    words: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return `sa_column_kwargs` that put the policy into the column's `info`."""
    return {"info": {"personal": Policy(forget, leave, label, written, own, words)}}


def policy(column: Column[Any]) -> Policy:
    """Return the policy of a column that points to a person. Raises KeyError if it declares none."""
    found = column.info["personal"]
    assert isinstance(found, Policy)
    return found


def unattributed(*, aged_by: tuple[str, str] | None = None, in_backups: bool = True) -> dict[str, Any]:
    """Return table arguments for answers of which nobody can tell who wrote them.

    They have no time. `aged_by` is (column, column of the row that it points to), whose moment counts for retention;
    None for what is never old. A table that is not `in_backups` is empty in them.
    """
    return {"info": {"aged_by": aged_by, "in_backups": in_backups}}
