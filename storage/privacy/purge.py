"""Deletes everything of one workspace or server. What its people have elsewhere stays."""

import re
from collections import Counter
from collections.abc import Collection, Iterator

from sqlalchemy import Column, Table
from sqlmodel import Session, SQLModel, col, delete, func, or_, select, update
from sqlmodel.sql.sqltypes import AutoString

from storage import database
from storage.communities import programs
from storage.communities.communities import Channel, Community, Space
from storage.communities.installations import Installation
from storage.database import foreign_keys, remnants
from storage.messaging.outbox import NO_WORDS, SENT, Outgoing
from storage.operations.accepted_events import AcceptedEvent
from storage.operations.drafts import Draft
from storage.people.people import Account, Membership, Person
from storage.privacy import personal_data

# What the rows of each table are called in the count. Other tables hold details of these.
KINDS = {
    "community": "communities",
    "person": "people",
    "account": "accounts",
    "membership": "memberships",
    "channel": "channels that a community lives in",
    "meeting": "meetings",
    "rsvp": "replies to meetings",
    "round": "questions",
    "response": "answers",
    "reflection": "reflections",
    "feedback": "words after meetings",
    "commitment": "action commitments",
    "takeaway": "things taken home",
    "resource": "resources",
    "topic": "topics for an agenda",
    "outgoing": "messages",
    "timer": "moments to come",
    "audit": "actions as facilitator or admin",
    "installation": "installations",
}
DETAILS = "other records"


def name(session: Session, platform: str, space: str) -> str:
    """Return what the space is called, or its id if it has no name."""
    called = session.exec(select(Space.name).where(Space.platform == platform, Space.external == space)).first()
    installed = select(Installation.name).where(Installation.platform == platform, Installation.space == space)
    return called or session.exec(installed).first() or space


def purge(session: Session, platform: str, space: str, nameless: str) -> dict[str, int]:
    """Delete everything of a space, and return how many rows of each kind that were. Running it again deletes nothing.

    Deletes communities that are only in this space, with all their rows, and people who were only seen in it, with
    what they wrote elsewhere. Rows of theirs that must stay get a new person called `nameless`.
    """
    session.flush()
    remnants.truncate_after_commit(session)
    before = _rows(session)
    doomed = _only_there(session, platform, space)
    for community in doomed:
        database.serialise(session, community)
    people = _people_of(session, doomed)
    _delete_communities(session, doomed)
    programs.delete_empty(session)
    session.exec(delete(Channel).where(col(Channel.platform) == platform, col(Channel.space) == space))
    session.exec(delete(Outgoing).where(col(Outgoing.platform) == platform, col(Outgoing.space) == space))
    session.expire_all()
    _forget_accounts(session, platform, space, nameless)
    _delete_unreferenced(session, people)
    session.exec(delete(Installation).where(col(Installation.platform) == platform, col(Installation.space) == space))
    session.exec(delete(Space).where(col(Space.platform) == platform, col(Space.external) == space))
    session.flush()
    _scrub(session, space)
    session.expire_all()
    deleted = before - _rows(session)
    counts: Counter[str] = Counter()
    for table, count in deleted.items():
        counts[KINDS.get(table, DETAILS)] += count
    return {kind: counts[kind] for kind in (*KINDS.values(), DETAILS) if counts[kind]}


def _rows(session: Session) -> Counter[str]:
    tables = SQLModel.metadata.sorted_tables
    return Counter(
        {t.name: session.connection().execute(select(func.count()).select_from(t)).scalar_one() for t in tables}
    )


def _only_there(session: Session, platform: str, space: str) -> list[int]:
    """Return the communities whose channels are all in this space.

    Of those without any channel: the ones whose members' accounts are all in this space.
    """
    channel_here = (col(Channel.platform) == platform) & (col(Channel.space) == space)
    with_channel_here = select(Channel.community_id).where(channel_here)
    with_channel_elsewhere = select(Channel.community_id).where(~channel_here)
    account_here = (col(Account.platform) == platform) & (col(Account.space) == space)
    members = select(Membership.community_id).join(Account, col(Account.person_id) == Membership.person_id)
    with_member_here, with_member_elsewhere = members.where(account_here), members.where(~account_here)
    found = select(col(Community.id)).where(
        col(Community.id).not_in(with_channel_elsewhere),
        or_(
            col(Community.id).in_(with_channel_here),
            col(Community.id).in_(with_member_here) & col(Community.id).not_in(with_member_elsewhere),
        ),
    )
    return [id for id in session.exec(found.order_by(col(Community.id))) if id is not None]


