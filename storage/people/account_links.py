"""Account links: two people with accounts on different platforms become one, and can become two again for a while.

Merging writes down what came from whom. Undoing gives back what is still there, as it is by then: what was deleted
stays deleted, and what was written since stays with the person who remained.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Date, Table, insert, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, select
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.database import foreign_keys
from storage.database.personal import DELETE, KEEP, personal
from storage.people import link_codes, people
from storage.people.people import Account, Membership

# How long linking can be undone.
UNDOABLE = timedelta(days=7)

# What moved: ids by column and table.
Moved = dict[str, dict[str, list[int]]]


class AccountLink(SQLModel, table=True):
    """Two people who became one. Key: `id`.

    `person_id` is who remained, `other` the row of the person who was merged into them, and `moved` what came from
    that person; both are JSON. Deleted when the linking is undone, when it no longer can be
    (`storage.privacy.retention`), and with the person.
    """

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=KEEP, label="linked accounts"),
    )
    linked_at: datetime
    other: str
    moved: str


class ReplacedRow(SQLModel, table=True):
    """A row that linking replaced, because one person can have only one such row. Key: `id`.

    `before` is the row as it was and `after` what it became, as JSON; "": it was deleted. Deleted with its link, and
    when the person leaves the community.
    """

    id: int | None = Field(default=None, primary_key=True)
    link_id: int = Field(foreign_key="accountlink.id", index=True)
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(
            forget=DELETE, leave=DELETE, label="copies of what linking replaced", words=("before",)
        ),
    )
    community_id: int | None = Field(default=None, foreign_key="community.id", index=True)
    table_name: str
    before: str
    after: str = ""


def key(row: AccountLink) -> int:
    assert row.id is not None
    return row.id


def shared_platforms(session: Session, one: int, other: int) -> list[str]:
    """Return the platforms on which both people have an account: they can't be linked."""
    return sorted(_platforms(session, one) & _platforms(session, other))


def _platforms(session: Session, person: int) -> set[str]:
    return {account.platform for account in people.accounts(session, person)}


def merge(session: Session, merged: int, stays: int, now: datetime) -> AccountLink:
    """Merge two people: give every row of `merged` to `stays`, delete `merged`, and write down how to undo it.

    Where a unique constraint allows only one row (an answer to the same question), that of `stays` is kept and the
    other deleted.
    """
    session.flush()
    link_codes.delete_of(session, merged, stays)
    persons = SQLModel.metadata.tables["person"]
    [other] = foreign_keys.rows(session, persons, persons.c.id == merged)
    link = AccountLink(person_id=stays, linked_at=now, other=_dump(other), moved="{}")
    session.add(link)
    session.flush()
    _merge_memberships(session, link, merged, stays)
    session.flush()
    moved: Moved = defaultdict(dict)
    for table, column in foreign_keys.to_people():
        if ids := _hand_over(session, link, table, column, merged, stays):
            moved[table.name][column.name] = ids
    link.moved = json.dumps(moved)
    session.flush()
    foreign_keys.remove(session, persons, persons.c.id == merged)
    session.expire_all()
    return link


def undoable(session: Session, person: int, now: datetime) -> Sequence[AccountLink]:
    """Return the links of a person that can still be undone, newest first."""
    return session.exec(
        select(AccountLink)
        .where(AccountLink.person_id == person, AccountLink.linked_at > now - UNDOABLE)
        .order_by(col(AccountLink.id).desc())
    ).all()


def accounts_of(session: Session, link: AccountLink) -> Sequence[Account]:
    """Return the accounts that this link brought, as far as they are still the person's."""
    ids = json.loads(link.moved).get("account", {}).get("person_id", [])
    return session.exec(
        select(Account)
        .where(col(Account.id).in_(ids), Account.person_id == link.person_id)
        .order_by(col(Account.seen_at).desc().nulls_last(), col(Account.id))
    ).all()


def undo(session: Session, link: AccountLink) -> int:
    """Make two people of one again, and return the id of the one who is back. `accounts_of` must not be empty."""
    session.flush()
    link_codes.delete_of(session, link.person_id)
    persons = SQLModel.metadata.tables["person"]
    other = _load(persons, link.other)
    session.connection().execute(insert(persons).values(other))
    moved: Moved = json.loads(link.moved)
    for table, column in foreign_keys.to_people():
        if ids := moved.get(table.name, {}).get(column.name):
            theirs = foreign_keys.key(table).in_(ids) & (column == link.person_id)
            session.connection().execute(update(table).where(theirs).values({column: other["id"]}))
    replaced = select(ReplacedRow).where(ReplacedRow.link_id == link.id).order_by(col(ReplacedRow.id))
    for row in session.exec(replaced).all():
        _put_back(session, row)
    links = SQLModel.metadata.tables["accountlink"]
    foreign_keys.remove(session, links, links.c.id == link.id)
    session.expire_all()
    id = other["id"]
    assert isinstance(id, int)
    return id


