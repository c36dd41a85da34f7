"""Search: best results first, by any form of a word, despite typos, and only for its own people."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlmodel import Session, col

from storage.library import search
from storage.library.search_index import SearchEntry, SearchPosting, SearchSize, SearchTerm, SearchWord

YOUTH, STEWARDS = 1, 2  # two communities
in_one_database = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)


def save(
    session: Session, id: int, title: str, body: str = "", *topics: str, community: int = YOUTH, language: str = "en"
) -> None:
    search.index(session, community, id, title=title, body=body, topics=topics, language=language)


def search_page(session: Session, words: str, *communities: int, limit: int = 10, offset: int = 0) -> search.Page:
    return search.find(session, communities or (YOUTH,), words, limit=limit, offset=offset)


def found_ids(session: Session, words: str, *communities: int) -> list[int]:
    return [hit.resource_id for hit in search_page(session, words, *communities).hits]


def all_rows(session: Session) -> set[tuple[object, ...]]:
    """Return every row of the five tables, with terms by their text."""
    term = [col(SearchTerm.community_id), col(SearchTerm.text)]
    posting = [col(SearchPosting.resource_id), col(SearchPosting.times), col(SearchPosting.length)]
    word, entry, size = SearchWord, SearchEntry, SearchSize
    questions: list[Any] = [
        select(*term, col(SearchTerm.documents)),
        select(*term, *posting).join(SearchPosting),
        select(col(word.community_id), col(word.text), col(word.documents)),
        select(col(entry.community_id), col(entry.resource_id), col(entry.length), col(entry.spellings)),
        select(col(size.community_id), col(size.documents), col(size.words)),
    ]
    return {(number, *row) for number, question in enumerate(questions) for row in session.execute(question)}


@contextmanager
def nothing_kept_after(session: Session) -> Iterator[None]:
    with session.begin_nested() as attempt:
        yield
        attempt.rollback()


def test_resource_is_found_by_title_note_and_topics(session: Session) -> None:
    save(session, 1, "Silent starts", "Five quiet minutes at the door calmed our group.", "arrival", "routines")
    save(session, 2, "Pickup map", "Which door families use.", "families")
    assert found_ids(session, "silent") == found_ids(session, "calmed") == found_ids(session, "#arrival") == [1]
    assert found_ids(session, "door families") == [2, 1]
    assert found_ids(session, "volunteers") == []


@pytest.mark.parametrize("asked", ["meeting", "Meetings", "MEET", "to meet", "¿meetings?", "the meeting, please"])
def test_any_form_of_a_word_matches(session: Session, asked: str) -> None:
    save(session, 1, "How we meet", "Notes on a monthly round.")
    assert found_ids(session, asked) == [1]


@pytest.mark.parametrize("asked", ["reunión", "reunion", "reuniones", "REUNIÓN", "Reunio\u0301n"])
def test_missing_accents_and_spanish_forms_match(session: Session, asked: str) -> None:
    save(session, 1, "Reunión de familias", "Cómo preparamos la primera reunión.", language="es")
    assert [hit.resource_id for hit in search.find(session, [YOUTH], asked, limit=5, language="es").hits] == [1]


def test_text_in_another_language_than_the_askers_is_found(session: Session) -> None:
    save(session, 1, "Juegos cooperativos", language="es")
    save(session, 2, "Réunions de parents", language="fr")
    assert found_ids(session, "juego") == [1]
    assert found_ids(session, "reunions") == [2]


def test_numbers_are_words(session: Session) -> None:
    save(session, 1, "Grades 6 to 8", "Activities that last 45 minutes")
    save(session, 2, "Grades 9 to 12", "Activities that last 90 minutes")
    assert found_ids(session, "45 minutes") == [1, 2]
    assert found_ids(session, "9") == [2]


def test_word_in_the_title_weighs_more_than_in_the_note(session: Session) -> None:
    save(session, 1, "Snack ideas", "attendance went up after we moved them")
    save(session, 2, "Attendance ideas", "snack went up after we moved them")
    assert found_ids(session, "attendance") == [2, 1]


def test_rare_word_weighs_more_than_a_common_one(session: Session) -> None:
    for id in range(1, 8):
        save(session, id, "Homework hour", "quiet corner")
    save(session, 8, "Robotics hour", "quiet corner")
    assert found_ids(session, "homework robotics")[0] == 8


def test_newest_comes_first_among_equals(session: Session) -> None:
    for id in (5, 3, 9):
        save(session, id, "Circle time")
    assert found_ids(session, "circle") == [9, 5, 3]


def test_results_come_in_pages_with_their_total(session: Session) -> None:
    for id in range(1, 13):
        save(session, id, "Circle time")
    first, third, beyond = (search_page(session, "circle", limit=5, offset=at) for at in (0, 10, 20))
    assert [hit.resource_id for hit in first.hits] == [12, 11, 10, 9, 8]
    assert [hit.resource_id for hit in third.hits] == [2, 1]
    assert (first.total, third.total, beyond.total, beyond.hits) == (12, 12, 12, ())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("facilitater", "facilitator"),  # a wrong letter
        ("facilittor", "facilitator"),  # one left out
        ("faciliattor", "facilitator"),  # two swapped
        ("ffaciliitator", "facilitator"),  # two too many
        ("Facilitater notes!", "facilitator notes!"),  # the rest stays as it was typed
        ("nites", "notes"),
    ],
)
def test_misspelling_is_corrected_and_reported(session: Session, typed: str, meant: str) -> None:
    save(session, 1, "Facilitator notes")
    page = search_page(session, typed)
    assert (page.corrected, [hit.resource_id for hit in page.hits]) == (meant, [1])


def test_misspelling_is_corrected_with_accents(session: Session) -> None:
    save(session, 1, "Participación de familias", language="es")
    assert search_page(session, "participasion").corrected == "participación"


def test_nearest_then_commonest_word_is_the_correction(session: Session) -> None:
    save(session, 1, "mentors")
    save(session, 2, "menders")
    save(session, 3, "menders")
    # This word is one letter away, the other is two.
    assert search_page(session, "mentots").corrected == "mentors"
    # Each is one letter away, and this one is in two resources.
    assert search_page(session, "menters").corrected == "menders"


@pytest.mark.parametrize("typed", ["notes", "noted", "zzz", "nte", "n0tes", "xylophone"])
def test_known_short_or_distant_word_is_not_corrected(session: Session, typed: str) -> None:
    save(session, 1, "Notes")
    assert search_page(session, typed).corrected is None


@pytest.mark.parametrize(
    "typed", ["", "   ", "the of and", "?!…", "🎉🎉", "\x00", "'; drop table searchterm; --", "%", "_"]
)
def test_query_without_words_finds_nothing(session: Session, typed: str) -> None:
    save(session, 1, "Notes")
    assert search_page(session, typed) == search.Page((), 0, None)
    assert found_ids(session, "notes") == [1]


def test_search_without_a_community_finds_nothing(session: Session) -> None:
    save(session, 1, "Notes")
    assert search.find(session, [], "notes", limit=5) == search.Page((), 0, None)


def test_search_finds_nothing_of_another_community(session: Session) -> None:
    save(session, 1, "Confidential", "the budget meeting", community=STEWARDS)
    save(session, 2, "Snack budget", community=YOUTH)
    assert found_ids(session, "confidential", YOUTH) == []
    assert found_ids(session, "budget", YOUTH) == [2]
    assert search_page(session, "budget", YOUTH).total == 1
    assert search_page(session, "confidentail", YOUTH) == search.Page((), 0, None)
    assert search_page(session, "confidentail", YOUTH, STEWARDS).corrected == "confidential"


def test_ranking_does_not_depend_on_other_communities(session: Session) -> None:
    """What others share changes nothing in one's own results."""
    save(session, 1, "Mentor training", "for volunteers")
    save(session, 2, "Volunteer thanks", "a training card")
    before = search_page(session, "training volunteers")
    for id in range(10, 30):
        save(session, id, "Volunteer training", community=STEWARDS)
    assert search_page(session, "training volunteers") == before


