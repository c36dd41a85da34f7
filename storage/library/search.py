"""Finding what a community has kept, best match first, by plain tables on SQLite and PostgreSQL alike.

Ranking is BM25: a text is a better match the more often it holds a word, the rarer the word is among all that
the asker may see, and the shorter the text. It is worked out in whole numbers, whose sums are exact, so that
the order is the same on any database.
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

MOST_ASKED = 64  # words of one question
MILLION = 1_000_000
# BM25's two constants at their usual values, in millionths: how soon a word repeated stops telling more
# (k1 = 1.2), and what share of that depends on the length of the text (b = 0.75).
REPEATING = 1_200_000
FOR_ANY_LENGTH, BY_LENGTH = REPEATING * 25 // 100, REPEATING * 75 // 100


@dataclass(frozen=True, slots=True)
class Hit:
    resource_id: int
    score: float


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what was found, best first; `total` of all of it; `corrected`, the words really looked for."""

    hits: tuple[Hit, ...]
    total: int
    corrected: str | None


class Size(NamedTuple):
    """All that the asker may see: how many texts, and of how many words together."""

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
    """What holds any of the words in these communities and no other: best first, newest first among equals.

    A word that none of them has ever seen is mended to the nearest they have, and `corrected` says so.
    `limit` is at least 1 and `offset` at least 0: how much to give, after how much. `within` is a query for the
    ids of all that may be given, where that is not everything.
    """
    asked = list(islice(words_in(words), MOST_ASKED))
    seen = _documents(session, communities, asked, language)
    mended = _mend(session, communities, [w for w in asked if not _kept_under(w, seen, language)])
    if mended:
        asked = [mended.get(word, word) for word in asked]
        seen = _documents(session, communities, asked, language)
    terms = Counter(filter(None, (_kept_under(word, seen, language) for word in asked)))
    corrected = "".join(mended.get(run.lower(), run) for run in runs(words)) if mended else None
    if not terms:
        return Page((), 0, corrected)
    size = _size(session, communities)
    worth = {term: times * rarity(seen[term], size) for term, times in terms.items()}
    hits, total = _rank(session, communities, worth, size, limit, offset, within)
    return Page(hits, total, corrected)


def weight(times: Any, length: Any, size: Size) -> Any:
    """How much a word says of a text of `length` words that holds it `times`, in millionths.

    Both are whole numbers, or columns of them.
    """
    held_back = FOR_ANY_LENGTH + BY_LENGTH * length * size.documents // size.words
    return times * (MILLION + REPEATING) * MILLION // (times * MILLION + held_back)


def rarity(holding: int, size: Size) -> int:
    """How much it tells, in millionths, to find a word that so many texts hold."""
    return round(MILLION * math.log(1 + (size.documents - holding + 0.5) / (holding + 0.5)))


def _size(session: Session, communities: Collection[int]) -> Size:
    sums = select(func.sum(SearchSize.documents), func.sum(SearchSize.words))
    documents, words = session.exec(sums.where(col(SearchSize.community_id).in_(communities))).one()
    return Size(int(documents), int(words))


def _documents(
    session: Session, communities: Collection[int], asked: Iterable[str], language: str
) -> Mapping[str, int]:
    """Of the stems the words may be kept under, those these communities hold -> how many texts hold them."""
    rows = session.exec(
        select(SearchTerm.text, func.sum(SearchTerm.documents))
        .where(
            col(SearchTerm.community_id).in_(communities),
            col(SearchTerm.text).in_({stem for word in asked for stem in stems(word, language)}),
        )
        .group_by(col(SearchTerm.text))
    )
    return {term: int(documents) for term, documents in rows}


def _kept_under(word: str, seen: Mapping[str, int], language: str) -> str | None:
    return next((stem for stem in stems(word, language) if stem in seen), None)


def _mend(session: Session, communities: Collection[int], unseen: Iterable[str]) -> Mapping[str, str]:
    """Word -> the nearest spelling that these communities know, for each word that has one near enough."""
    slips = {word: fold(word) for word in unseen if may_be_mended(word)}
    if not slips:
        return {}
    lengths = {len(slip) + n for slip in slips.values() for n in range(-_reach(slip), _reach(slip) + 1)}
    rows = session.exec(
        select(SearchWord.text, func.sum(SearchWord.documents))
        .where(col(SearchWord.community_id).in_(communities), func.length(SearchWord.text).in_(sorted(lengths)))
        .group_by(col(SearchWord.text))
    )
    known = {spelling: int(documents) for spelling, documents in rows}
    folded = {spelling: fold(spelling) for spelling in known}
    mended = {}
    for word, slip in slips.items():
        near = process.extract(slip, folded, scorer=OSA.distance, score_cutoff=_reach(slip), limit=None)
        if near:
            # Few people miss the first letter, so half a step is added where it differs.
            steps = [
                (slips_made + (text[0] != slip[0]) / 2, -known[spelling], spelling)
                for text, slips_made, spelling in near
            ]
            mended[word] = min(steps)[2]
    return mended


def _reach(slip: str) -> int:
    """How many slips of the finger (a letter added, left out, wrong, or swapped) a word may hold."""
    return 1 if len(slip) <= 5 else 2


def _rank(
    session: Session,
    communities: Collection[int],
    worth: Mapping[str, int],
    size: Size,
    limit: int,
    offset: int,
    within: Any,
) -> tuple[tuple[Hit, ...], int]:
    """One page of what holds the terms, each worth so many millionths, and how much there is in all."""
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
    best = func.max(in_each.c.score)  # what is kept in two communities is found once
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
