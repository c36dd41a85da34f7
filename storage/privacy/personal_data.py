"""A person's data: counts it, exports it, removes their name from it, or deletes it.

What happens to which rows is declared on each column that points to a person: see `storage.database.personal`.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, func, true, update
from sqlmodel import Session, SQLModel, col, select

from storage.communities import installations
from storage.database import foreign_keys, locks, remnants
from storage.database.personal import ErasureAction, policy
from storage.messaging.outbox import NO_WORDS, SENT, Outgoing
from storage.operations import drafts
from storage.people import people
from storage.people.people import Membership, Person
from storage.privacy import post_subjects, quotes

# The JSON of a message with an attached file contains this.
FILE = '"attachment":{'


def count(session: Session, person: int, forget: ErasureAction | None = None) -> dict[str, int]:
    """Return how many rows of each labelled kind a person has, by label, in alphabetical order.

    With `forget`, only the kinds to which this happens when the person has their data deleted.
    """
    found: dict[str, int] = {}
    for table, column, label in _labelled():
        if forget not in (None, policy(column).forget):
            continue
        query = select(func.count()).select_from(table).where(column == person)
        found[label] = session.connection().execute(query).scalar_one()
    return found


def everything(session: Session, person: int) -> dict[str, list[dict[str, Any]]]:
    """Return every row of each labelled kind, by label, with what the rows it points to are called.

    The person's own row is under "you".
    """
    persons = SQLModel.metadata.tables["person"]
    found = {"you": foreign_keys.rows(session, persons, persons.c.id == person)}
    for table, column, label in _labelled():
        found[label] = [
            row | foreign_keys.names(session, table, row) for row in foreign_keys.rows(session, table, column == person)
        ]
    return found


def _labelled() -> Iterator[tuple[Table, Column[Any], str]]:
    """Yield the columns whose policy has a label, ordered by label."""
    columns = ((table, column, policy(column).label) for table, column in foreign_keys.to_people())
    yield from sorted((each for each in columns if each[2]), key=lambda each: each[2])


def forget(session: Session, person: int, nameless: str) -> None:
    """Delete the person and what they wrote. Rows that must stay get a new person called `nameless`."""
    session.flush()
    remnants.truncate_after_commit(session)
    own = select(col(Membership.community_id)).where(col(Membership.person_id) == person)
    # Nothing that is being handled there may still show the person after this.
    for community in session.exec(own.order_by(col(Membership.community_id))).all():
        locks.serialise(session, community)
    quotes.delete_quoting_drafts(session, [*_written(session, person), *_names(session, person)])
    post_subjects.take_out(session, person)
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
    """Remove the person's name from what they shared in a community; with `delete_too`, delete what they wrote there.

    The membership itself stays; without `delete_too`, so does what only they can read. Rows that must stay but cannot
    do without a person get a new one called `nameless`.
    """
    session.flush()
    post_subjects.take_out(session, person, community)
    take_back_unsent(session, col(Outgoing.community_id) == community, person)
    if delete_too:
        remnants.truncate_after_commit(session)
        quotes.delete_quoting_drafts(session, _written(session, person, community))
        # Half-finished forms don't say which community they are for.
        drafts.drop_all(session, person)
        blank_sent(session, col(Outgoing.community_id) == community)
    someone = Someone(session, nameless)
    for table, column in foreign_keys.to_people():
        declared = policy(column)
        where = foreign_keys.within(table, community)
        # What only the person reads stays theirs, unless they have what they wrote deleted too.
        stays = declared.leave is ErasureAction.KEEP and not (delete_too and declared.written)
        if where is None or stays:
            continue
        where = where & (column == person)
        if declared.own and not delete_too:
            name, value = declared.own
            where = where & (table.c[name] != value)
        _apply_erasure(session, table, column, declared.forget if delete_too else declared.leave, where, someone)
    session.expire_all()


def _names(session: Session, person: int) -> list[str]:
    """Return what the person and each of their accounts are called, and a mention of each account."""
    row = people.get(session, person)
    accounts = [text for each in people.accounts(session, person) for text in (each.name, each.external)]
    return [row.name if row else "", *accounts]


def _written(session: Session, person: int, community: int | None = None) -> Iterator[str]:
    """Yield what the person wrote in rows that are deleted with them, in a community or, with None, anywhere."""
    for table, column in foreign_keys.to_people():
        where = foreign_keys.within(table, community) if community else true()
        words = policy(column).words if policy(column).forget is ErasureAction.DELETE else ()
        if words and where is not None:
            for row in foreign_keys.rows(session, table, where & (column == person)):
                # Several answers are in one text, as JSON.
                yield from (text for name in words if row[name] for text in quotes.strings(row[name]))


def blank_sent(session: Session, where: ColumnElement[bool]) -> None:
    """Empty our copies of delivered messages, which may quote people. We only still need to know where they are."""
    sent = update(Outgoing).where(col(Outgoing.state) == SENT, where)
    session.connection().execute(sent.values(message=NO_WORDS))


def take_back_unsent(session: Session, where: ColumnElement[bool], person: int) -> None:
    """Give up undelivered messages that name the person, or have a file attached, which may name them."""
    names = [f"](person:{person})", *(f"](account:{a.external})" for a in people.accounts(session, person))]
    for row in session.exec(select(Outgoing).where(col(Outgoing.state) != SENT, where)).all():
        if FILE in row.message or any(name in row.message for name in names):
            if row.receipt:
                row.message, row.must_redraw, row.version = NO_WORDS, True, row.version + 1
            else:
                session.delete(row)
    session.flush()


class Someone:
    """A person without accounts, for rows whose name was removed. Created only when `id` is first needed."""

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
    action: ErasureAction,
    where: ColumnElement[bool],
    someone: Someone,
) -> None:
    if action is ErasureAction.DELETE:
        foreign_keys.remove(session, table, where)
    elif action is ErasureAction.UNNAME and foreign_keys.rows(session, table, where):
        replacement = None if column.nullable else someone.id
        session.connection().execute(update(table).where(where).values({column: replacement}))
