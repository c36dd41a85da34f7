"""How search reads a text before it compares anything."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.library.text_analysis import LONGEST_WORD, MOST_WORDS, analyse, runs, stem, words


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("The door, and the DOOR again", ["door", "door", "again"]),
        ("Reunio\u0301n de padres", ["reunión", "padres"]),
        ("21st-century skills: 4 of 5", ["21st", "century", "skills", "4", "5"]),
        ("don't snake_case", ["snake", "case"]),
        ("https://example.org/tool-kit", ["https", "example", "org", "tool", "kit"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("x" * (LONGEST_WORD + 1) + " ok", ["ok"]),
        ("🎉 … \u0301 \x00", []),
    ],
)
def test_text_is_cut_into_comparable_words(text: str, kept: list[str]) -> None:
    assert list(words(text)) == kept


def test_title_counts_twice_and_topics_like_the_text() -> None:
    assert analyse("Door", "a door and a map", ["maps"], "en").stems == {"door": 3, "map": 2}


def test_only_plausible_words_are_kept_as_spellings() -> None:
    """A word is kept for corrections only if a typo could mean it."""
    assert analyse("Map the 45 doors", "", [], "en").spellings == {"doors"}


def test_stemming_is_the_same_from_many_threads() -> None:
    forms = ["communities", "running", "relational", "familias", "mentoring"] * 200
    alone = [stem.__wrapped__(form, "en") for form in forms]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda form: stem.__wrapped__(form, "en"), forms)) == alone


@given(st.text())
def test_runs_of_a_text_add_up_to_the_text(text: str) -> None:
    assert "".join(runs(text)) == unicodedata.normalize("NFC", text)


@given(st.text(), st.text(), st.lists(st.text(), max_size=3), st.sampled_from(["en", "es-MX", "pt_BR", ""]))
def test_indexed_words_of_any_text_are_bounded_and_clean(
    title: str, body: str, topics: list[str], language: str
) -> None:
    kept = analyse(title, body, topics, language)
    assert kept.stems.total() <= MOST_WORDS
    assert all(0 < len(term) <= LONGEST_WORD and not term.isspace() and "\x00" not in term for term in kept.stems)
    assert all(word.isalpha() and " " not in word for word in kept.spellings)
