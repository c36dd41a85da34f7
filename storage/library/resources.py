"""Resources of the library: what a member found helpful, why, its topics, and who may see it.

Each community has two search scopes: one holds all its resources, the other those that its whole program may see. A
search goes through the first of the member's own community and the second of its sibling communities, so that no word
of any other resource is found, counted or suggested.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, literal
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, delete, func, select

from storage.communities import programs
from storage.communities.communities import Community
from storage.database.foreign_keys import before_delete
from storage.database.personal import DELETE, UNNAME, personal
from storage.library import search
from storage.library.endorsements import Endorsement

PRACTICE, STRATEGY, TOOL, RESPONSE, OTHER = "practice", "strategy", "tool", "challenge-response", "other"
KINDS = (PRACTICE, STRATEGY, TOOL, RESPONSE, OTHER)
# Audiences: this community, or every community of its program.
COMMUNITY, PROGRAM = "community", "program"


class Resource(SQLModel, table=True):
    """Something a member found helpful. Key: `id`; a link is in each community once.

    Deleted by `remove`, or with the person who shared it.
    """

    __table_args__ = (UniqueConstraint("community_id", "link_key"),)
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="community.id")
    person_id: int = Field(
        foreign_key="person.id",
        index=True,
        sa_column_kwargs=personal(forget=DELETE, leave=UNNAME, label="resources", words=("title", "note", "link")),
    )
    title: str
    link: str = ""  # as typed
    # What all spellings of the link have in common. None: there is no link.
    link_key: str | None = None
    # The version of the rules that made `link_key`.
    link_rules: int = 0
    note: str = ""  # why it helped
    kind: str = OTHER
    audience: str = COMMUNITY
    shared_at: datetime
    edited_at: datetime | None = None


class ResourceTopic(SQLModel, table=True):
    """One topic of a resource. Key: resource and name. Deleted with the resource."""

    __table_args__ = (UniqueConstraint("resource_id", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    resource_id: int = Field(foreign_key="resource.id")
    name: str = Field(index=True)


@dataclass(frozen=True)
class Content:
    """What a person typed about a resource."""

    title: str
    note: str = ""
    topics: tuple[str, ...] = ()
    link: str = ""
    link_key: str | None = None
    kind: str = OTHER
    audience: str = COMMUNITY
    link_rules: int = 0


@dataclass(frozen=True)
class ResourcePage:
    """One page of resources, best match first. `total` counts all pages.

    `corrected` is the query that was really searched for, if words were corrected.
    """

    resources: Sequence[Resource]
    total: int
    corrected: str | None = None


def key(row: Resource) -> int:
    assert row.id is not None
    return row.id


def add(session: Session, community: Community, person: int, content: Content, now: datetime) -> Resource:
    """Add a resource. No other resource of this community may have its link."""
    assert community.id is not None
    row = Resource(community_id=community.id, person_id=person, title=content.title, shared_at=now)
    session.add(row)
    _write(session, community, row, content)
    return row


def change(session: Session, community: Community, row: Resource, content: Content, now: datetime) -> None:
    """Replace what a resource of this community says."""
    row.edited_at = now
    session.exec(delete(ResourceTopic).where(col(ResourceTopic.resource_id) == key(row)))
    _write(session, community, row, content)


def _write(session: Session, community: Community, row: Resource, content: Content) -> None:
    """Write the content and the topics into rows, and index them in each scope that may see the resource."""
    row.title, row.note, row.link, row.link_key = content.title, content.note, content.link, content.link_key
    row.kind, row.audience, row.link_rules = content.kind, content.audience, content.link_rules
    session.flush()
    session.add_all(ResourceTopic(resource_id=key(row), name=name) for name in content.topics)
    session.flush()
    unindex(session, row.community_id, key(row))
    own = [row.community_id]
    for scope in own if row.audience == COMMUNITY else [*own, _shared(row.community_id)]:
        search.index(
            session,
            scope,
            key(row),
            title=row.title,
            body=row.note,
            topics=content.topics,
            language=community.locale,
        )


def end_program_sharing(session: Session, community: int) -> Sequence[Resource]:
    """Leave what a community shared with its program to the community alone, and return those resources.

    So nothing of it is read in another program that the community joins later.
    """
    shared = (col(Resource.community_id) == community) & (col(Resource.audience) == PROGRAM)
    found = session.exec(select(Resource).where(shared).order_by(col(Resource.id))).all()
    for row in found:
        row.audience = COMMUNITY
        search.remove(session, _shared(community), key(row))
    session.flush()
    return found


def remove(session: Session, community: int, id: int) -> None:
    """Delete a resource with its topics and endorsements, and take it out of every search."""
    row = get(session, community, id)
    if row is None:
        return
    unindex(session, community, id)
    session.exec(delete(ResourceTopic).where(col(ResourceTopic.resource_id) == id))
    session.exec(delete(Endorsement).where(col(Endorsement.resource_id) == id))
    session.delete(row)
    session.flush()


class Helped(NamedTuple):
    """That a resource, which its owner shared, helped somebody else."""

    person: int
    resource: int
    owner: int


def helped(session: Session, community: int, since: datetime, until: datetime) -> Sequence[Helped]:
    """Return whom resources of a community helped, by what they said from `since` on and before `until`."""
    rows = session.exec(
        select(Endorsement.person_id, Endorsement.resource_id, Resource.person_id)
        .join(Resource, col(Resource.id) == Endorsement.resource_id)
        .where(Resource.community_id == community, Endorsement.at >= since, Endorsement.at < until)
        .where(Endorsement.person_id != Resource.person_id)
        .order_by(col(Endorsement.id))
    )
    return [Helped(*row) for row in rows]


def count(session: Session, community: int, until: datetime) -> int:
    """Return how many resources a community had shared before a moment and still has."""
    query = select(func.count()).select_from(Resource)
    return session.exec(query.where(Resource.community_id == community, Resource.shared_at < until)).one()


def unindex(session: Session, community: int, id: int) -> None:
    """Take a resource out of every search."""
    search.remove(session, community, id)
    search.remove(session, _shared(community), id)


def _unindex_row(session: Session, row: Mapping[str, Any]) -> None:
    unindex(session, row["community_id"], row["id"])


before_delete(Resource, _unindex_row)


def _shared(community: int) -> int:
    """Return the search scope of what a community's whole program may see: negative, as no community id is."""
    return -community


