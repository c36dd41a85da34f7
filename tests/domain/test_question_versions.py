"""What an edit of a check-in keeps: the questions and options that stay the same under other words."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.question_lint import KEY
from bot.domain.question_versions import Change, carry_over, changes, new_key, same_series
from bot.domain.questions import Condition, Option, Question, Questionnaire, QuestionType

PLATE = Question("plate", "How full is your plate?", QuestionType.SCALE, True, low_end="light", high_end="too full")
WHERE = Question(
    "where", "Where are you?", QuestionType.ONE_OF, options=(Option("gym", "Gym"), Option("yard", "The yard"))
)
WHY = Question("why", "Why there?", QuestionType.LONG, condition=Condition("where", "one_of", ("gym",)))
BEFORE = (PLATE, WHERE, WHY)


def written(*asked: Question) -> list[Question]:
    """The same questions as if read from lines, where keys and ids are made anew and mean nothing."""
    return [
        replace(
            question,
            key=f"line{n}",
            options=tuple(Option(f"choice{m}", option.label) for m, option in enumerate(question.options)),
            condition=question.condition and Condition("line1", "one_of", ("choice0",)),
        )
        for n, question in enumerate(asked)
    ]


def keys(asked: Sequence[Question]) -> str:
    return " ".join(question.key for question in asked)


@pytest.mark.parametrize(
    ("before", "after", "is_same"),
    [
        (PLATE, replace(PLATE, words="How busy are you?", low_end="calm", high_end="swamped"), True),
        (PLATE, replace(PLATE, is_required=False, condition=Condition("x", "answered")), True),
        (PLATE, replace(PLATE, high=7), False),
        (PLATE, replace(PLATE, low=0, high=4), False),
        (PLATE, replace(PLATE, low_end="too full", high_end="light"), False),
        (PLATE, replace(PLATE, type=QuestionType.NUMBER), False),
        (replace(PLATE, low_end="", high_end=""), replace(PLATE, low_end="", high_end=""), True),
        (WHERE, replace(WHERE, options=()), True),
        (WHERE, replace(WHERE, type=QuestionType.SEVERAL), False),
    ],
)
def test_same_series(before: Question, after: Question, is_same: bool) -> None:
    assert same_series(before, after) is is_same


def test_questions_written_again_are_the_same() -> None:
    assert carry_over(BEFORE, written(*BEFORE)) == BEFORE


def test_reworded_and_moved_question_keeps_its_key() -> None:
    edited = written(WHERE, WHY, replace(PLATE, words="How full is your plate this week?"))
    edited[1] = replace(edited[1], condition=Condition("line0", "one_of", ("choice0",)))
    assert keys(carry_over(BEFORE, edited)) == "where why plate"


def test_another_scale_under_the_same_words_is_another_question() -> None:
    after = carry_over(BEFORE, written(replace(PLATE, high=7), WHERE, WHY), used=["how_full_is_your_plate"])
    assert keys(after) == "how_full_is_your_plate_2 where why"


def test_follow_up_of_a_replaced_question_follows_the_new_one() -> None:
    after = carry_over(BEFORE, written(PLATE, replace(WHERE, type=QuestionType.SEVERAL), WHY))
    assert after[1].key == "where_are_you"
    assert after[2].condition == Condition("where_are_you", "one_of", ("gym",))


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["Gym", "Yard"], "gym:Gym yard:Yard"),
        (["The yard", "Gym"], "yard:The yard gym:Gym"),
        (["Gym", "Library"], "gym:Gym yard:Library"),
        (["Gym", "The yard", "Roof"], "gym:Gym yard:The yard roof:Roof"),
        (["Gym"], "gym:Gym yard:The yard:retired"),
        (["Roof", "Cellar"], "roof:Roof cellar:Cellar gym:Gym:retired yard:The yard:retired"),
    ],
)
def test_option_keeps_its_id(labels: list[str], expected: str) -> None:
    edited = replace(WHERE, options=tuple(Option(f"choice{n}", label) for n, label in enumerate(labels)))
    (after,) = carry_over([WHERE], [edited])
    assert " ".join(f"{o.id}:{o.label}{':retired' * o.is_retired}" for o in after.options) == expected


def test_option_named_as_a_retired_one_comes_back_as_that_one() -> None:
    old = replace(WHERE, options=(Option("gym", "Gym"), Option("yard", "The yard", True), Option("hall", "Hall")))
    edited = replace(WHERE, options=(Option("x", "the yard"), Option("y", "Hall")))
    (after,) = carry_over([old], [edited])
    assert after.options == (Option("yard", "the yard"), Option("hall", "Hall"), Option("gym", "Gym", True))


@given(st.lists(st.text(max_size=40), max_size=12))
def test_keys_are_well_formed_and_never_reused(words: list[str]) -> None:
    used: list[str] = []
    for each in words:
        used.append(new_key(each, used))
    assert len({*used}) == len(used)
    assert all(KEY.fullmatch(key) for key in used)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("¿Qué probaste?", "que_probaste"),
        ("שלום", "q"),
        ("", "q"),
        ("Supercalifragilisticexpialidocious", "supercalifragilisticexpi"),
    ],
)
def test_key_shows_the_words(words: str, key: str) -> None:
    assert new_key(words, ()) == key


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (BEFORE, []),
        ((replace(PLATE, high_end="bursting"), WHERE, WHY), [("reworded", "plate")]),
        ((PLATE, replace(WHERE, options=()), WHY), [("options", "where")]),
        ((replace(PLATE, is_required=False), WHERE, WHY), [("required", "plate")]),
        ((PLATE, WHERE, replace(WHY, condition=None)), [("condition", "why")]),
        ((WHERE, PLATE, WHY), [("moved", "where"), ("moved", "plate")]),
        ((WHERE, WHY), [("removed", "plate")]),
        ((replace(PLATE, key="plate_2", high=7), WHERE, WHY), [("restarted", "plate_2")]),
        ((*BEFORE, replace(WHY, key="then", words="And then?")), [("added", "then")]),
    ],
)
def test_changes_are_named(after: tuple[Question, ...], expected: list[tuple[str, str]]) -> None:
    found = changes(Questionnaire("x", BEFORE), Questionnaire("x", after))
    assert [(change.kind, change.key) for change in found] == expected
    assert all(isinstance(change, Change) for change in found)
