"""Prompts: which were asked, and those that a facilitator put in line."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from storage.database.personal import UNNAME, personal
from storage.learning.rounds import Round


class QueuedPrompt(SQLModel, table=True):
    """A prompt that a facilitator put in line before the rotation's own choice."""

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    prompt_id: str = ""
    text: str = ""  # a facilitator's own words
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=UNNAME, leave=UNNAME, label="prompts put in line"),
    )
    at: datetime


def used(session: Session, community: int) -> Sequence[Round]:
    """Every round that asked a prompt of the bank, oldest first."""
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
