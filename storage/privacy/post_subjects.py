"""Whom each of the bot's messages shows, so that they can be taken out of it when they go.

Written where a message is put into the outbox (`bot.core.context`). Such a message is drawn anew when it is next sent
(`bot.delivery.redrawing`).
"""

from collections.abc import Collection

from sqlalchemy import Integer, bindparam, insert, update
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from storage.database.id_list import OneOf, listed
from storage.database.personal import DELETE, KEEP, personal
from storage.messaging import outbox
from storage.messaging.outbox import Outgoing
from storage.people.people import Account, Person


class PostSubject(SQLModel, table=True):
    """A person whom a message shows: their name, their words, or them as one of a count. Key: message and person.

    A row stays when the message no longer shows them, because the platform may still have an earlier version. It is
    deleted with the message, and with the person.
    """

    __table_args__ = (UniqueConstraint("outgoing_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    outgoing_id: int = Field(foreign_key="outgoing.id", ondelete="CASCADE")
    person_id: int = Field(foreign_key="person.id", index=True, sa_column_kwargs=personal(forget=DELETE, leave=KEEP))


# A message that shows somebody who can still go. People whose names were removed have no account.
SHOWS_SOMEBODY = (
    select(PostSubject.id)
    .join(Account, col(Account.person_id) == PostSubject.person_id)
    .where(PostSubject.outgoing_id == Outgoing.id)
    .exists()
)


# Every message that shows somebody runs these, so they are built once.
SHOWN_BEFORE = select(PostSubject.person_id).where(PostSubject.outgoing_id == bindparam("message"))
# A mention may name somebody who is not there any more.
SHOWN_NOW = insert(PostSubject).from_select(
    ["outgoing_id", "person_id"],
    select(bindparam("message", type_=Integer), Person.id).where(OneOf(Person.id)).order_by(col(Person.id)),
)


def record(session: Session, row: Outgoing, people: Collection[int]) -> None:
    """Record that the message shows these people, beside those it showed before."""
    if not people:
        return
    assert row.id is not None
    known = set(session.scalars(SHOWN_BEFORE, {"message": row.id}))
    if new := set(people) - known - {row.person_id}:
        session.connection().execute(SHOWN_NOW, {"message": row.id, **listed(new)})


def take_out(session: Session, person: int, community: int | None = None) -> None:
    """Have every message that shows the person drawn anew, in a community or, with None, everywhere.

    Our copy of its words is emptied at once. One that was delivered is rewritten where it is, whatever has become of
    its channel since. One that somebody deleted there stays deleted.
    """
    shown = select(col(PostSubject.outgoing_id)).where(PostSubject.person_id == person)
    stale = update(Outgoing).where(col(Outgoing.id).in_(shown))
    if community is not None:
        stale = stale.where(col(Outgoing.community_id) == community)
    session.flush()
    session.connection().execute(stale.values(message=outbox.NO_WORDS))
    anew = stale.where(col(Outgoing.state) != outbox.DELETED)
    session.connection().execute(anew.values(must_redraw=True, version=Outgoing.version + 1))
    delivered = anew.where(col(Outgoing.receipt) != "", col(Outgoing.state).not_in((outbox.SENDING, outbox.UNCERTAIN)))
    session.connection().execute(
        delivered.values(state=outbox.WAITING, attempts=0, problem="", not_before=Outgoing.made_at)
    )
    session.expire_all()
