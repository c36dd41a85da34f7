"""Prompts: which were asked already, and which a facilitator queued."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from storage.database.personal import UNNAME, personal
from storage.learning.rounds import Round


class QueuedPrompt(SQLModel, table=True):
    """A prompt that a facilitator queued, to be asked before what the rotation would choose.

    Key: `id`. Deleted when it is asked, or taken out of the queue.
    """

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    # The prompt's id in the bank. "": `text` is a facilitator's own.
    prompt_id: str = ""
    text: str = ""
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=UNNAME, leave=UNNAME, label="prompts put in line"),
    )
    at: datetime


def used(session: Session, community: int) -> Sequence[Round]:
    """Return every round that asked a prompt from the bank, oldest first."""
    return session.exec(
        select(Round).where(Round.community_id == community, Round.prompt_id != "").order_by(col(Round.id))
    ).all()


def queue(session: Session, community: int, person: int, now: datetime, *, prompt_id: str = "", text: str = "") -> None:
    session.add(QueuedPrompt(community_id=community, person_id=person, prompt_id=prompt_id, text=text, at=now))
    session.flush()


def queued(session: Session, community: int) -> Sequence[QueuedPrompt]:
    return session.exec(
        select(QueuedPrompt).where(QueuedPrompt.community_id == community).order_by(col(QueuedPrompt.id))
    ).all()


def get_queued(session: Session, community: int, id: int) -> QueuedPrompt | None:
    return session.exec(
        select(QueuedPrompt).where(QueuedPrompt.id == id, QueuedPrompt.community_id == community)
    ).first()
