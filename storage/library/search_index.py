"""The inverted index: which words each text contains, with counts that removing a text takes back exactly.

Terms belong to one community, so that a search in one can't find, count or suggest a word of another. A text that
two communities may see is indexed in both. `community_id` is a search scope here, and negative for what a whole
program may see (`resources`).
"""

from collections.abc import Collection, Iterable

from sqlalchemy import UniqueConstraint, delete, insert, update
from sqlmodel import Field, Session, SQLModel, col, select

from storage.library.text_analysis import analyse


class SearchTerm(SQLModel, table=True):
    """A word stem, and how many of a community's texts contain it. Key: community and text."""

    __table_args__ = (UniqueConstraint("community_id", "text"),)
    id: int | None = Field(default=None, primary_key=True)
    community_id: int
    text: str
    documents: int


class SearchPosting(SQLModel, table=True):
    """A text that contains a term, how many times, and the text's length in words. Key: term and resource."""

    __table_args__ = ({"sqlite_with_rowid": False},)
    term_id: int = Field(primary_key=True, foreign_key="searchterm.id")
    resource_id: int = Field(primary_key=True, index=True)
    times: int
    length: int


class SearchWord(SQLModel, table=True):
    """A word as people spelled it, and how many of a community's texts contain it. Key: community and text.

    Misspelled words of a query are corrected to one of these.
    """

    __table_args__ = ({"sqlite_with_rowid": False},)
    community_id: int = Field(primary_key=True)
    text: str = Field(primary_key=True)
    documents: int


class SearchEntry(SQLModel, table=True):
    """One indexed text: what is needed to remove it again. Key: community and resource."""

    community_id: int = Field(primary_key=True)
    resource_id: int = Field(primary_key=True)
    length: int  # words
    spellings: str  # separated by spaces


class SearchSize(SQLModel, table=True):
    """How many texts a community has indexed, and how many words they have together. Key: the community."""

    community_id: int = Field(primary_key=True)
    documents: int
    words: int


def index(
    session: Session,
    community_id: int,
    resource_id: int,
    *,
    title: str,
    body: str,
    topics: Collection[str],
    language: str = "en",
) -> None:
    """Index a resource in a community under these words, in place of those it was indexed under before."""
    remove(session, community_id, resource_id)
    text = analyse(title, body, topics, language)
    _count_up(session, SearchTerm, community_id, text.stems)
    _count_up(session, SearchWord, community_id, text.spellings)
    ids = session.exec(
        select(SearchTerm.text, SearchTerm.id).where(
            SearchTerm.community_id == community_id, col(SearchTerm.text).in_(text.stems)
        )
    )
    length = text.stems.total()
    postings = [
        {"term_id": id, "resource_id": resource_id, "times": text.stems[term], "length": length} for term, id in ids
    ]
    if postings:
        session.execute(insert(SearchPosting), postings)
    spellings = " ".join(sorted(text.spellings))
    entry = {"community_id": community_id, "resource_id": resource_id, "length": length}
    session.execute(insert(SearchEntry).values(**entry, spellings=spellings))
    _resize(session, community_id, 1, length)


def remove(session: Session, community_id: int, resource_id: int) -> None:
    """Remove a resource from the index of a community. Does nothing if it is not there."""
    this = (col(SearchEntry.community_id) == community_id, col(SearchEntry.resource_id) == resource_id)
    entry = session.exec(select(SearchEntry.length, SearchEntry.spellings).where(*this)).first()
    if entry is None:
        return
    length, spellings = entry
    terms = dict(
        session.exec(
            select(SearchTerm.id, SearchTerm.text)
            .join(SearchPosting)
            .where(SearchTerm.community_id == community_id, SearchPosting.resource_id == resource_id)
        ).all()
    )
    session.execute(
        delete(SearchPosting).where(
            col(SearchPosting.resource_id) == resource_id, col(SearchPosting.term_id).in_(terms)
        )
    )
    _count_down(session, SearchTerm, community_id, terms.values())
    _count_down(session, SearchWord, community_id, spellings.split())
    session.execute(delete(SearchEntry).where(*this))
    _resize(session, community_id, -1, -length)


def _count_up(
    session: Session, table: type[SearchTerm] | type[SearchWord], community_id: int, texts: Iterable[str]
) -> None:
    """Count one more of the community's texts for each of these words."""
    wanted = set(texts)
    these = (col(table.community_id) == community_id, col(table.text).in_(wanted))
    known = set(session.exec(select(table.text).where(*these)))
    session.execute(update(table).where(*these).values(documents=table.documents + 1))
    new = [{"community_id": community_id, "text": text, "documents": 1} for text in sorted(wanted - known)]
    if new:
        session.execute(insert(table), new)


def _count_down(
    session: Session, table: type[SearchTerm] | type[SearchWord], community_id: int, texts: Iterable[str]
) -> None:
    """Count one text less for each of these words, and delete words that no text contains any more."""
    these = (col(table.community_id) == community_id, col(table.text).in_(set(texts)))
    session.execute(update(table).where(*these).values(documents=table.documents - 1))
    session.execute(delete(table).where(*these, col(table.documents) == 0))


def _resize(session: Session, community_id: int, texts: int, words: int) -> None:
    """Add to the size of the community's index. Both numbers are negative when a text is removed."""
    this = col(SearchSize.community_id) == community_id
    size = session.exec(select(SearchSize.documents, SearchSize.words).where(this)).first()
    if size is None:
        session.execute(insert(SearchSize).values(community_id=community_id, documents=texts, words=words))
    elif size[0] + texts:
        grown = {"documents": size[0] + texts, "words": size[1] + words}
        session.execute(update(SearchSize).where(this).values(grown))
    else:
        session.execute(delete(SearchSize).where(this))