def test_member_of_two_communities_searches_both(session: Session) -> None:
    save(session, 1, "Budget", community=YOUTH)
    save(session, 2, "Budget template", community=STEWARDS)
    save(session, 3, "Budget", community=YOUTH)
    # Saved in both communities, and found once.
    save(session, 3, "Budget", community=STEWARDS)
    assert found_ids(session, "budget", YOUTH, STEWARDS) == [3, 1, 2]
    assert search_page(session, "budget", YOUTH, STEWARDS).total == 3


def test_changed_text_is_found_by_its_new_words_only(session: Session) -> None:
    save(session, 1, "Walk and run", "in March")
    save(session, 1, "Picnic", "in June")
    assert found_ids(session, "walk") == found_ids(session, "march") == []
    assert found_ids(session, "picnic") == [1]
    assert search_page(session, "walks").corrected is None


def test_removed_text_leaves_no_word_in_the_index(session: Session) -> None:
    save(session, 1, "Picnic", "in June", "families")
    search.remove(session, STEWARDS, 1)
    search.remove(session, YOUTH, 7)
    assert found_ids(session, "picnic") == [1]
    search.remove(session, YOUTH, 1)
    assert all_rows(session) == set()


def test_enormous_text_is_indexed_by_its_opening(session: Session) -> None:
    save(session, 1, "Handbook", "welcome " + " ".join(f"word{n}" for n in range(50_000)), "training")
    save(session, 2, "x" * 1_000_000, "\u0301" * 500_000 + "🎉" * 500_000)
    assert found_ids(session, "handbook") == found_ids(session, "welcome") == found_ids(session, "training") == [1]
    assert found_ids(session, "word49999") == []
    assert search_page(session, "handbook " * 20_000).total == 1
    search.remove(session, YOUTH, 1)
    search.remove(session, YOUTH, 2)
    assert all_rows(session) == set()


