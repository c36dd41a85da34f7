"""What several people brought up, and what never counts as that."""

from collections.abc import Collection, Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import themes
from storage.library import text_analysis
from tests.domain.themes.labelled import LANGUAGES, stems

HERE = "How was this week: stuck, or well?"
WORDS = "the late bus Late BUS no gym space stuck week autobús tarde sin gimnasio de la , . 🙂 \u200f pick-up pick up"


def found(answers: Sequence[str], *asked: str, language: str = "en") -> list[str]:
    every = [*answers, *["..."] * (themes.FEWEST_ANSWERS - len(answers))]
    return [theme.phrase for theme in themes.find(every, asked or [HERE], language, text_analysis.stem)]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        # The summary once made of these: "families, late, stuck, well".
        (
            [
                "Well, but stuck with the late bus",
                "Stuck: families who wait for the late bus",
                "Late bus again. Well otherwise",
                "Went well, families came",
            ],
            ["late bus"],
        ),
        # Nobody says the same as somebody else.
        (["We baked bread", "A raccoon moved in", "Quiet reading"], []),
        # One person says it often.
        (["late bus, late bus, late bus", "All fine", "I slept"], []),
        # Other words between, and another order.
        (["late pickup twice", "pickup ran late", "late pickups"], ["late pickup"]),
        # Two words, one word, and a hyphen are one.
        (["pick up", "pickup", "the pick-up line"], ["pickup"]),
        # What is not there isn't what they spoke of.
        (["no shade at all", "there is no shade", "shade"], ["no shade"]),
        # The commonest spelling, without the capitals of a first word or a shout.
        (["WhatsApp", "the whatsapp", "I use WhatsApp"], ["WhatsApp"]),
        (["Glue", "GLUE!!!", "more glue"], ["glue"]),
        (["the sign-up sheets", "sign up sheet", "sign up sheet"], ["sign up sheet"]),
        (["carpets", "carpets", "carpet"], ["carpets"]),
        # More people wrote it in one piece than “shade at the field”.
        (["no shade at the field", "the field has no shade", "shade"], ["no shade"]),
        # The whole where half of those who say a part say it, else the part.
        (["glue sticks", "glue sticks", "glue", "glue"], ["glue sticks"]),
        (["glue sticks", "glue sticks", "glue", "glue", "glue"], ["glue"]),
        # Three words at most, and two links between two of them.
        (["glue tape paint string"] * 3, ["glue tape paint"]),
        (["tape on the carpet"] * 3, ["tape on the carpet"]),
        (["tape on to the carpet"] * 3, ["carpet"]),
        # Too short, or no word.
        (["pe", "pe", "7up", "7up"], []),
        # Everyday words are a theme only as part of one.
        (["the kids", "kids!", "kids performing", "kids performing"], ["kids performing"]),
        (["parents are late", "late parents", "the late parents"], ["late parents"]),
        (["parents are late", "parents late", "my parents were late"], []),
        # An address, an account, a picture of words, and markup are no words.
        (["https://a.org/glue <@U1GLUE> :glue:", "https://a.org/glue <@U1GLUE> :glue:"], []),
        (["**gym** `space`", "<b>gym</b> space", "*gym space*"], ["gym space"]),
        # Most people first, then the longer phrase.
        (["glue, gym space", "glue, gym space", "glue"], ["glue", "gym space"]),
        # What is said in one breath with another every time is no theme of its own.
        (["the carpet really is all over paint", "carpet has got more and more paint", "carpet"], ["carpet"]),
    ],
)
def test_themes_are_phrases_of_several_people(answers: Sequence[str], expected: list[str]) -> None:
    assert found(answers) == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (["Llegó tarde el autobús, sin toldos", "No hay toldos", "Sin toldos"], ["sin toldos"]),
        (["redes sociales", "las Redes Sociales y los críos"], ["redes sociales"]),
        (["la hoja de la mochila", "una hoja en la mochila"], ["hoja de la mochila"]),
        (["la verdad, bien", "la verdad, mal", "pues la verdad"], []),
        # Forms of verbs that say little.
        (["que me dejen", "que nos dejen", "me dejaran"], []),
    ],
)
def test_themes_in_spanish(answers: Sequence[str], expected: list[str]) -> None:
    assert found(answers, "¿Qué tal?", language="es-MX") == expected


