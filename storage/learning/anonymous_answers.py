"""Answers of which nobody can tell who wrote them, not even whoever holds the database, its log and its backups.

An answer has no person and no time. Who was asked is saved when the round opens, in rows that are as long before they
are changed as after. They are changed for several people at once (`bot.core.anonymity`), never in the transaction of an
answer. When the round closes, the answers move to another table, all at once and in the order of their random keys, so
that nothing ties two of one person together, and it is forgotten who was asked.

A table tells the order in which it was written, whatever its keys. So what is written while a round is open is kept
apart, and left out of backups: two of them, a day apart, would show a lone answer.
"""

import json
import secrets
from collections.abc import Collection, Mapping, Sequence

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, delete, func, select, update

from storage.database import remnants
from storage.database.personal import DELETE, personal, unattributed
from storage.learning.rounds import Round, Value

# Fewer answers than this are read by nobody, and so many people have to be asked.
FEWEST = 5
# The question of a row that only counts one person.
COUNTED = ""


class OpenAnswer(SQLModel, table=True):
    """One person's answer to one question of a round that is open, read by nobody. Key: `key`, which is random."""

    __table_args__ = ({"sqlite_with_rowid": False, **unattributed(in_backups=False)},)
    key: str = Field(primary_key=True)
    round_id: int = Field(foreign_key="round.id", index=True)
    question: str  # its key, or COUNTED
    value: str  # JSON, as a response holds it


class AnonymousAnswer(SQLModel, table=True):
    """One person's answer to one question of a round that is closed. Key: `key`, which is random.

    Deleted some months after the season of its round (`storage.privacy.retention`).
    """

    __table_args__ = ({"sqlite_with_rowid": False, **unattributed(aged_by=("round_id", "closed_at"))},)
    key: str = Field(primary_key=True)
    round_id: int = Field(foreign_key="round.id", index=True)
    question: str
    value: str


class AskedAnonymously(SQLModel, table=True):
    """Somebody who was asked in an anonymous round. Key: round and person. Deleted when the round closes."""

    __table_args__ = (UniqueConstraint("round_id", "person_id"), unattributed(in_backups=False))
    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id")
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=DELETE),
    )
    has_answered: bool = False


def subject(round: Round) -> str:
    """Return what a round is called where it is kept in memory who has answered (`bot.core.anonymity`)."""
    return f"round {round.id}"


def ask(session: Session, round: int, people: Sequence[int]) -> None:
    """Save who is asked, when a round opens."""
    session.add_all(AskedAnonymously(round_id=round, person_id=person) for person in sorted(people))
    session.flush()


def asked(session: Session, round: int) -> Mapping[int, bool]:
    """Return who was asked, and whether it is known that they have answered."""
    rows = session.exec(select(AskedAnonymously).where(AskedAnonymously.round_id == round)).all()
    return {row.person_id: row.has_answered for row in rows}


def save(session: Session, round: int, answers: Mapping[str, Value]) -> None:
    """Save one person's answers, in a transaction that saves nothing else."""
    for question, value in {COUNTED: "", **answers}.items():
        text = json.dumps(value, ensure_ascii=False)
        session.add(OpenAnswer(key=secrets.token_hex(16), round_id=round, question=question, value=text))
    session.flush()
    remnants.truncate_after_commit(session)


def mark_answered(session: Session, round: int, people: Sequence[int]) -> None:
    """Save that these people have answered; several at once, so that it is not known who wrote what."""
    session.exec(
        update(AskedAnonymously)
        .where(col(AskedAnonymously.round_id) == round, col(AskedAnonymously.person_id).in_(people))
        .values(has_answered=True)
    )
    remnants.truncate_after_commit(session)


def count(session: Session, round: int) -> int:
    """Return how many people have answered a round that is open."""
    query = select(func.count()).select_from(OpenAnswer)
    return session.exec(query.where(OpenAnswer.round_id == round, OpenAnswer.question == COUNTED)).one()


def seal(session: Session, round: Round) -> int:
    """Make the answers of a round that closes readable, and forget who was asked. Returns how many people answered.

    Fewer than FEWEST are deleted instead.
    """
    assert round.id is not None
    round.anonymous_count = count(session, round.id)
    columns = (col(OpenAnswer.key), col(OpenAnswer.question), col(OpenAnswer.value))
    given = select(*columns).where(OpenAnswer.round_id == round.id, OpenAnswer.question != COUNTED)
    if round.anonymous_count >= FEWEST:
        session.add_all(
            AnonymousAnswer(key=key, round_id=round.id, question=question, value=value)
            for key, question, value in sorted(map(tuple, session.execute(given).all()))
        )
    session.exec(delete(OpenAnswer).where(col(OpenAnswer.round_id) == round.id))
    session.exec(delete(AskedAnonymously).where(col(AskedAnonymously.round_id) == round.id))
    session.flush()
    remnants.rewrite_after_commit(session, OpenAnswer, AskedAnonymously)
    return round.anonymous_count


def of_round(session: Session, round: int) -> Mapping[str, Sequence[Value]]:
    """Return the answers of a round that is closed, by question, each in the order of the random keys."""
    return of_rounds(session, [round]).get(round, {})


def of_rounds(session: Session, rounds: Collection[int]) -> Mapping[int, Mapping[str, Sequence[Value]]]:
    """Return the answers of rounds that are closed, by round and question, each in the order of the random keys."""
    found = dict[int, dict[str, list[Value]]]()
    query = select(AnonymousAnswer).where(col(AnonymousAnswer.round_id).in_(rounds)).order_by(col(AnonymousAnswer.key))
    for row in session.exec(query):
        value = json.loads(row.value)
        by_question = found.setdefault(row.round_id, {})
        by_question.setdefault(row.question, []).append(tuple(value) if isinstance(value, list) else value)
    return found