def get(session: Session, community: int, id: int) -> Resource | None:
    """Return one of the community's own resources."""
    return session.exec(select(Resource).where(Resource.id == id, Resource.community_id == community)).first()


def visible(session: Session, community: Community, id: int) -> Resource | None:
    """Return a resource that members of the community may see, whichever community it is in."""
    return session.exec(select(Resource).where(Resource.id == id, _may_see(community))).first()


def with_link(session: Session, community: int, link_key: str) -> Resource | None:
    return session.exec(
        select(Resource).where(Resource.community_id == community, Resource.link_key == link_key)
    ).first()


def with_links_of_earlier_rules(session: Session, community: int, rules: int) -> Sequence[Resource]:
    """Return the community's resources whose `link_key` was made by rules before this version, oldest first."""
    return session.exec(
        select(Resource)
        .where(
            Resource.community_id == community, col(Resource.link_key).is_not(None), col(Resource.link_rules) < rules
        )
        .order_by(col(Resource.id))
    ).all()


def link_keys_besides(session: Session, community: int, rows: Sequence[Resource]) -> set[str]:
    """Return the keys of all links of the community, except those of `rows`."""
    own = {row.id for row in rows}
    found = session.exec(
        select(Resource.id, Resource.link_key).where(
            Resource.community_id == community, col(Resource.link_key).is_not(None)
        )
    )
    return {key for id, key in found if key and id not in own}


def set_link_keys(session: Session, keys: Sequence[tuple[Resource, str | None]], rules: int) -> None:
    """Set keys that are made by this version of the rules. No two rows of a community may get the same."""
    for row, _key in keys:
        row.link_key = None
    # One row may get the key that another has until now.
    session.flush()
    for row, link_key in keys:
        row.link_key, row.link_rules = link_key, rules
    session.flush()


def _may_see(community: Community) -> ColumnElement[bool]:
    own: ColumnElement[bool] = col(Resource.community_id) == community.id
    # One list of communities, because PostgreSQL uses no index for "this community or those of the query".
    all_of_program = programs.siblings(community.id).union_all(select(literal(community.id)))
    return col(Resource.community_id).in_(all_of_program) & (own | (col(Resource.audience) == PROGRAM))


def _scopes(session: Session, community: Community) -> list[int]:
    """Return the search scopes that a member of the community may search."""
    assert community.id is not None
    siblings = session.exec(programs.siblings(community.id))
    return [community.id, *(_shared(sibling) for sibling in siblings)]


def latest(session: Session, community: Community, limit: int) -> Sequence[Resource]:
    return session.exec(
        select(Resource)
        .where(_may_see(community))
        .order_by(col(Resource.shared_at).desc(), col(Resource.id).desc())
        .limit(limit)
    ).all()


def find(
    session: Session, community: Community, words: str, about: Sequence[str], *, limit: int, offset: int, language: str
) -> ResourcePage:
    """Return a page of resources that the community may see, with any of the words and every topic of `about`.

    Best match first, or newest first if `words` is ""; `about` must not be empty then. `language` is that of the
    words.
    """
    if not words:
        return _with_topics(session, community, about, limit, offset)
    within = select(col(Resource.id)).where(*map(_has_topic, about)) if about else None
    page = search.find(
        session, _scopes(session, community), words, limit=limit, offset=offset, language=language, within=within
    )
    rows = session.exec(select(Resource).where(col(Resource.id).in_([hit.resource_id for hit in page.hits])))
    by_id = {row.id: row for row in rows}
    return ResourcePage([by_id[hit.resource_id] for hit in page.hits], page.total, page.corrected)


def _with_topics(session: Session, community: Community, about: Sequence[str], limit: int, offset: int) -> ResourcePage:
    these = (_may_see(community), *map(_has_topic, about))
    rows = session.exec(
        select(Resource)
        .where(*these)
        .order_by(col(Resource.shared_at).desc(), col(Resource.id).desc())
        .limit(limit)
        .offset(offset)
    ).all()
    return ResourcePage(rows, session.exec(select(func.count()).select_from(Resource).where(*these)).one())


def _has_topic(name: str) -> ColumnElement[bool]:
    return col(Resource.id).in_(select(ResourceTopic.resource_id).where(ResourceTopic.name == name))


def topics(session: Session, id: int) -> list[str]:
    return list(
        session.exec(
            select(ResourceTopic.name).where(ResourceTopic.resource_id == id).order_by(col(ResourceTopic.name))
        )
    )


def topics_used(session: Session, community: Community, *, starting: str = "", limit: int) -> list[tuple[str, int]]:
    """Return the topics of resources that the community may see, with the number of resources, commonest first.

    With `starting`, only topics that start with it.
    """
    times = func.count(col(ResourceTopic.id))
    return list(
        session.exec(
            select(ResourceTopic.name, times)
            .join(Resource)
            .where(_may_see(community), col(ResourceTopic.name).startswith(starting, autoescape=True))
            .group_by(col(ResourceTopic.name))
            .order_by(times.desc(), col(ResourceTopic.name))
            .limit(limit)
        )
    )
