"""Prompts: which were asked already, and which a facilitator queued."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, and_, col, func, select

from storage.database.personal import UNNAME, personal
from storage.learning.rounds import Round
from storage.people.people import FACILITATOR, JOINED, Membership


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


def asked(session: Session, community: int, since: datetime) -> dict[str, datetime]:
    """Return which prompts members of this community were asked since then, by id, and when last.

    That includes what another community asked since the first of them joined it. Facilitators don't count there: who
    leads two communities reads a question twice, and is not asked it.
    """
    here, there = aliased(Membership), aliased(Membership)
    shared = (
        select(col(there.community_id).label("id"), func.min(there.joined_at).label("since"))
        .join(here, and_(col(here.person_id) == there.person_id, col(here.community_id) == community))
        .where(there.community_id != community, col(there.joined_at).is_not(None))
        .where(col(here.joined_at).is_not(None), col(here.left_at).is_(None), here.role < FACILITATOR)
        .group_by(col(there.community_id))
        .subquery()
    )
    of_prompts = (Round.prompt_id != "", Round.opened_at > since)
    found: dict[str, datetime] = {}
    mine = select(Round.prompt_id, Round.opened_at).where(Round.community_id == community, *of_prompts)
    theirs = (
        select(Round.prompt_id, Round.opened_at)
        .join(shared, shared.c.id == Round.community_id)
        .where(Round.closes_at > shared.c.since, *of_prompts)
    )
    for id, at in [*session.exec(mine), *session.exec(theirs)]:
        found[id] = max(at, found.get(id, at))
    return found


def roles(session: Session, community: int) -> dict[str, int]:
    """Return how many members say in which words what they do; "" for nothing."""
    query = select(Membership.role_group, func.count()).where(Membership.community_id == community, *JOINED)
    return dict(session.exec(query.group_by(col(Membership.role_group))).all())


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
