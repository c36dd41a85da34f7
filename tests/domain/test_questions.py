"""Questions: what counts as an answer to each type, what is shown after which answers, and on which page."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import question_lint, question_words, questions
from bot.domain.questions import (
    TESTS,
    Answers,
    Condition,
    Level,
    Option,
    Problem,
    Question,
    Questionnaire,
    QuestionType,
    check,
    from_json,
    holds,
    pages,
    shown,
    to_json,
)

TODAY = date(2026, 1, 20)
YARD = (Option("gym", "Gym"), Option("yard", "The yard"), Option("shed", "Shed", True), Option("in_out", "In and out"))


def ask(type: str, *, required: bool = False) -> Question:
    question_type = QuestionType(type)
    options = YARD if question_type in (QuestionType.ONE_OF, QuestionType.SEVERAL) else ()
    return Question("q", "Which?", question_type, required, options, low_end="light", high_end="too full")


@pytest.mark.parametrize(
    ("type", "raw", "value"),
    [
        ("short", "  late bus ", "late bus"),
        ("short", "👍", "👍"),
        ("short", "\u200b\u2060 \ufeff", ""),
        ("short", "\u200d\u0301", ""),
        ("long", "one\r\ntwo", "one\ntwo"),
        ("long", "שלום", "שלום"),
        ("long", "x" * 4_000, "x" * 4_000),
        ("scale", "4", "4"),
        ("scale", "4 of 5", "4"),
        ("scale", "4/5", "4"),
        ("scale", "4 de 5", "4"),
        ("scale", "４", "4"),
        ("scale", "Too Full", "5"),
        ("mood", "3", "3"),
        ("yes_no", "Yes", "yes"),
        ("yes_no", "SÍ.", "yes"),
        ("yes_no", "si", "yes"),
        ("yes_no", "nope", "no"),
        ("number", "12", "12"),
        ("number", "12,5", "12.5"),
        ("number", "12.50", "12.5"),
        ("number", "-3", "-3"),
        ("number", "−0.0", "0"),
        ("number", "100", "100"),
        ("number", "1,234,567", "1234567"),
        ("number", "1.234,5", "1234.5"),
        ("number", "1 234", "1234"),
        ("number", "0.125", "0.125"),
        ("date", "2026-01-14", "2026-01-14"),
        ("date", "1/14/2026", "2026-01-14"),
        ("date", "14.1.2026", "2026-01-14"),
        ("date", "2/2", "2026-02-02"),
        ("date", "Jan 14, 2026", "2026-01-14"),
        ("date", "14 de enero", "2026-01-14"),
        ("date", "December 30th", "2025-12-30"),
        ("date", "Sept. 3", "2025-09-03"),
        ("date", "ayer", "2026-01-19"),
        ("one_of", "yard", "yard"),
        ("one_of", "THE YARD", "yard"),
        ("several", "yard gym", ("gym", "yard")),
        ("several", "the yard, in and out and gym", ("gym", "yard", "in_out")),
        ("several", ["yard", "yard"], ("yard",)),
        ("several", "", ()),
        ("number", "", ""),
    ],
)
def test_answer_is_stored_in_one_form(type: str, raw: str | list[str], value: questions.Value) -> None:
    assert check(ask(type), raw, TODAY) == value


@pytest.mark.parametrize(
    ("type", "raw", "kind", "says"),
    [
        ("long", "x" * 4_001, "too_long", "Up to 4000 characters. This one is 4001."),
        ("scale", "6", "scale", "“6” isn’t on this scale. Use a number from 1 to 5, like 3."),
        ("scale", "4 of 7", "scale", "4 of 7"),
        ("scale", "so-so", "scale", "from 1 to 5"),
        ("mood", "0", "mood", "from 1, hard, to 5, great"),
        ("yes_no", "maybe", "yes_no", "Try “yes” or “no”"),
        ("number", "12 kids", "number", "like 12."),
        ("number", "a dozen", "number", "like 12."),
        ("number", "1e9", "number", "digits only"),
        ("number", "9" * 13, "number", "digits only"),
        ("number", "1,000", "two_numbers", "Try 1000 or 1."),
        ("number", "12.500", "two_numbers", "Try 12500 or 12.5."),
        ("date", "3/4/2026", "two_dates", "Try 2026-03-04 or 2026-04-03."),
        ("date", "13/14/2026", "no_such_date", "no day “13/14/2026”"),
        ("date", "2026-02-30", "no_such_date", "like 2026-01-14"),
        ("date", "next Friday", "date", "“next Friday” as a date. Try 2026-01-20."),
        ("date", "0001-01-01", "no_such_date", "0001-01-01"),
        ("one_of", "Shed", "retired", "isn’t a choice anymore. Choose from: Gym, The yard, In and out."),
        ("one_of", "roof", "option", "“roof” isn’t one of the choices"),
        ("several", "gym, roof", "option", "“roof”"),
        ("several", "shed", "retired", "“shed”"),
    ],
)
def test_wrong_answer_is_explained_with_one_that_would_do(type: str, raw: str, kind: str, says: str) -> None:
    question = ask(type)
    problem = check(question, raw, TODAY)
    assert isinstance(problem, Problem)
    assert problem.kind == kind
    assert says in question_words.problem(question, problem)


@pytest.mark.parametrize("type", QuestionType)
@pytest.mark.parametrize("nothing", ["", " \u200b\n", []])
def test_required_question_is_not_answered_with_nothing(type: str, nothing: str | list[str]) -> None:
    assert check(ask(type, required=True), nothing) == Problem("required")


def test_date_without_year_needs_today() -> None:
    assert check(ask("date"), "Jan 14") == Problem("year", "Jan 14")


@given(st.sampled_from(QuestionType), st.text(max_size=30) | st.from_regex(r"[-0-9/., ]{1,12}", fullmatch=True))
def test_value_is_read_back_as_itself(type: QuestionType, raw: str) -> None:
    value = check(ask(type), raw, TODAY)
    if isinstance(value, Problem):
        assert question_words.problem(ask(type), value)
    else:
        assert check(ask(type), value, TODAY) == value


# Questionnaires for the properties below: each question may follow any earlier one.

WORDS = st.text("abc ?", min_size=1, max_size=8).filter(str.strip) | st.just("x" * 101)


@st.composite
def questionnaires(
    draw: st.DrawFn, most: int = 10, types: Sequence[QuestionType] = tuple(QuestionType)
) -> Questionnaire:
    asked: list[Question] = []
    for n in range(draw(st.integers(1, most))):
        type = draw(st.sampled_from(types))
        options = YARD[:3] if type in questions.MOST_OPTIONS else ()
        condition = draw(st.none() | st.sampled_from(asked).flatmap(conditions)) if asked else None
        question = Question(f"q{n}", draw(WORDS), type, draw(st.booleans()), options, condition=condition)
        if type == QuestionType.SCALE:
            question = replace(question, low=draw(st.integers(0, 1)), high=3, low_end=draw(WORDS))
        asked.append(question)
    return Questionnaire(draw(WORDS), tuple(asked), draw(st.sampled_from(["", "Thank you."])), draw(st.integers(1, 9)))


def possible(question: Question) -> tuple[str, ...]:
    """Values of the answer, enough to pass and fail each test that `conditions` makes."""
    if question.type in questions.MOST_OPTIONS:
        return tuple(option.id for option in question.open_options)
    return {"yes_no": ("yes", "no"), "number": ("0", "2", "3")}.get(question.type, question.points or ("words",))


def conditions(parent: Question) -> st.SearchStrategy[Condition]:
    values = st.lists(st.sampled_from(possible(parent)), min_size=1, unique=True).map(tuple)
    return st.sampled_from(TESTS[parent.type]).flatmap(
        lambda test: st.builds(
            Condition,
            st.just(parent.key),
            st.just(test),
            st.just(())
            if "answered" in test
            else values
            if test in ("one_of", "includes_any")
            else values.map(lambda v: v[:1]),
        )
    )


def answers_to(asked: Questionnaire) -> st.SearchStrategy[Answers]:
    return st.fixed_dictionaries({q.key: st.sampled_from(["", *possible(q)]) for q in asked.questions}).map(
        lambda given: {
            q.key: (given[q.key],) if q.type == "several" and given[q.key] else given[q.key] for q in asked.questions
        }
    )


@given(questionnaires())
def test_questionnaire_survives_being_stored(asked: Questionnaire) -> None:
    assert from_json(to_json(asked)) == asked


def test_questionnaire_with_unknown_type_is_refused() -> None:
    with pytest.raises(ValueError, match="video"):
        from_json('{"name": "x", "questions": [{"key": "a", "words": "b", "type": "video"}]}')


@given(questionnaires().flatmap(lambda asked: st.tuples(st.just(asked), answers_to(asked))))
def test_pages_hold_every_shown_question_once_and_in_order(both: tuple[Questionnaire, Answers]) -> None:
    asked, answers = both
    for given_, expected in ((answers, shown(asked.questions, answers)), (None, asked.questions)):
        planned = pages(asked.questions, given_)
        assert tuple(question for page in planned for question in page) == expected
        assert all(0 < sum(question.places for question in page) <= 5 for page in planned)
        for page in planned:
            asked_about = {question.condition.question for question in page if question.condition}
            assert asked_about.isdisjoint(question.key for question in page)


@given(questionnaires().flatmap(lambda asked: st.tuples(st.just(asked), answers_to(asked))))
def test_sending_a_page_changes_no_page_up_to_the_next(both: tuple[Questionnaire, Answers]) -> None:
    asked, answers = both
    final = pages(asked.questions, answers)
    sent: dict[str, questions.Value] = {}
    for n, page in enumerate(final):
        assert pages(asked.questions, sent)[: n + 1][-1:] == (page,)
        sent |= {question.key: answers[question.key] for question in page}


def test_pages_are_full_before_a_new_one_starts() -> None:
    long = "Say in a few words. " * 6
    asked = [Question(f"q{n}", long if n in (0, 4) else "Why?", QuestionType.SHORT) for n in range(7)]
    assert [[q.key for q in page] for page in pages(asked)] == [["q0", "q1", "q2", "q3"], ["q4", "q5", "q6"]]


FOLLOWED = (
    Question("hand", "Would a hand help?", QuestionType.YES_NO),
    Question("what", "With what?", QuestionType.SHORT, condition=Condition("hand", "one_of", ("yes",))),
    Question("who", "Whose?", QuestionType.SHORT, condition=Condition("what", "answered")),
    Question("then", "What then?", QuestionType.SHORT, condition=Condition("what", "not_answered")),
)


@pytest.mark.parametrize(
    ("answers", "keys"),
    [
        ({}, "hand then"),
        ({"hand": "no"}, "hand then"),
        ({"hand": "yes"}, "hand what then"),
        ({"hand": "yes", "what": "the van"}, "hand what who"),
        # What was said before the change of mind is hidden with its question.
        ({"hand": "no", "what": "the van", "who": "Ben"}, "hand then"),
    ],
)
def test_hidden_parent_hides_its_child_except_for_not_answered(answers: Answers, keys: str) -> None:
    assert " ".join(question.key for question in shown(FOLLOWED, answers)) == keys


@pytest.mark.parametrize(
    ("test", "values", "value", "passes"),
    [
        ("one_of", ("a", "b"), "b", True),
        ("one_of", ("a",), "b", False),
        ("includes_any", ("a", "b"), ("b", "c"), True),
        ("includes_any", ("a",), ("b", "c"), False),
        ("at_least", ("4",), "4", True),
        ("at_least", ("4",), "3.9", False),
        ("at_least", ("9",), "10", True),
        ("at_most", ("2",), "10", False),
        ("at_most", ("2",), "", False),
        ("not_answered", (), (), True),
    ],
)
def test_condition_holds(test: str, values: tuple[str, ...], value: questions.Value, passes: bool) -> None:
    assert holds(Condition("q", test, values), value) is passes


FEW_VALUES = (QuestionType.YES_NO, QuestionType.SCALE, QuestionType.ONE_OF, QuestionType.SHORT)


@given(questionnaires(4, FEW_VALUES))
def test_never_and_always_shown_agree_with_trying_all_answers(asked: Questionnaire) -> None:
    def can_be_sent(answers: Answers) -> bool:
        visible = shown(asked.questions, answers)
        return all(answers[question.key] for question in visible if question.is_required)

    every = (
        dict(zip((q.key for q in asked.questions), given_, strict=True))
        for given_ in product(*(("", *possible(q)) for q in asked.questions))
    )
    seen = [{q.key for q in shown(asked.questions, answers)} for answers in every if can_be_sent(answers)]
    for question in asked.questions:
        assert question_lint.never_shown(asked.questions, question) is all(question.key not in each for each in seen)
        assert question_lint.always_shown(asked.questions, question) is all(question.key in each for each in seen)


PARENT = Question("a", "Where?", QuestionType.ONE_OF, True, YARD)
SCALE = Question("a", "How full?", QuestionType.SCALE, True)
ELEVEN = tuple(Option(f"o{n}", f"{n}") for n in range(11))


def choose(*options: Option) -> Question:
    return Question("a", "Where?", QuestionType.ONE_OF, options=options)


def follow(parent: Question, test: str, *values: str, asks: str = "a") -> tuple[Question, ...]:
    return (parent, Question("b", "Why?", QuestionType.SHORT, condition=Condition(asks, test, values)))


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        ((), "no_questions"),
        (tuple(Question(f"q{n}", "Why?", QuestionType.SHORT) for n in range(11)), "many_questions"),
        ((PARENT, PARENT), "same_key same_key"),
        ((Question("A b", " \u200b", QuestionType.SHORT),), "bad_key no_words"),
        ((Question("a", "x" * 301, QuestionType.SHORT, starter="x" * 301),), "long_words long_starter"),
        ((Question("a", "Where?", QuestionType.ONE_OF, options=YARD[1:3]),), "few_options"),
        ((Question("a", "Where?", QuestionType.SEVERAL, options=ELEVEN),), "many_options"),
        ((choose(Option("a", "x" * 76), Option("b", "")),), "long_label no_label"),
        ((choose(Option("a", "Gym"), Option("b", "gym")),), "same_label"),
        ((choose(Option("a", "Gym"), Option("a", "Yard")),), "bad_option_id"),
        ((Question("a", "?", QuestionType.SHORT, options=YARD),), "options_unused"),
        ((Question("a", "?", QuestionType.SCALE, low=5, high=1),), "scale"),
        ((Question("a", "?", QuestionType.SCALE, low=1, high=12, low_end="x" * 41),), "scale long_end"),
        ((Question("a", "?", QuestionType.SCALE, low_end="Low", high_end="low"),), "same_ends"),
        (follow(PARENT, "one_of", "gym", asks="b"), "asks_itself"),
        (follow(PARENT, "one_of", "gym")[::-1], "asks_later"),
        (follow(PARENT, "one_of", "gym", asks="z"), "asks_unknown"),
        (follow(PARENT, "at_least", "3"), "test_of_type"),
        (follow(PARENT, "one_of"), "no_values"),
        (follow(PARENT, "one_of", "roof"), "unknown_option"),
        (follow(PARENT, "one_of", "gym", "shed"), "retired_option"),
        (follow(PARENT, "one_of", "gym", "yard", "in_out"), "always"),
        (follow(PARENT, "answered"), "always"),
        (follow(PARENT, "answered", "gym"), "values_unused"),
        (follow(PARENT, "not_answered"), "never"),
        (follow(SCALE, "at_least", "6"), "outside_scale"),
        (follow(SCALE, "one_of", "1", "0"), "outside_scale"),
        (follow(SCALE, "at_least", "NaN"), "one_number"),
        (follow(SCALE, "at_most", "1", "2"), "one_number"),
        (follow(SCALE, "at_least", "1"), "always"),
        (follow(SCALE, "at_least", "2"), ""),
        (follow(Question("a", "?", QuestionType.YES_NO), "one_of", "maybe"), "unknown_option"),
    ],
)  # fmt: skip
def test_lint_finds(asked: tuple[Question, ...], kinds: str) -> None:
    found = question_lint.lint(Questionnaire("Monday", asked))
    assert [finding.kind for finding in found] == kinds.split()
    assert all(question_words.finding(finding) for finding in found)


def test_lint_of_the_whole() -> None:
    asked = (Question("a", "Why?", QuestionType.SHORT),)
    found = question_lint.lint(Questionnaire("", asked, "x" * 301, 0))
    assert [finding.kind for finding in found] == ["no_name", "long_closing", "minutes"]
    assert all(question_words.finding(finding) for finding in found)
    assert question_lint.lint(Questionnaire("x" * 61, asked))[0].kind == "long_name"


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        ((PARENT,), ""),
        (follow(PARENT, "one_of", "gym"), "follow_up_unsigned"),
        ((Question("a", "How many?", QuestionType.NUMBER),), "type_unsigned"),
        ((Question("a", "When?", QuestionType.DATE),), "type_unsigned"),
        (tuple(Question(f"q{n}", "Why?", QuestionType.SHORT) for n in range(6)), "one_page_unsigned"),
    ],
)
def test_lint_where_nobody_can_tell(asked: tuple[Question, ...], kinds: str) -> None:
    found = question_lint.lint(Questionnaire("Pulse", asked), Level.NOBODY)
    assert [finding.kind for finding in found] == kinds.split()
    assert all(question_words.finding(finding) for finding in found)
