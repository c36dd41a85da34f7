"""Improvement cycles (PDSA): a small change, what its author predicts, what happened, and what they decided."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Field, Session, SQLModel, col, select

from storage.database.personal import DELETE, KEEP, personal

ADOPTED, ADAPTED, LET_GO = "adopted", "adapted", "let go"


class ImprovementCycle(SQLModel, table=True):
    """One cycle of a person. Only they read it. Key: `id`; `parent_id` is the cycle that this one adapts.

    Open until it has a `decision`. Deleted with the community's answers (`storage.privacy.retention`).
    """

    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id", index=True)
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(
            forget=DELETE,
            leave=KEEP,
            label="improvement cycles",
            written="started_at",
            words=("trying", "prediction", "measure", "result", "lesson"),
        ),
    )
    # A chain goes on where one of its cycles is deleted.
    parent_id: int | None = Field(
        default=None, foreign_key="improvementcycle.id", index=True, nullable=True, ondelete="SET NULL"
    )
    trying: str
    prediction: str
    measure: str
    do_on: date
    started_at: datetime
    result: str = ""
    lesson: str = ""
    decision: str = ""


def add(session: Session, row: ImprovementCycle) -> ImprovementCycle:
    session.add(row)
    session.flush()
    return row


def get(session: Session, community: int, id: int) -> ImprovementCycle | None:
    query = select(ImprovementCycle).where(ImprovementCycle.id == id, ImprovementCycle.community_id == community)
    return session.exec(query).first()


def of_person(session: Session, community: int, person: int) -> Sequence[ImprovementCycle]:
    """Return a person's cycles, the newest first."""
    query = select(ImprovementCycle).where(
        ImprovementCycle.community_id == community, ImprovementCycle.person_id == person
    )
    return session.exec(query.order_by(col(ImprovementCycle.id).desc())).all()


def chain(session: Session, row: ImprovementCycle) -> list[ImprovementCycle]:
    """Return the cycles that led to this one, the first first, and it."""
    found = [row]
    while (parent := found[0].parent_id) and (before := get(session, row.community_id, parent)):
        found.insert(0, before)
    return found
