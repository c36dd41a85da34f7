"""Which direct message to the bot became which answer, so that an edit of the message changes the answer.

The words themselves are in the answer, and until the person has said that it is one, in a draft.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, delete, select

from storage.database.personal import DELETE, personal


class AnswerMessage(SQLModel, table=True):
    """A direct message that is an answer, or may become one. Key: platform and `message`.

    Deleted when the person says that it is no answer, when they delete the message, and by `storage.privacy.retention`
    once an answer can no longer change.
    """

    __table_args__ = (UniqueConstraint("platform", "message"),)
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True, sa_column_kwargs=personal(forget=DELETE, leave=DELETE))
    platform: str
    message: str  # the platform's id of it
    # The question that it answers. None: the person has not said so yet.
    round_id: int | None = Field(default=None, foreign_key="round.id", index=True)
    # When the answer got its words from this message. An answer that was given later has them from elsewhere.
    given_at: datetime | None = None
    written_at: datetime = Field(index=True)
    # When the message was last edited, by the platform's clock.
    edited_at: datetime | None = None


def add(session: Session, person: int, platform: str, message: str, now: datetime) -> AnswerMessage:
    """Return the row of a message, created if needed."""
    row = find(session, platform, message)
    if row is None:
        row = AnswerMessage(person_id=person, platform=platform, message=message, written_at=now)
        session.add(row)
        session.flush()
    return row


def find(session: Session, platform: str, message: str) -> AnswerMessage | None:
    return session.exec(
        select(AnswerMessage).where(AnswerMessage.platform == platform, AnswerMessage.message == message)
    ).first()


def get(session: Session, id: int) -> AnswerMessage | None:
    return session.get(AnswerMessage, id)


def owned(session: Session, person: int, id: int) -> AnswerMessage | None:
    """Return the row with this id, if it is this person's."""
    row = session.get(AnswerMessage, id)
    return row if row and row.person_id == person else None


def drop_undecided(session: Session, person: int, but: Sequence[int] = ()) -> None:
    """Delete the rows of the person's messages that are no answer yet."""
    undecided = delete(AnswerMessage).where(
        col(AnswerMessage.person_id) == person, col(AnswerMessage.round_id).is_(None), col(AnswerMessage.id).not_in(but)
    )
    session.exec(undecided)


def key(row: AnswerMessage) -> int:
    assert row.id is not None
    return row.id
