"""Check-ins as YAML files: written and read back the same, and every wrong file is told by its line."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import question_words
from bot.domain.checkin_files import LONGEST_FILE, File, merge, read, write
from bot.domain.question_lint import errors
from bot.domain.questions import Condition, Level, Option, Question, Questionnaire, QuestionType
from storage.learning.checkins import UNTIL_ANSWERED, UNTIL_CLOSE

FILE = """\
check-in: Energy and load
minutes: 3
level: facilitators
answer first: close
reviewed: true
closing: Thank you.
questions:
- key: plate
  words: How full is your plate?
  type: scale
  required: true
  from: 1
  to: 5
  ends:
  - light
  - too full
- key: where
  words: 'Where: inside?'
  type: one_of
  choices:
  - id: gym
    label: Gym
  - id: 'no'
    label: 'No'
    retired: true
  - id: '5'
    label: '5'
  starter: I was …
- key: why
  words: Why there?
  type: long
  show if:
    question: where
    is:
    - gym
    - '5'
"""
ENERGY = Questionnaire(
    "Energy and load",
    (
        Question("plate", "How full is your plate?", QuestionType.SCALE, True, low_end="light", high_end="too full"),
        Question(
            "where",
            "Where: inside?",
            QuestionType.ONE_OF,
            options=(Option("gym", "Gym"), Option("no", "No", True), Option("5", "5")),
            starter="I was …",
        ),
        Question("why", "Why there?", QuestionType.LONG, condition=Condition("where", "one_of", ("gym", "5"))),
    ),
    "Thank you.",
)


def test_file_is_written_and_read() -> None:
    assert write(ENERGY, Level.FACILITATORS, "close", is_reviewed=True) == FILE
    assert read(FILE) == File(ENERGY, Level.FACILITATORS, "close", True)


def test_file_that_says_less_leaves_it_open() -> None:
    found = read("check-in: Monday\nquestions:\n- Why?")
    assert (found.level, found.answer_first, found.is_reviewed) == (Level.NAMED, None, None)
    assert read("answer first: NO\ncheck-in: Monday\nquestions:\n- Why?").answer_first == ""


def test_short_form_takes_a_line_for_a_question() -> None:
    short = """
        check-in: Monday
        questions:
          - What could knock it off course?
          - How full is your plate? (1-5: light ... too full) *
          - Would a hand help? (yes/no)
          - if yes: With what? (short)
          - words: Who?
            type: several
            choices: [Ben, no]
          - words: Why him?
            type: long
            show if: {question: who, is: NO}
    """
    found = read(short)
    assert not found.problems
    assert not errors(found.questionnaire)
    course, plate, hand, what, who, why = found.questionnaire.questions
    assert (course.type, plate.type, plate.is_required, plate.high_end) == ("long", "scale", True, "too full")
    assert what.condition == Condition(hand.key, "one_of", ("yes",))
    assert who.options == (Option("ben", "Ben"), Option("no", "no"))
    assert why.condition == Condition("who", "includes_any", ("no",))


BOMB = "a: &a [x, x]\nb: &b [*a, *a, *a, *a]\nquestions: [*b, *b]"
START = "check-in: Monday\nquestions:\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (BOMB, "Line 1: “a: &a [x, x]” has a reference or a tag"),
        (f"{START}- *x", "Line 3: “- *x” has a reference"),
        (f"{START}- !!python/object/apply:os.system [ls]", "os.system [ls]” has a reference or a tag"),
        ("x" * (LONGEST_FILE + 1), "up to 20000 characters. This one has 20001"),
        ("[" * 5_000, "more than a check-in can"),
        ("[" + "x, " * 2_000 + "]", "more than a check-in can"),
        ("", "Line 1: this isn’t a check-in"),
        ("- Monday", "Line 1: this isn’t a check-in"),
        ("a: b: c", "Line 1: “a: b: c” isn’t YAML"),
        ("a: 'b", "Line 1: “a: 'b” isn’t YAML"),
        ("a: \x00", "isn’t YAML"),
        ("--- a\n--- b", "Line 2: “--- b” isn’t YAML"),
        ("check-in: Monday", "“questions” is missing"),
        ("questions: []", "“check-in” is missing"),
        ("check-in: [a]\nquestions: []", "Line 1: this needs one text"),
        ("check-in: a\nquestions: none", "Line 2: a list is missing"),
        (f"minuts: 3\n{START}- Why?", "Line 1: “minuts” isn’t a field. Did you mean “minutes”?"),
        (f"{START}- {{words: a, type: long, xyz: 1}}", "“xyz” isn’t a field. They can be: key, words"),
        (f"check-in: a\n{START}- Why?", "Line 2: “check-in” is there twice"),
        (f"minutes: soon\n{START}- Why?", "Line 1: “soon” isn’t a whole number"),
        (f"level: secret\n{START}- Why?", "“secret” isn’t a level. The levels are: named, facilitators, nobody"),
        (f"answer first: soon\n{START}- Why?", "“soon” isn’t when answers are shown. It can be: no, close, answered"),
        (f"reviewed: soon\n{START}- Why?", "“soon” isn’t yes or no"),
        (f"{START}- words: Face?\n  type: video", "Line 4: “video” isn’t a type of question. The types are: short"),
        (f"{START}- words: Face?\n  type: no", "Line 4: “no” isn’t a type of question"),
        (f"{START}- words: Face?", "Line 3: the field “type” is missing"),
        (f"{START}- {{key: a, type: long}}", "Line 3: the field “words” is missing"),
        (f"{START}- [a]", "Line 3: this needs fields"),
        (f"{START}- {{words: a, type: long, required: maybe}}", "“maybe” isn’t yes or no"),
        (f"{START}- {{words: a, type: scale, ends: [x]}}", "a list is missing here, like [light"),
        (f"{START}- {{words: a, type: one_of, choices: [{{id: x}}]}}", "“label” is missing"),
        (f"{START}- {{words: a, type: long, show if: {{question: b}}}}", "needs the question and one test"),
        (f"{START}- {{words: a, type: long, show if: {{answered: yes}}}}", "“question” is missing"),
        (f"{START}- Why?\n- Where? (gym, yard)", "Line 4: I didn’t understand “gym, yard”"),
    ],
)  # fmt: skip
def test_wrong_file_is_told_by_its_line(text: str, says: str) -> None:
    found = read(text)
    assert says in "\n".join(map(question_words.file_problem, found.problems))


def test_every_wrong_question_is_told_at_once() -> None:
    found = read(f"{START}- {{words: a, type: video}}\n- Why?\n- {{words: b, type: face}}")
    assert [(each.line, each.part) for each in found.problems] == [(3, "video"), (5, "face")]


def test_wrong_list_of_questions_is_left_to_the_linter() -> None:
    many = read(START + "- Why?\n" * 11)
    assert not many.problems
    assert [each.kind for each in errors(many.questionnaire)] == ["many_questions"]
    twice = read(f"{START}- {{key: a, words: a, type: long}}\n- {{key: a, words: b, type: long}}")
    assert [each.kind for each in errors(twice.questionnaire)] == ["same_key", "same_key"]
    assert [each.kind for each in errors(read("check-in: a\nquestions: []").questionnaire)] == ["no_questions"]


@given(st.text("abq:- \n[]{}\"'#&*!?|>%@`,0yn.", max_size=80) | st.text(max_size=40))
def test_anything_is_read_or_told_to_be_wrong(text: str) -> None:
    for start in ("", START + "- "):
        found = read(start + text)
        assert all(question_words.file_problem(each) for each in found.problems)


TEXT = (
    st.text("abí:- #&*!'\"/()[]{}yesno01.", min_size=1, max_size=12)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)


@given(
    st.lists(TEXT, min_size=4, max_size=4),
    TEXT,
    st.integers(1, 9),
    st.sampled_from(Level),
    st.sampled_from(["", UNTIL_CLOSE, UNTIL_ANSWERED]),
    st.booleans(),
)
def test_awkward_words_read_back_the_same(
    words: list[str], closing: str, minutes: int, level: Level, first: str, is_reviewed: bool
) -> None:
    plate, where, why = ENERGY.questions
    asked = (
        replace(plate, low_end=words[0], high_end=words[1]),
        replace(where, options=(Option("gym", words[2]), Option("5", words[3])), starter=words[0]),
        replace(why, words=words[1]),
    )
    questionnaire = Questionnaire(words[0], asked, closing, minutes)
    file = write(questionnaire, level, first, is_reviewed=is_reviewed)
    assert read(file) == File(questionnaire, level, first, is_reviewed)


def test_import_keeps_the_keys_of_the_same_check_in() -> None:
    plate, where, why = ENERGY.questions
    edited = (
        replace(why, condition=None, words="Why, in short?"),
        replace(plate, high=7),
        replace(where, options=where.options[1:]),
        Question("old", "New?", QuestionType.SHORT, condition=Condition("plate", "at_least", ("6",))),
    )
    merged = merge(ENERGY.questions, edited, used=["old"])
    assert [question.key for question in merged] == ["why", "how_full_is_your_plate", "where", "new"]
    assert merged[2].options == (*where.options[1:], Option("gym", "Gym", True))
    assert merged[3].condition == Condition("how_full_is_your_plate", "at_least", ("6",))


def test_import_as_a_new_check_in_keeps_the_file_as_it_is() -> None:
    assert merge((), ENERGY.questions) == ENERGY.questions
