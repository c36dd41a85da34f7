"""Links accounts on several platforms to one person: a one-time code proves it, then the two people are merged."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Column, Table, update
from sqlmodel import Field, Session, SQLModel, col, delete, select

from storage.database import foreign_keys
from storage.database.personal import DELETE, KEEP, personal
from storage.people import people
from storage.people.people import Membership

VALID = timedelta(minutes=15)
MOST_WRONG = 5


class LinkCode(SQLModel, table=True):
    """A person's one-time code, and how many wrong ones they typed. Key: the person.

    The code itself is never stored, only its SHA-256 hash. Merging deletes the rows of both people, and
    `storage.privacy.retention` deletes a row a day after it stopped mattering.
    """

    person_id: int = Field(
        primary_key=True,
        foreign_key="person.id",
        sa_column_kwargs=personal(forget=DELETE, leave=KEEP),
    )
    hashed: str = Field(default="", index=True)
    until: datetime | None = None
    wrong: int = 0
    # When the wrong codes no longer count.
    wrong_until: datetime | None = None


def hashed(code: str) -> str:
    """Return the hash of a code, in which case, spaces and hyphens do not matter."""
    return sha256("".join(c for c in code.upper() if c.isalnum()).encode()).hexdigest()


def _row(session: Session, person: int) -> LinkCode:
    row = session.get(LinkCode, person)
    if row is None:
        row = LinkCode(person_id=person)
        session.add(row)
    return row


def keep_code(session: Session, person: int, code: str, now: datetime) -> datetime:
    """Give the person a code that replaces any earlier one. Returns when it expires."""
    row = _row(session, person)
    row.hashed, row.until = hashed(code), now + VALID
    session.flush()
    return row.until


def owner(session: Session, code: str, now: datetime) -> int | None:
    """Return the id of the person whose code this is, or None if it does not exist or has expired."""
    return session.exec(
        select(LinkCode.person_id).where(LinkCode.hashed == hashed(code), col(LinkCode.until) > now)
    ).first()


def must_wait(session: Session, person: int, now: datetime) -> datetime | None:
    """Return until when a person who typed too many wrong codes must wait; None if they need not."""
    row = session.get(LinkCode, person)
    if row and row.wrong >= MOST_WRONG and row.wrong_until and row.wrong_until > now:
        return row.wrong_until
    return None


def count_wrong(session: Session, person: int, now: datetime) -> int:
    """Count a wrong code. Returns how many more the person may try now."""
    row = _row(session, person)
    if row.wrong_until is None or row.wrong_until <= now:
        row.wrong = 0
    row.wrong, row.wrong_until = row.wrong + 1, now + VALID
    session.flush()
    return max(0, MOST_WRONG - row.wrong)


def merge(session: Session, merged: int, stays: int) -> None:
    """Merge two people: give every row of `merged` to `stays`, then delete `merged`.

    Where a unique constraint allows only one row (an answer to the same question), that of `stays` is kept and the
    other deleted.
    """
    session.exec(delete(LinkCode).where(col(LinkCode.person_id).in_((merged, stays))))
    _merge_memberships(session, merged, stays)
    session.flush()
    for table, column in foreign_keys.to_people():
        _hand_over(session, table, column, merged, stays)
    table = SQLModel.metadata.tables["person"]
    foreign_keys.remove(session, table, table.c.id == merged)
    session.expire_all()


def _merge_memberships(session: Session, merged: int, stays: int) -> None:
    """Merge the memberships of communities that both belong to.

    The result has the higher role and the earlier date of joining, and counts as left only if both left. What one of
    them turned off, or did not allow, stays so.
    """
    for theirs in session.exec(select(Membership).where(Membership.person_id == merged)).all():
        mine = people.membership(session, theirs.community_id, stays)
        if mine is None:
            continue
        current = [row for row in (mine, theirs) if row.left_at is None]
        joined = [row.joined_at for row in current or (mine, theirs) if row.joined_at]
        facilitates = any(people.does_facilitate(row) for row in current)
        mine.role = max(row.role for row in current or (mine, theirs))
        mine.facilitates = facilitates and mine.role > people.FACILITATOR
        mine.visible = mine.visible and theirs.visible
        mine.joined_at = min(joined, default=None)
        mine.left_at = None if current else mine.left_at
        mine.role_group = mine.role_group or theirs.role_group
        mine.organization = mine.organization or theirs.organization
        mine.nudges, mine.reminders = mine.nudges and theirs.nudges, mine.reminders and theirs.reminders
        mine.remind_open, mine.remind_last = (
            mine.remind_open and theirs.remind_open,
            mine.remind_last and theirs.remind_last,
        )
        mine.shows_attendance = mine.shows_attendance and theirs.shows_attendance
        session.delete(theirs)


def _hand_over(session: Session, table: Table, column: Column[int], merged: int, stays: int) -> None:
    """Point rows from `merged` to `stays`, and delete those that a unique constraint does not allow beside theirs."""
    for row in foreign_keys.rows(session, table, column == merged):
        this = foreign_keys.key(table) == row[foreign_keys.key(table).name]
        for others in foreign_keys.rivals(table, column):
            same = column == stays
            for other in others:
                same = same & (other == row[other.name])
            if foreign_keys.rows(session, table, same):
                foreign_keys.remove(session, table, this)
                break
        else:
            session.connection().execute(update(table).where(this).values({column: stays}))
