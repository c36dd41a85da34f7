"""What becomes of a person's rows, declared beside the column that points to the person.

    person_id: int = Field(
        foreign_key="person.id", index=True, sa_column_kwargs=personal(forget=DELETE, leave=UNNAME, label="answers")
    )

A column that points to a person without a policy fails a test, so that nothing can be forgotten that a person asks to
have deleted.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from sqlalchemy import Column


class ErasureAction(Enum):
    """What becomes of a row when its person goes."""

    KEEP = auto()
    UNNAME = auto()  # it stays, and no longer says whose it is
    DELETE = auto()


KEEP, UNNAME, DELETE = ErasureAction


@dataclass(frozen=True)
class Policy:
    forget: ErasureAction  # when they ask for their data to be deleted
    leave: ErasureAction  # when they leave a community and ask for no more
    label: str = ""  # the rows in plain English; "" is bookkeeping that is neither counted nor handed over
    written: str = ""  # the column that says when, where such rows are deleted some time after their season
    own: tuple[str, str] | None = None  # (column, value) of rows that nobody else may read: leaving keeps those


def personal(
    *,
    forget: ErasureAction,
    leave: ErasureAction,
    label: str = "",
    written: str = "",
    own: tuple[str, str] | None = None,
) -> dict[str, Any]:
    """Keyword arguments for the column: its policy is carried in the column's own `info`."""
    return {"info": {"personal": Policy(forget, leave, label, written, own)}}


def policy(column: Column[Any]) -> Policy:
    """The policy of a column that points to a person. Raises KeyError where it declares none."""
    found = column.info["personal"]
    assert isinstance(found, Policy)
    return found
