"""Prompts of a community's own: proposed by its members, who vote for them, and approved or written by facilitators.

A round that asks one keeps its words, whatever becomes of the prompt.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, delete, func, select

from storage.database.personal import DELETE, UNNAME, personal


class CommunityPrompt(SQLModel, table=True):
    """A prompt that a member proposed, or that a community has approved. Key: `id`.

    Deleted when it is taken back, declined, or a facilitator deletes it.
    """

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    # None: they left, or had their data deleted.
    person_id: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=UNNAME, leave=UNNAME, label="prompts proposed"),
    )
    text: str
    # Words that an answer may begin with, or "".
    starter: str = ""
    # One of the bank's categories, and how deep it goes, from 1 to 4. "" and 0 until it is approved.
    category: str = ""
    depth: int = 0
    written_at: datetime
    # None: it is a proposal.
    approved_at: datetime | None = None


class PromptVote(SQLModel, table=True):
    """That a member would like to be asked a proposed prompt. Key: prompt and person."""

    __table_args__ = (UniqueConstraint("prompt_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    prompt_id: int = Field(foreign_key="communityprompt.id")
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=DELETE, label="votes for prompts"),
    )


def key(row: CommunityPrompt) -> int:
    assert row.id is not None
    return row.id


def add(
    session: Session, community: int, person: int, text: str, starter: str, now: datetime, *, is_approved: bool = False
) -> CommunityPrompt:
    row = CommunityPrompt(
        community_id=community,
        person_id=person,
        text=text,
        starter=starter,
        written_at=now,
        approved_at=now if is_approved else None,
    )
    session.add(row)
    session.flush()
    return row


def get(session: Session, community: int, id: int) -> CommunityPrompt | None:
    query = select(CommunityPrompt).where(CommunityPrompt.id == id, CommunityPrompt.community_id == community)
    return session.exec(query).first()


def every(session: Session, community: int) -> Sequence[CommunityPrompt]:
    """Return proposals and approved prompts, oldest first."""
    query = select(CommunityPrompt).where(CommunityPrompt.community_id == community)
    return session.exec(query.order_by(col(CommunityPrompt.id))).all()


def proposed(session: Session, community: int) -> Sequence[tuple[CommunityPrompt, int]]:
    """Return the proposals with their votes, those with the most first."""
    return [(row, n) for row, n in _with_votes(session, community) if row.approved_at is None]


def approved(session: Session, community: int) -> Sequence[CommunityPrompt]:
    """Return what the community has approved, those that had the most votes first."""
    return [row for row, _n in _with_votes(session, community) if row.approved_at is not None]


def _with_votes(session: Session, community: int) -> Sequence[tuple[CommunityPrompt, int]]:
    counted: Mapping[int, int] = dict(
        session.exec(
            select(PromptVote.prompt_id, func.count())
            .join(CommunityPrompt, col(CommunityPrompt.id) == PromptVote.prompt_id)
            .where(CommunityPrompt.community_id == community)
            .group_by(col(PromptVote.prompt_id))
        ).all()
    )
    rows = [(row, counted.get(key(row), 0)) for row in every(session, community)]
    return sorted(rows, key=lambda pair: -pair[1])


def votes(session: Session, id: int) -> int:
    return session.exec(select(func.count()).select_from(PromptVote).where(PromptVote.prompt_id == id)).one()


def voted_for(session: Session, community: int, person: int) -> frozenset[int]:
    """Return the prompts that somebody has voted for."""
    query = select(PromptVote.prompt_id).join(CommunityPrompt, col(CommunityPrompt.id) == PromptVote.prompt_id)
    return frozenset(
        session.exec(query.where(CommunityPrompt.community_id == community, PromptVote.person_id == person))
    )


def vote(session: Session, id: int, person: int) -> bool:
    """Save the person's vote. Returns False if they had voted already."""
    if _vote_of(session, id, person):
        return False
    session.add(PromptVote(prompt_id=id, person_id=person))
    session.flush()
    return True


def take_vote_back(session: Session, id: int, person: int) -> bool:
    """Delete the person's vote. Returns whether there was one."""
    row = _vote_of(session, id, person)
    if row:
        session.delete(row)
        session.flush()
    return row is not None


def _vote_of(session: Session, id: int, person: int) -> PromptVote | None:
    return session.exec(select(PromptVote).where(PromptVote.prompt_id == id, PromptVote.person_id == person)).first()


def drop_votes(session: Session, id: int) -> None:
    session.exec(delete(PromptVote).where(col(PromptVote.prompt_id) == id))


def remove(session: Session, row: CommunityPrompt) -> None:
    """Delete a prompt with its votes. Rounds that asked it keep its words."""
    drop_votes(session, key(row))
    session.delete(row)
    session.flush()
