"""The reference page of phrases: every example in it is read as the page says."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.cadence import Unreadable, read, say
from bot.i18n import speaking
from tests.docs.pages import tokens

PAGE = Path("docs/reference/cadence.md")
ZONE, TODAY = "America/New_York", date(2025, 9, 1)
LOCALES = {"You say": "en", "Se dice": "es"}


def rows() -> Iterator[tuple[str, list[str]]]:
    """Yield the language of each table, and its rows cell by cell."""
    found: list[list[str]] = []
    for token in tokens(PAGE):
        if token.type == "table_open":
            found = []
        elif token.type == "tr_open":
            found.append([])
        elif token.type == "inline" and found and len(found[-1]) < 3:
            found[-1].append(token.content)
        elif token.type == "table_close":
            for row in found[1:]:
                yield LOCALES[found[0][0]], row
            found = []


READ = [(locale, *row) for locale, row in rows() if len(row) == 2]
REFUSED = [(locale, *row) for locale, row in rows() if len(row) == 3]


def without_zone(said: str) -> str:
    return said.removesuffix(", New York time").removesuffix(", hora de Nueva York")


@pytest.mark.parametrize(("locale", "phrase", "said"), READ)
def test_example_on_the_page_is_parsed_as_it_says(locale: str, phrase: str, said: str) -> None:
    with speaking(locale):
        rule = read(phrase, zone=ZONE, today=TODAY).rule
        assert without_zone(say(rule, locale)) == said
        assert read(say(rule, locale), zone=ZONE, today=TODAY).rule == rule


@pytest.mark.parametrize(("locale", "phrase", "says", "suggestion"), REFUSED)
def test_ambiguous_example_on_the_page_is_questioned(locale: str, phrase: str, says: str, suggestion: str) -> None:
    with speaking(locale), pytest.raises(Unreadable) as caught:
        read(phrase, zone=ZONE, today=TODAY)
    assert str(caught.value) == says
    assert without_zone(caught.value.suggestion) == suggestion


def test_page_has_examples_in_both_languages() -> None:
    assert {(locale, len(row)) for locale, row in rows()} == {("en", 2), ("en", 3), ("es", 2), ("es", 3)}
    assert len(READ) + len(REFUSED) >= 60
