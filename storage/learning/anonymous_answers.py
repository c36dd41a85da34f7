"""Answers of which nobody can tell who wrote them, not even whoever holds the database, its log and its backups.

An answer has no person, no time, and nothing that ties it to the others of the same response. Who was asked is saved
when the round opens, in rows that are as long before they are changed as after. They are changed for several people at
once (`bot.core.anonymity`), never in the transaction of an answer. When the round closes, the answers are written anew
in the order of their random keys, and it is forgotten who was asked.

Tables that are written in the order of what happens tell that order, whatever their keys: so nothing is sorted at
writing, but all at once, at the close.
"""

import json
import secrets
from collections.abc import Mapping, Sequence

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, delete, select, update

from storage.database import remnants
from storage.database.personal import DELETE, personal
from storage.learning.rounds import Round, Value

# Fewer answers than this are read by nobody, and so many people have to be asked.
FEWEST = 5


class AnonymousAnswer(SQLModel, table=True):
    """One person's answer to one question. Key: `key`, which is random.

    Deleted with its round's other answers, some months after its season (`storage.privacy.retention`).
    """

    __table_args__ = ({"sqlite_with_rowid": False},)
    key: str = Field(primary_key=True)
    round_id: int = Field(foreign_key="round.id", index=True)
    question: str  # its key
    value: str  # JSON, as a response holds it


class AskedAnonymously(SQLModel, table=True):
    """Somebody who was asked in an anonymous round. Key: round and person. Deleted when the round closes."""

    __table_args__ = (UniqueConstraint("round_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id")
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=DELETE),
    )
    has_answered: bool = False


def ask(session: Session, round: int, people: Sequence[int]) -> None:
    """Save who is asked, when a round opens."""
    session.add_all(AskedAnonymously(round_id=round, person_id=person) for person in sorted(people))
    session.flush()


def asked(session: Session, round: int) -> Mapping[int, bool]:
    """Return who was asked, and whether it is known that they have answered."""
    rows = session.exec(select(AskedAnonymously).where(AskedAnonymously.round_id == round)).all()
    return {row.person_id: row.has_answered for row in rows}


def save(session: Session, round: int, answers: Mapping[str, Value]) -> None:
    """Save one person's answers, in a transaction that saves nothing else, and count them."""
    # Random, so that not even the order of the rows in this transaction tells which belong together with which.
    for question, value in sorted(answers.items(), key=lambda _each: secrets.randbits(64)):
        session.add(
            AnonymousAnswer(
                key=secrets.token_hex(16),
                round_id=round,
                question=question,
                value=json.dumps(value, ensure_ascii=False),
            )
        )
    counted = update(Round).where(col(Round.id) == round).values(anonymous_count=col(Round.anonymous_count) + 1)
    session.exec(counted)
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


def seal(session: Session, round: Round) -> int:
    """Make the answers of a round that closes readable, and forget who was asked. Returns how many people answered.

    Fewer than FEWEST are deleted instead.
    """
    assert round.id is not None
    session.refresh(round)
    enough = round.anonymous_count >= FEWEST
    columns = (col(AnonymousAnswer.key), col(AnonymousAnswer.question), col(AnonymousAnswer.value))
    kept = session.execute(select(*columns).where(AnonymousAnswer.round_id == round.id)).all() if enough else []
    session.exec(delete(AnonymousAnswer).where(col(AnonymousAnswer.round_id) == round.id))
    session.exec(delete(AskedAnonymously).where(col(AskedAnonymously.round_id) == round.id))
    session.add_all(
        AnonymousAnswer(key=key, round_id=round.id, question=question, value=value)
        for key, question, value in sorted(map(tuple, kept))
    )
    session.flush()
    remnants.rewrite_after_commit(session, AnonymousAnswer, AskedAnonymously)
    return round.anonymous_count


def of_round(session: Session, round: int) -> Mapping[str, Sequence[Value]]:
    """Return the answers of a round that is closed, by question, each in the order of the random keys."""
    found = dict[str, list[Value]]()
    query = select(AnonymousAnswer).where(AnonymousAnswer.round_id == round).order_by(col(AnonymousAnswer.key))
    for row in session.exec(query):
        value = json.loads(row.value)
        found.setdefault(row.question, []).append(tuple(value) if isinstance(value, list) else value)
    return found