def _put_back(session: Session, row: ReplacedRow) -> None:
    """Give a row the values it had, save those that were changed since; add it anew if linking deleted it."""
    table = SQLModel.metadata.tables[row.table_name]
    before = _load(table, row.before)
    this = foreign_keys.key(table) == before[foreign_keys.key(table).name]
    if not row.after:
        try:
            with session.begin_nested():
                session.connection().execute(insert(table).values(before))
        except IntegrityError:
            # What it belonged to has been deleted since.
            pass
        return
    after = _load(table, row.after)
    for current in foreign_keys.rows(session, table, this):
        if values := {name: value for name, value in before.items() if current[name] == after[name] != value}:
            session.connection().execute(update(table).where(this).values(values))


def _merge_memberships(session: Session, link: AccountLink, merged: int, stays: int) -> None:
    """Merge the memberships of communities that both belong to.

    The result has the higher role and the earlier date of joining, and counts as left only if both left. What one of
    them turned off, or did not allow, stays so.
    """
    for theirs in session.exec(select(Membership).where(Membership.person_id == merged)).all():
        mine = people.membership(session, theirs.community_id, stays)
        if mine is None:
            continue
        before = mine.model_dump()
        # A facilitator removed the person, whichever account they used: linking another one is no way back in.
        removed_at = mine.removed_at or theirs.removed_at
        current = [] if removed_at else [row for row in (mine, theirs) if row.left_at is None]
        joined = [row.joined_at for row in current or (mine, theirs) if row.joined_at]
        facilitates = any(people.does_facilitate(row) for row in current)
        mine.role = max((row.role for row in current or (mine, theirs)), default=1) if not removed_at else 1
        mine.facilitates = facilitates and mine.role > people.FACILITATOR
        mine.visible = mine.visible and theirs.visible
        mine.joined_at = min(joined, default=None)
        mine.left_at = None if current else mine.left_at or theirs.left_at
        mine.removed_at = removed_at
        mine.removal_reason = mine.removal_reason or theirs.removal_reason
        mine.declined_at = mine.declined_at or theirs.declined_at
        mine.requested_at = None if current else mine.requested_at or theirs.requested_at
        mine.invited_at = None if current else mine.invited_at or theirs.invited_at
        mine.role_group = mine.role_group or theirs.role_group
        if not mine.organization:
            mine.organization, mine.organization_confirmed = theirs.organization, theirs.organization_confirmed
        mine.nudges, mine.reminders = mine.nudges and theirs.nudges, mine.reminders and theirs.reminders
        mine.remind_open, mine.remind_last = (
            mine.remind_open and theirs.remind_open,
            mine.remind_last and theirs.remind_last,
        )
        mine.shows_attendance = mine.shows_attendance and theirs.shows_attendance
        _write_down(session, link, "membership", mine.community_id, before, mine.model_dump())
        _write_down(session, link, "membership", mine.community_id, theirs.model_dump())
        session.delete(theirs)


def _hand_over(
    session: Session, link: AccountLink, table: Table, column: Column[int], merged: int, stays: int
) -> list[int]:
    """Point rows from `merged` to `stays`, and delete those that a unique constraint does not allow beside theirs.

    Returns the keys of the rows that moved.
    """
    moved = []
    for row in foreign_keys.rows(session, table, column == merged):
        id = row[foreign_keys.key(table).name]
        this = foreign_keys.key(table) == id
        for others in foreign_keys.rivals(table, column):
            same = column == stays
            for other in others:
                same = same & (other == row[other.name])
            if foreign_keys.rows(session, table, same):
                _write_down(session, link, table.name, foreign_keys.community_of(session, table, row), row)
                foreign_keys.remove(session, table, this)
                break
        else:
            session.connection().execute(update(table).where(this).values({column: stays}))
            moved.append(id)
    return moved


def _write_down(
    session: Session,
    link: AccountLink,
    table: str,
    community: int | None,
    before: Mapping[str, Any],
    after: Mapping[str, Any] | None = None,
) -> None:
    row = ReplacedRow(
        link_id=key(link),
        person_id=link.person_id,
        community_id=community,
        table_name=table,
        before=_dump(before),
        after=_dump(after) if after else "",
    )
    session.add(row)
    session.flush()


def _dump(row: Mapping[str, Any]) -> str:
    return json.dumps(row, default=lambda moment: moment.isoformat(), ensure_ascii=False)


def _load(table: Table, row: str) -> dict[str, Any]:
    return {name: _read(table.c[name], value) for name, value in json.loads(row).items()}


def _read(column: Column[Any], value: Any) -> Any:
    match column.type:
        case UTCDateTime() if value is not None:
            return datetime.fromisoformat(value)
        case Date() if value is not None:
            return date.fromisoformat(value)
    return value
