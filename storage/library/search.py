"""Full-text search with BM25 ranking and spelling correction, in plain tables, the same on SQLite and PostgreSQL.

With BM25 a text ranks higher the more often it contains a word, the rarer the word is in all that may be searched,
and the shorter the text is. Scores are integers, whose sums are exact, so that both databases return the same order.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import BigInteger, case, cast, func, true
from sqlmodel import Session, col, select

from storage.library.search_index import SearchPosting, SearchSize, SearchTerm, SearchWord, index, remove
from storage.library.text_analysis import fold, may_be_mended, runs, stems
from storage.library.text_analysis import words as words_in

__all__ = ["Hit", "Page", "find", "index", "remove"]

MOST_ASKED = 64  # words in one query
MILLION = 1_000_000
# BM25's two parameters at their usual values, in millionths: how soon repeating a word stops counting more
# (k1 = 1.2), and how much of that depends on the length of the text (b = 0.75).
REPEATING = 1_200_000
FOR_ANY_LENGTH, BY_LENGTH = REPEATING * 25 // 100, REPEATING * 75 // 100


@dataclass(frozen=True, slots=True)
class Hit:
    """One text that was found. `score` is its BM25 score: higher is better."""

    resource_id: int
    score: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page of hits, best first. `total` counts all pages.

    `corrected` is the query that was really searched for; None if nothing was corrected.
    """

    hits: tuple[Hit, ...]
    total: int
    corrected: str | None


class Size(NamedTuple):
    """The size of all that is searched: how many texts, and how many words in them together."""

    documents: int
    words: int


def find(
    session: Session,
    communities: Collection[int],
    words: str,
    *,
    limit: int,
    offset: int = 0,
    language: str = "en",
    within: Any = None,
) -> Page:
    """Search these communities for texts with any of the words: best match first, newest first among equals.

    A word that is in no text of theirs is replaced by the closest spelling that is, if one is close enough; `corrected`
    then has the new query. `limit` must be at least 1. `within` is a query for the only ids that may be returned.
    """
    query = list(islice(words_in(words), MOST_ASKED))
    known = _documents(session, communities, query, language)
    corrections = _correct(session, communities, [w for w in query if not _known_stem(w, known, language)])
    if corrections:
        query = [corrections.get(word, word) for word in query]
        known = _documents(session, communities, query, language)
    terms = Counter(filter(None, (_known_stem(word, known, language) for word in query)))
    corrected = "".join(corrections.get(run.lower(), run) for run in runs(words)) if corrections else None
    if not terms:
        return Page((), 0, corrected)
    size = _size(session, communities)
    worth = {term: times * rarity(known[term], size) for term, times in terms.items()}
    hits, total = _rank(session, communities, worth, size, limit, offset, within)
    return Page(hits, total, corrected)


def weight(times: Any, length: Any, size: Size) -> Any:
    """Return BM25's term frequency, in millionths, for a text of `length` words that contains a word so many `times`.

    Both are integers, or columns of integers.
    """
    saturation = FOR_ANY_LENGTH + BY_LENGTH * length * size.documents // size.words
    return times * (MILLION + REPEATING) * MILLION // (times * MILLION + saturation)


def rarity(holding: int, size: Size) -> int:
    """Return BM25's inverse document frequency, in millionths, of a word that `holding` texts contain."""
    return round(MILLION * math.log(1 + (size.documents - holding + 0.5) / (holding + 0.5)))


def _size(session: Session, communities: Collection[int]) -> Size:
    sums = select(func.sum(SearchSize.documents), func.sum(SearchSize.words))
    documents, words = session.exec(sums.where(col(SearchSize.community_id).in_(communities))).one()
    return Size(int(documents), int(words))


def _documents(
    session: Session, communities: Collection[int], query: Iterable[str], language: str
) -> Mapping[str, int]:
    """Return the stems that the words may be indexed under and that these communities have -> number of texts."""
    rows = session.exec(
        select(SearchTerm.text, func.sum(SearchTerm.documents))
        .where(
            col(SearchTerm.community_id).in_(communities),
            col(SearchTerm.text).in_({stem for word in query for stem in stems(word, language)}),
        )
        .group_by(col(SearchTerm.text))
    )
    return {term: int(documents) for term, documents in rows}


def _known_stem(word: str, known: Mapping[str, int], language: str) -> str | None:
    return next((stem for stem in stems(word, language) if stem in known), None)


def _correct(session: Session, communities: Collection[int], unknown: Iterable[str]) -> Mapping[str, str]:
    """Return word -> closest spelling that these communities have, for each word that has one close enough."""
    typos = {word: fold(word) for word in unknown if may_be_mended(word)}
    if not typos:
        return {}
    lengths = {len(typo) + n for typo in typos.values() for n in range(-_reach(typo), _reach(typo) + 1)}
    rows = session.exec(
        select(SearchWord.text, func.sum(SearchWord.documents))
        .where(col(SearchWord.community_id).in_(communities), func.length(SearchWord.text).in_(sorted(lengths)))
        .group_by(col(SearchWord.text))
    )
    spellings = {spelling: int(documents) for spelling, documents in rows}
    folded = {spelling: fold(spelling) for spelling in spellings}
    corrections = {}
    for word, typo in typos.items():
        near = process.extract(typo, folded, scorer=OSA.distance, score_cutoff=_reach(typo), limit=None)
        if near:
            # Few people mistype the first letter, so a different one adds half a step.
            candidates = [
                (distance + (text[0] != typo[0]) / 2, -spellings[spelling], spelling)
                for text, distance, spelling in near
            ]
            corrections[word] = min(candidates)[2]
    return corrections


def _reach(word: str) -> int:
    """Return how many typos (a letter added, left out, wrong, or two swapped) are corrected in a word."""
    return 1 if len(word) <= 5 else 2


def _rank(
    session: Session,
    communities: Collection[int],
    worth: Mapping[str, int],
    size: Size,
    limit: int,
    offset: int,
    within: Any,
) -> tuple[tuple[Hit, ...], int]:
    """Return a page of the texts with these terms, each worth so many millionths, and how many there are in all."""
    term, resource = col(SearchTerm.text), col(SearchPosting.resource_id)
    times, length = cast(SearchPosting.times, BigInteger), cast(SearchPosting.length, BigInteger)
    points = case(dict(worth), value=term) * weight(times, length, size)
    in_each = (
        select(col(SearchTerm.community_id), resource, func.sum(points).label("score"))
        .join(SearchPosting)
        .where(col(SearchTerm.community_id).in_(communities), term.in_(worth))
        .where(true() if within is None else resource.in_(within))
        .group_by(col(SearchTerm.community_id), resource)
        .subquery()
    )
    # A resource that is indexed in two communities is returned once.
    best = func.max(in_each.c.score)
    rows = session.execute(
        select(in_each.c.resource_id, best, func.count().over())
        .group_by(in_each.c.resource_id)
        .order_by(best.desc(), in_each.c.resource_id.desc())
        .limit(limit)
        .offset(offset)
    ).all()
    if not rows and offset:
        return (), _rank(session, communities, worth, size, 1, 0, within)[1]
    return tuple(Hit(id, int(score) / MILLION**2) for id, score, _ in rows), rows[0][2] if rows else 0