def statements(session: Session, act: Callable[[], object]) -> int:
    sent: list[str] = []

    def count(_c: object, _u: object, statement: str, *_: object) -> None:
        sent.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", count)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(sent)


def test_long_text_takes_no_more_statements_than_a_short_one(session: Session) -> None:
    short, long = "alpha beta", " ".join(f"word{n}" for n in range(500))
    save(session, 7, "the first")
    saved = statements(session, lambda: save(session, 1, "short", short))
    changed = statements(session, lambda: save(session, 1, "short and new", short))
    looked = statements(session, lambda: search_page(session, short))
    assert statements(session, lambda: save(session, 2, "long", long)) == saved
    assert statements(session, lambda: save(session, 2, "long and new", long)) == changed
    assert statements(session, lambda: search_page(session, long)) == looked


# Each is its own stem.
POOL = ("mentor", "snack", "robot", "garden", "quiet", "famili", "budget", "map")
texts = st.lists(st.sampled_from(POOL), max_size=12).map(" ".join)
acts = st.lists(
    st.tuples(st.sampled_from([YOUTH, STEWARDS]), st.integers(1, 4), st.none() | st.tuples(texts, texts)), max_size=14
)


@in_one_database
@given(acts)
def test_index_does_not_depend_on_the_order_of_changes(
    session: Session, acts: list[tuple[int, int, tuple[str, str] | None]]
) -> None:
    """The tables depend on what there is, and not on how it came to be."""
    with nothing_kept_after(session):
        for community, id, text in acts:
            if text is None:
                search.remove(session, community, id)
            else:
                save(session, id, *text, community=community)
        lived = all_rows(session)
    with nothing_kept_after(session):
        for (community, id), text in {(community, id): text for community, id, text in acts}.items():
            if text is not None:
                save(session, id, *text, community=community)
        assert lived == all_rows(session)


@in_one_database
@given(acts, st.data())
def test_saving_and_undoing_changes_nothing(
    session: Session, acts: list[tuple[int, int, tuple[str, str] | None]], data: st.DataObject
) -> None:
    with nothing_kept_after(session):
        for community, id, text in acts:
            save(session, id, *(text or ("", "")), community=community)
        before = all_rows(session)
        save(session, 99, data.draw(texts), data.draw(st.text(max_size=200)), data.draw(texts))
        search.remove(session, YOUTH, 99)
        assert all_rows(session) == before


@in_one_database
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=10), texts)
def test_ranks_are_those_of_bm25_worked_out_by_hand(
    session: Session, library: list[tuple[str, str]], asked: str
) -> None:
    held = {id: f"{title} {title} {body}".split() for id, (title, body) in enumerate(library, start=1)}
    mean = sum(map(len, held.values())) / len(held)

    def score(words: list[str]) -> float:
        total = 0.0
        for word in asked.split():
            holding = sum(word in others for others in held.values())
            times = words.count(word)
            rarity = math.log(1 + (len(held) - holding + 0.5) / (holding + 0.5))
            length = 0.25 + 0.75 * len(words) / mean if times else 1
            total += rarity * times * 2.2 / (times + 1.2 * length)
        return total

    expected = {id: score(words) for id, words in held.items() if set(asked.split()) & {*words}}
    with nothing_kept_after(session):
        for id, (title, body) in enumerate(library, start=1):
            save(session, id, title, body)
        page = search_page(session, asked, limit=50)
    if any(word in words for word in asked.split() for words in held.values()) and page.corrected is None:
        assert {hit.resource_id: hit.score for hit in page.hits} == pytest.approx(expected, abs=1e-4)
        assert [(-hit.score, -hit.resource_id) for hit in page.hits] == sorted(
            (-hit.score, -hit.resource_id) for hit in page.hits
        )
        assert page.total == len(expected)
