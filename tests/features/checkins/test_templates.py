"""Templates of check-ins: short, plain, one thing in each question, and the same in both languages."""

import re
from datetime import date

import pytest

from bot.domain import question_lines, touchpoint_words
from bot.domain.question_lint import lint
from bot.domain.questions import about_minutes, pages
from bot.domain.touchpoint_words import Vocabulary
from bot.features.checkins import builder_views, templates
from bot.features.checkins.templates import LANGUAGES, Template
from bot.i18n import speaking
from bot.ui.limits import MAX_LABEL

EVERY = [
    pytest.param(language, each, id=f"{language} {id}")
    for language in LANGUAGES
    for id, each in templates.load(language).items()
]
LONGEST_QUESTION = 80  # characters, about two lines on a phone
# Two questions in one, which people answer half of.
DOUBLE = re.compile(
    r"\b(and|or|but) (what|why|how|who|when|where|which)\b|\b(y|o|pero) (qué|por qué|cómo|quién|cuándo|dónde|cuál)\b",
    re.I,
)
JARGON = re.compile(
    r"\b(stakeholders?|leverage|synerg\w*|best practices?|learnings?|alignment|bandwidth|touch base"
    r"|circle back|action items?|deliverables?|capacity building"
    r"|sinergia\w*|empoderar|retroalimentación|aprendizajes|apalancar|stakeholder)\b",
    re.I,
)
# A check-in asks about the work, never about one young person.
ABOUT_A_CHILD = re.compile(r"\b(which|what) (student|child|kid|young person)|\bqué (estudiante|niñ[oa]|joven)\b", re.I)
VOCABULARY = Vocabulary(
    whats={"checkin 1": "Own"}, also={}, meeting_types={"visit": "Site visit"}, groups=(), people={}
)


def test_there_are_enough_and_the_ones_people_ask_for() -> None:
    assert len(templates.load("en")) == 21
    assert {"monday", "energy", "before_visit", "after_training", "end_of_season", "newcomers", "safety_walk"} <= {
        *templates.load("en")
    }
    assert {"volunteer_pulse", "mid_season", "mentor_match", "stuck", "listening_round"} <= {*templates.load("en")}


@pytest.mark.parametrize(("language", "template"), EVERY)
def test_template_is_well_made(language: str, template: Template) -> None:
    asked = template.questionnaire
    assert lint(asked, template.level) == ()
    assert about_minutes(asked.questions) <= asked.minutes <= 3
    assert len(pages(asked.questions)) <= 2
    assert template.about.endswith(".")
    assert len(builder_views.choice(template)) <= 75
    with speaking(language):
        assert question_lines.read(question_lines.write(asked.questions)).questions == asked.questions


@pytest.mark.parametrize(("language", "template"), EVERY)
def test_questions_are_plain(language: str, template: Template) -> None:
    for question in template.questionnaire.questions:
        words = question.words
        assert words.endswith("?")
        assert words.count("?") == 1
        assert words.startswith("¿") is (language == "es")
        assert len(words) <= LONGEST_QUESTION
        assert len(words.split()) <= 14
        for fault in (DOUBLE, JARGON, ABOUT_A_CHILD):
            assert not fault.search(words), words
        # What a phone shows in one line of a menu or beside a button.
        assert all(len(option.label) <= MAX_LABEL for option in question.options)
        assert '"' not in words
        assert "'" not in words


@pytest.mark.parametrize("text", ["What happened, and how?", "¿Qué pasó y cómo?"])
def test_double_question_is_found(text: str) -> None:
    assert DOUBLE.search(text.replace(",", ""))


@pytest.mark.parametrize("id", templates.load("en"))
def test_both_languages_ask_the_same(id: str) -> None:
    english, spanish = (templates.load(language)[id] for language in LANGUAGES)
    assert spanish.level is english.level
    assert [_shape(english, n) for n in range(len(english.questionnaire.questions))] == [
        _shape(spanish, n) for n in range(len(spanish.questionnaire.questions))
    ]
    assert bool(english.questionnaire.closing) is bool(spanish.questionnaire.closing)


def _shape(template: Template, n: int) -> tuple[object, ...]:
    """What a question is without its words: ids of options by their place, and its parent by its own."""
    asked = template.questionnaire.questions
    question = asked[n]
    condition = question.condition
    parent = next((i for i, each in enumerate(asked) if condition and each.key == condition.question), None)
    ids = [option.id for option in asked[parent].options] if parent is not None else []
    values = [ids.index(value) if value in ids else value for value in condition.values] if condition else []
    points = (question.low, question.high, bool(question.low_end))
    return (
        question.type,
        question.is_required,
        len(question.options),
        points,
        parent,
        condition and condition.test,
        values,
    )


@pytest.mark.parametrize(("language", "template"), EVERY)
def test_rhythm_is_one_that_a_schedule_takes(language: str, template: Template) -> None:
    with speaking(language):
        reading = touchpoint_words.read_when(
            "checkin 1", template.rhythm, VOCABULARY, zone="America/New_York", today=date(2026, 1, 5)
        )
    assert reading.touchpoint.private is template.is_private


def test_template_in_another_language_falls_back_to_english() -> None:
    with speaking("de"):
        assert templates.spoken() is templates.load("en")
    with speaking("es_MX"):
        assert templates.spoken() is templates.load("es")
