"""Rounds: questions put to a community, and what its members answered."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, func, select

from storage.database.personal import DELETE, UNNAME, personal

CHECKIN, REFLECTION = "checkin", "reflection"
GROUP, FACILITATORS, ME = "group", "facilitators", "me"  # who may read an answer


class Round(SQLModel, table=True):
    """One question, from its opening to its summary: a check-in or a reflection prompt."""

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    kind: str
    question: str
    starter: str = ""  # a way to begin an answer
    prompt_id: str = ""  # of the bank; "" for a facilitator's own words
    category: str = ""  # of that prompt
    minutes: int = 3
    private: bool = False  # answers are for their writer alone unless they choose otherwise
    # None: the bot, by its rhythm.
    opened_by: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=UNNAME, leave=UNNAME, label="questions opened"),
    )
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None = None
    themes: str = ""  # what a facilitator wove from the answers


class Answer(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("round_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id")
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(
            forget=DELETE, leave=UNNAME, label="answers", written="written_at", own=("audience", "me")
        ),
    )
    body: str
    mood: int = 0  # 1 to 5 in a check-in; 0 not said
    audience: str = GROUP
    skipped: bool = False  # chose to let this one pass: counts as heard, is never shown
    written_at: datetime
    edited_at: datetime | None = None


def open_round(
    session: Session,
    community: int,
    kind: str,
    question: str,
    *,
    now: datetime,
    closes_at: datetime,
    starter: str = "",
    prompt_id: str = "",
    category: str = "",
    minutes: int = 3,
    private: bool = False,
    opened_by: int | None = None,
) -> Round:
    """A new round; the caller wakes `rounds.opened` with its id to put it before the community."""
    row = Round(
        community_id=community,
        kind=kind,
        question=question,
        starter=starter,
        prompt_id=prompt_id,
        category=category,
        minutes=minutes,
        private=private,
        opened_by=opened_by,
        opened_at=now,
        closes_at=closes_at,
    )
    session.add(row)
    session.flush()
    return row


def get(session: Session, community: int, id: int) -> Round | None:
    return session.exec(select(Round).where(Round.id == id, Round.community_id == community)).first()


def open_in(session: Session, community: int, kind: str = "") -> Sequence[Round]:
    """Rounds that are open now, newest first."""
    query = select(Round).where(Round.community_id == community, col(Round.closed_at).is_(None))
    if kind:
        query = query.where(Round.kind == kind)
    return session.exec(query.order_by(col(Round.id).desc())).all()


def latest(session: Session, community: int, kind: str) -> Round | None:
    return session.exec(
        select(Round).where(Round.community_id == community, Round.kind == kind).order_by(col(Round.id).desc())
    ).first()


def recent(session: Session, community: int, kind: str, limit: int) -> Sequence[Round]:
    return session.exec(
        select(Round)
        .where(Round.community_id == community, Round.kind == kind)
        .order_by(col(Round.id).desc())
        .limit(limit)
    ).all()


def answer_of(session: Session, round: int, person: int) -> Answer | None:
    return session.exec(select(Answer).where(Answer.round_id == round, Answer.person_id == person)).first()


def save_answer(
    session: Session,
    round: int,
    person: int,
    *,
    body: str,
    mood: int,
    audience: str,
    now: datetime,
    skipped: bool = False,
) -> Answer:
    """The person's one answer to the round, new or changed."""
    row = answer_of(session, round, person)
    if row is None:
        row = Answer(round_id=round, person_id=person, body=body, written_at=now)
        session.add(row)
    elif row.body != body:
        row.edited_at = now
    row.body, row.mood, row.audience, row.skipped = body, mood, audience, skipped
    session.flush()
    return row


def withdraw(session: Session, round: int, person: int) -> bool:
    """Delete the person's answer; nothing of it is kept."""
    row = answer_of(session, round, person)
    if row:
        session.delete(row)
        session.flush()
    return row is not None


def answers(session: Session, round: int, audiences: Sequence[str]) -> Sequence[Answer]:
    """What was said to these audiences, in the order it was written."""
    return session.exec(
        select(Answer)
        .where(Answer.round_id == round, col(Answer.audience).in_(audiences), col(Answer.skipped).is_(False))
        .order_by(col(Answer.written_at), col(Answer.id))
    ).all()


def answer_count(session: Session, round: int) -> int:
    """How many have answered, to whatever audience."""
    return session.exec(
        select(func.count()).select_from(Answer).where(Answer.round_id == round, col(Answer.skipped).is_(False))
    ).one()


def respondents(session: Session, round: int) -> frozenset[int]:
    """Who has answered or let it pass."""
    return frozenset(session.exec(select(col(Answer.person_id)).where(Answer.round_id == round)).all())


def unanswered(session: Session, person: int, communities: Sequence[int]) -> Sequence[Round]:
    """Open rounds of these communities that the person has neither answered nor let pass, soonest to close first."""
    mine = select(Answer.round_id).where(Answer.person_id == person)
    return session.exec(
        select(Round)
        .where(col(Round.community_id).in_(communities), col(Round.closed_at).is_(None), col(Round.id).not_in(mine))
        .order_by(col(Round.closes_at), col(Round.id))
    ).all()