def test_answer_is_read_in_the_language_it_is_in() -> None:
    """“Van” is a form of “ir” in Spanish, and a van in English."""
    answers = ["the van broke down", "our van is old", "ellos van a la tienda y yo no", "los otros van con el primo"]
    assert found(answers, language="es") == ["van"]


def test_themes_never_repeat_the_question_or_its_options() -> None:
    answers = ["late bus", "the late bus", "buses late", "screen-time", "screen time"]
    assert found(answers) == ["late bus", "screen time"]
    assert found(answers, "How about the Bus?") == ["screen time"]
    assert found(answers, "Which is worst?", "Late buses", "Screens") == []


def test_no_themes_between_two_answers() -> None:
    assert not themes.find(["late bus"] * 2, [HERE], "en", text_analysis.stem)
    assert themes.find(["late bus"] * 3, [HERE], "en", text_analysis.stem) == [themes.Theme("late bus", 3)]


def test_no_themes_in_a_language_without_common_words() -> None:
    assert found(["les enfants du bus"] * 3, language="fr") == []


def test_more_people_make_a_theme_among_more_answers() -> None:
    alone = [f"{a}{b}{c}" for a in "bcdfg" for b in "aeiou" for c in ("lk", "rt", "mp", "nd")]
    assert len(alone) == 100
    assert found(["late bus"] * 5 + alone) == []
    assert found(["late bus"] * 6 + alone) == ["late bus"]


def test_words_count_together_up_to_three_apart() -> None:
    answers = ["glue tape", "glue is not tape", "tape, and glue", "glue is not a tape", "other"]
    assert themes.find(answers, [HERE], "en", text_analysis.stem) == [themes.Theme("glue tape", 2)]


def test_four_themes_are_shown_of_many() -> None:
    answers = ["carpet. gravel. string. paint. tape", "tape. carpet. paint. string. gravel", "string. tape. tape"]
    assert found(answers) == ["string", "tape", "carpet", "gravel"]


@pytest.mark.parametrize(
    "answer",
    [
        "🙂🙂",
        "\u200b\u200d\ufeff",
        "\u202eحافلة متأخرة",
        "מאוחר אוטובוס",
        "",
        "...",
        "12 12 12",
        "<" * 4000,
        ":" * 4000,
        "a" * 4000,
        "a@" * 2000,
        "'-" * 2000,
        "\ufdfa" * 4000,
    ],
)
def test_no_theme_is_made_of_what_is_no_word(answer: str) -> None:
    assert found([answer] * 6) == []


def test_invisible_characters_do_not_part_words() -> None:
    assert found(["la\u200bte b\u200fus", "la\u200bte b\u200fus", "ｌａｔｅ bus"]) == ["late bus"]
    assert found(["ca\u200brpet", "carp\u200fet"]) == ["carpet"]


@given(
    answers=st.lists(st.lists(st.sampled_from(WORDS.split(" ")), max_size=12).map(" ".join), min_size=3, max_size=12),
    asked=st.lists(st.sampled_from(["bus", "gym space", "el gimnasio", "late pickups"]), max_size=2),
    language=st.sampled_from(LANGUAGES),
    chance=st.randoms(use_true_random=False),
)
def test_themes_whatever_is_answered(answers: list[str], asked: Collection[str], language: str, chance: Random) -> None:
    shown = themes.find(answers, asked, language, text_analysis.stem)
    assert len(shown) <= themes.MOST_THEMES
    for theme in shown:
        assert 2 <= theme.people <= len(answers)
        assert stems(theme.phrase).isdisjoint(stems(" ".join(asked)))
        assert theme.phrase.isprintable()
    chance.shuffle(answers)
    assert themes.find(answers, asked, language, text_analysis.stem) == shown


@given(st.lists(st.text(max_size=60), min_size=2, max_size=8))
def test_any_text_is_read(answers: list[str]) -> None:
    assert len(themes.find(answers + answers, answers[:1], "en", text_analysis.stem)) <= themes.MOST_THEMES
