"""Rounds, each a question to a community, and the answers of its members."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, func, select

from storage.database.personal import DELETE, UNNAME, personal

CHECKIN, REFLECTION = "checkin", "reflection"
GROUP, FACILITATORS, ME = "group", "facilitators", "me"  # audiences


class Round(SQLModel, table=True):
    """One question, from opening to summary: a check-in or a reflection prompt. Key: `id`."""

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    kind: str
    question: str
    # Words that an answer may begin with.
    starter: str = ""
    # The prompt's id in the bank, and its category. "": the question is a facilitator's own.
    prompt_id: str = ""
    category: str = ""
    minutes: int = 3  # to answer it
    # Answers have the audience ME unless their writer chooses another.
    private: bool = False
    # None: the bot opened it by itself.
    opened_by: int | None = Field(
        default=None,
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=UNNAME, leave=UNNAME, label="questions opened"),
    )
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None = None
    # A facilitator's summary of the answers.
    themes: str = ""


class Answer(SQLModel, table=True):
    """What one member answered in a round, or that they skipped it. Key: round and person.

    Deleted when they withdraw it, and some months after its season (`storage.privacy.retention`).
    """

    __table_args__ = (UniqueConstraint("round_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id")
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(
            forget=DELETE, leave=UNNAME, label="answers", written="written_at", own=("audience", "me"), words=("body",)
        ),
    )
    body: str
    mood: int = 0  # 1 to 5 in a check-in; 0: not said
    audience: str = GROUP
    # A skip: counts as a response, and is never shown.
    skipped: bool = False
    written_at: datetime
    # When its words or its audience last changed.
    edited_at: datetime | None = None

    @property
    def given_at(self) -> datetime:
        """When the person gave these words to this audience."""
        return self.edited_at or self.written_at


# Every answer runs these queries, so they are built once.
WITH_ID = select(Round).where(Round.id == bindparam("id"), Round.community_id == bindparam("community"))
ANSWER_OF = select(Answer).where(Answer.round_id == bindparam("round"), Answer.person_id == bindparam("person"))
ANSWERED_BY = (
    select(col(Answer.person_id))
    .where(Answer.round_id == bindparam("round"), col(Answer.skipped).is_(False))
    .order_by(col(Answer.id))
)


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
    """Add a round. The caller posts it, by setting the timer `rounds.opened` with its id."""
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
    return session.exec(WITH_ID, params={"id": id, "community": community}).first()


def open_in(session: Session, community: int, kind: str = "") -> Sequence[Round]:
    """Return the rounds that are open, newest first; with `kind`, only those."""
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
    return session.exec(ANSWER_OF, params={"round": round, "person": person}).first()


def save_answer(
    session: Session,
    round: int,
    person: int,
    earlier: Answer | None,
    *,
    body: str,
    mood: int,
    audience: str,
    now: datetime,
    skipped: bool = False,
) -> Answer:
    """Save the person's answer to the round, in place of their `earlier` one, as `answer_of` returns it.

    New words or another audience set `edited_at`.
    """
    row = earlier
    if row is None:
        row = Answer(round_id=round, person_id=person, body=body, written_at=now)
        session.add(row)
    elif (row.body, row.audience) != (body, audience):
        row.edited_at = now
    row.body, row.mood, row.audience, row.skipped = body, mood, audience, skipped
    session.flush()
    return row


def withdraw(session: Session, round: int, person: int) -> bool:
    """Delete the person's answer. Returns whether there was one."""
    row = answer_of(session, round, person)
    if row:
        session.delete(row)
        session.flush()
    return row is not None


def answers(session: Session, round: int, audiences: Sequence[str]) -> Sequence[Answer]:
    """Return the answers to these audiences, without skips, in the order they were written."""
    return session.exec(
        select(Answer)
        .where(Answer.round_id == round, col(Answer.audience).in_(audiences), col(Answer.skipped).is_(False))
        .order_by(col(Answer.written_at), col(Answer.id))
    ).all()


def given_to_facilitators(session: Session, community: int) -> Sequence[datetime]:
    """Return when each answer to a community's facilitators was given."""
    rows = session.exec(
        select(Answer)
        .join(Round, col(Round.id) == Answer.round_id)
        .where(Round.community_id == community, Answer.audience == FACILITATORS, col(Answer.skipped).is_(False))
    )
    return [row.given_at for row in rows]


def answered_by(session: Session, round: int) -> Sequence[int]:
    """Return who has answered, whatever the audience; skips do not count."""
    return session.scalars(ANSWERED_BY, {"round": round}).all()


def answer_count(session: Session, round: int) -> int:
    """Return how many have answered, whatever the audience; skips do not count."""
    return session.exec(
        select(func.count()).select_from(Answer).where(Answer.round_id == round, col(Answer.skipped).is_(False))
    ).one()


def respondents(session: Session, round: int) -> frozenset[int]:
    """Return who has answered or skipped."""
    return frozenset(session.exec(select(col(Answer.person_id)).where(Answer.round_id == round)).all())


def unanswered(session: Session, person: int, communities: Sequence[int]) -> Sequence[Round]:
    """Return open rounds of these communities that the person has not answered or skipped, first to close first."""
    answered = select(Answer.round_id).where(Answer.person_id == person)
    return session.exec(
        select(Round)
        .where(col(Round.community_id).in_(communities), col(Round.closed_at).is_(None), col(Round.id).not_in(answered))
        .order_by(col(Round.closes_at), col(Round.id))
    ).all()