def _people_of(session: Session, communities: Collection[int]) -> set[int]:
    """Return the people that rows of these communities point to."""
    found: set[int] = set()
    for table, column in foreign_keys.to_people():
        for community in communities:
            where = foreign_keys.within(table, community)
            if where is not None:
                query = select(column).where(where, column.is_not(None)).distinct()
                found.update(session.connection().execute(query).scalars())
    return found


def _delete_communities(session: Session, communities: Collection[int]) -> None:
    for community in communities:
        within = [(table, foreign_keys.within(table, community)) for table in SQLModel.metadata.sorted_tables]
        # First, because what other communities can search is not found by the community's own id.
        for table, where in within:
            if where is not None:
                foreign_keys.clean_up(session, table, where)
        # In reverse, so that rows are deleted before those they point to.
        for table, where in reversed(within):
            if where is not None:
                session.connection().execute(delete(table).where(where))
        session.exec(delete(Community).where(col(Community.id) == community))


def _forget_accounts(session: Session, platform: str, space: str, nameless: str) -> None:
    """Delete the accounts of the space, and people who have no other.

    An account that is not bound to the space moves to another one where its person still belongs to a community.
    """
    in_space = select(Account).where(Account.platform == platform, Account.space == space).order_by(col(Account.id))
    for account in session.exec(in_space).all():
        of_the_space = account.external.startswith(f"{space}-")
        elsewhere = _lives_elsewhere(session, account.person_id, platform)
        if not of_the_space and elsewhere is not None:
            account.space = elsewhere
            continue
        others = select(Account.id).where(Account.person_id == account.person_id, Account.id != account.id)
        if session.exec(others).first() is None:
            personal_data.forget(session, account.person_id, nameless)
        else:
            session.delete(account)
        session.flush()


def _lives_elsewhere(session: Session, person: int, platform: str) -> str | None:
    """Return another space on the platform with a community of theirs; "" if they have one on another platform only.

    None if they have none.
    """
    theirs = select(Channel).join(Membership, col(Membership.community_id) == Channel.community_id)
    found = session.exec(theirs.where(Membership.person_id == person)).all()
    return next((c.space for c in found if c.platform == platform), "") if found else None


def _delete_unreferenced(session: Session, people: Collection[int]) -> None:
    """Delete those people that no row points to any more: the nameless ones, whose rows are gone now."""
    for person in people:
        referenced = any(
            session.connection().execute(select(column).where(column == person).limit(1)).first()
            for _table, column in foreign_keys.to_people()
        )
        if not referenced:
            session.exec(delete(Person).where(col(Person.id) == person))


def _scrub(session: Session, space: str) -> None:
    """Remove what is left elsewhere that mentions somebody by an account of the space."""
    mention = re.compile(rf"<@{re.escape(space)}-\w+>")
    session.exec(delete(Draft).where(col(Draft.body).contains(f"{space}-", autoescape=True)))
    session.exec(delete(AcceptedEvent).where(col(AcceptedEvent.body).contains(f'"space":"{space}"', autoescape=True)))
    names = col(Outgoing.message).contains(f"{space}-", autoescape=True)
    delivered = names & (col(Outgoing.receipt) != "")
    session.exec(update(Outgoing).where(delivered).values(message=NO_WORDS, state=SENT))
    session.exec(delete(Outgoing).where(names))
    for table, column in _texts():
        if len(table.primary_key.columns) == 1:
            for row in foreign_keys.rows(session, table, column.contains(f"<@{space}-", autoescape=True)):
                key = foreign_keys.key(table)
                scrubbed = mention.sub("@…", row[column.name])
                session.connection().execute(update(table).where(key == row[key.name]).values({column: scrubbed}))


def _texts() -> Iterator[tuple[Table, Column[str]]]:
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, AutoString):
                yield table, column
