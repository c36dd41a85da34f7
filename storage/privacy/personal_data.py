"""Everything that is kept about a person: to count it, hand it over, take their name off it, or delete it.

What becomes of which rows is declared beside each column that points to a person: `storage.database.personal`.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, func, update
from sqlmodel import Session, SQLModel, col, select

from storage.communities import installations
from storage.database import foreign_keys
from storage.database.personal import ErasureAction, policy
from storage.messaging.outbox import SENT, Outgoing
from storage.people import people
from storage.people.people import Membership, Person

EMPTY = "{}"  # JSON of a message without words
FILE = '"attachment":{'  # in the JSON of a message that carries a file


def count(session: Session, person: int) -> dict[str, int]:
    """How many rows there are of each kind that a person is told about, in the order of their labels."""
    found: dict[str, int] = {}
    for table, column, what in _told_about():
        asked = select(func.count()).select_from(table).where(column == person)
        found[what] = session.connection().execute(asked).scalar_one()
    return found


def everything(session: Session, person: int) -> dict[str, list[dict[str, Any]]]:
    """Every row of each kind that a person is told about, with what it answers to; and their own under "you"."""
    people = SQLModel.metadata.tables["person"]
    found = {"you": foreign_keys.rows(session, people, people.c.id == person)}
    for table, column, what in _told_about():
        found[what] = [
            row | foreign_keys.names(session, table, row) for row in foreign_keys.rows(session, table, column == person)
        ]
    return found


def _told_about() -> Iterator[tuple[Table, Column[Any], str]]:
    """In the order of their labels."""
    labelled = ((table, column, policy(column).label) for table, column in foreign_keys.to_people())
    yield from sorted((each for each in labelled if each[2]), key=lambda each: each[2])


def forget(session: Session, person: int, nameless: str) -> None:
    """Delete the person and what they wrote; what has to stay is put under somebody called `nameless`."""
    session.flush()
    own = select(col(Membership.community_id)).where(col(Membership.person_id) == person)
    blank_sent(session, col(Outgoing.community_id).in_(own))
    take_back_unsent(session, col(Outgoing.community_id).in_(own), person)
    for account in people.accounts(session, person):
        installations.forget_installer(session, account.platform, account.external)
    someone = Someone(session, nameless)
    for table, column in foreign_keys.to_people():
        _apply_erasure(session, table, column, policy(column).forget, column == person, someone)
    persons = SQLModel.metadata.tables["person"]
    foreign_keys.remove(session, persons, persons.c.id == person)
    session.expire_all()


def leave(session: Session, person: int, community: int, nameless: str, *, delete_too: bool) -> None:
    """Take the person's name off what they shared in a community; with `delete_too`, delete all they wrote there.

    The membership itself, and in the first case what only they can read, stays.
    """
    session.flush()
    take_back_unsent(session, col(Outgoing.community_id) == community, person)
    if delete_too:
        blank_sent(session, col(Outgoing.community_id) == community)
    someone = Someone(session, nameless)
    for table, column in foreign_keys.to_people():
        fates = policy(column)
        where = foreign_keys.within(table, community)
        if where is None or fates.leave is ErasureAction.KEEP:
            continue
        where = where & (column == person)
        if fates.own and not delete_too:
            name, value = fates.own
            where = where & (table.c[name] != value)
        _apply_erasure(session, table, column, fates.forget if delete_too else fates.leave, where, someone)
    session.expire_all()


def blank_sent(session: Session, where: ColumnElement[bool]) -> None:
    """Empty our copies of delivered messages, which may quote people: only where they stand is needed any more."""
    sent = update(Outgoing).where(col(Outgoing.state) == SENT, where)
    session.connection().execute(sent.values(message=EMPTY))


def take_back_unsent(session: Session, where: ColumnElement[bool], person: int) -> None:
    """Messages that name somebody, or hold a file that may, and have not been delivered: they never are."""
    names = [f"](person:{person})", *(f"](account:{a.external})" for a in people.accounts(session, person))]
    for row in session.exec(select(Outgoing).where(col(Outgoing.state) != SENT, where)).all():
        if FILE in row.message or any(name in row.message for name in names):
            if row.receipt:  # an earlier wording stands where it is
                row.message, row.state = EMPTY, SENT
            else:
                session.delete(row)
    session.flush()


class Someone:
    """A person without accounts, under whose id unnamed rows are kept; made only where there are any."""

    def __init__(self, session: Session, name: str) -> None:
        self.session, self.name = session, name
        self._id: int | None = None

    @property
    def id(self) -> int:
        if self._id is None:
            row = Person(name=self.name)
            self.session.add(row)
            self.session.flush()
            self._id = row.id
        assert self._id is not None
        return self._id


def _apply_erasure(
    session: Session,
    table: Table,
    column: Column[Any],
    fate: ErasureAction,
    where: ColumnElement[bool],
    someone: Someone,
) -> None:
    if fate is ErasureAction.DELETE:
        foreign_keys.remove(session, table, where)
    elif fate is ErasureAction.UNNAME and foreign_keys.rows(session, table, where):
        named = None if column.nullable else someone.id
        session.connection().execute(update(table).where(where).values({column: named}))
