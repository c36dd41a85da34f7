"""Questions written one per line: what is read, what isn't, and that what is written reads back the same."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import question_words, questions
from bot.domain.question_lines import read, write
from bot.domain.question_versions import new_key
from bot.domain.questions import TESTS, Condition, Option, Question, QuestionType
from bot.i18n import speaking

ENGLISH = """\
How full is your plate? (1-5: light ... too full) *
Where are you? (gym / yard / room)
  if gym / yard: Who is there? (short)
What did you check? (several: exits / radios)
  if exits: Which one is blocked?
Would a hand help? (yes/no)
  if yes: With what? (short) *
    if not answered: Who could know? (short)
How many adults? (number)
  if at least 3: Who leads? (short)
When? (date)
How was it? (mood)
  if at most 2 to question 1: What makes it light?
Anything else?"""
SPANISH = """\
How full is your plate? (1-5: light ... too full) *
Where are you? (gym / yard / room)
  si gym / yard: Who is there? (corta)
What did you check? (varias: exits / radios)
  si exits: Which one is blocked?
Would a hand help? (sí/no)
  si sí: With what? (corta) *
    si no responde: Who could know? (corta)
How many adults? (número)
  si al menos 3: Who leads? (corta)
When? (fecha)
How was it? (ánimo)
si como mucho 2 a la pregunta 1: What makes it light?
Anything else?"""


def test_lines_are_written_as_they_are_taught() -> None:
    found = read(ENGLISH)
    assert not found.misread
    written = ENGLISH.replace("  if at most 2 to", "if at most 2 to")
    assert write(found.questions) == written
    with speaking("es"):
        assert write(found.questions) == SPANISH
        assert read(SPANISH) == found
    assert read(SPANISH) == found


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("What did you try?", Question("what_did_you_try", "What did you try?", QuestionType.LONG)),
        ("- What?  (SHORT)*", Question("what", "What?", QuestionType.SHORT, True)),
        ("* What? (words)", Question("what", "What?", QuestionType.LONG, True)),
        ("2) What?* (text)", Question("what", "What?", QuestionType.LONG, True)),
        ("What (or not)? (breve)", Question("what_or_not", "What (or not)?", QuestionType.SHORT)),
        ('"1. What (or not)"', Question("1_what_or_not", "1. What (or not)", QuestionType.LONG)),
        ("“If so: what?” (short)", Question("if_so_what", "If so: what?", QuestionType.SHORT)),
        ("Full? (0–10)", Question("full", "Full?", QuestionType.SCALE, low=0, high=10)),
        ("Ok? (1 to 3: no … yes)", Question("ok", "Ok?", QuestionType.SCALE, high=3, low_end="no", high_end="yes")),
        ("Full? (scale)", Question("full", "Full?", QuestionType.SCALE)),
        ("Full? (1-5 ... too full)", Question("full", "Full?", QuestionType.SCALE, high_end="too full")),
        ("Ready? (Yes or No)", Question("ready", "Ready?", QuestionType.YES_NO)),
        ("¿Listo? (sí / no)", Question("listo", "¿Listo?", QuestionType.YES_NO)),
        ("¿Cuántos? (Número)", Question("cuantos", "¿Cuántos?", QuestionType.NUMBER)),
        (
            "Ready? (one of: yes / no)",
            Question("ready", "Ready?", QuestionType.ONE_OF, options=(Option("yes", "yes"), Option("no", "no"))),
        ),
        (
            '¿Qué? (varias: "y/o" / sal (gorda) / 50%)',
            Question(
                "que",
                "¿Qué?",
                QuestionType.SEVERAL,
                options=(Option("y_o", "y/o"), Option("sal_gorda", "sal (gorda)"), Option("50", "50%")),
            ),
        ),
    ],
)  # fmt: skip
def test_line_is_read(line: str, expected: Question) -> None:
    assert read(line).questions == (expected,)
    assert read(write([expected])).questions == (expected,)


@pytest.mark.parametrize(
    ("parent", "test", "expected"),
    [
        ("Ok? (yes/no)", "if YES", Condition("ok", "one_of", ("yes",))),
        ("Ok? (yes/no)", "si sí", Condition("ok", "one_of", ("yes",))),
        ("Ok? (yes/no)", "if no", Condition("ok", "one_of", ("no",))),
        ("Ok? (a / b / c)", "if a or b", Condition("ok", "one_of", ("a", "b"))),
        ("Ok? (a / b / c)", "if B", Condition("ok", "one_of", ("b",))),
        ('Ok? (a / "answered")', 'if "answered"', Condition("ok", "one_of", ("answered",))),
        ("Ok? (several: a / b / c)", "si a o c", Condition("ok", "includes_any", ("a", "c"))),
        ("Ok? (1-5)", "if 4 or more", Condition("ok", "at_least", ("4",))),
        ("Ok? (1-5)", "if >= 4", Condition("ok", "at_least", ("4",))),
        ("Ok? (mood)", "si 2 o menos", Condition("ok", "at_most", ("2",))),
        ("Ok? (1-5)", "if 1 / 5", Condition("ok", "one_of", ("1", "5"))),
        ("Ok? (number)", "if at most 2,5", Condition("ok", "at_most", ("2.5",))),
        ("Ok?", "if answered", Condition("ok", "answered")),
        ("Ok?", "si no contesta", Condition("ok", "not_answered")),
    ],
)
@pytest.mark.parametrize("indent", ["", "  ", "\t"])
def test_condition_is_read(parent: str, test: str, expected: Condition, indent: str) -> None:
    found = read(f"{parent}\n{indent}{test}: Why?")
    assert not found.misread
    assert found.questions[1].condition == expected


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("Ok?\nWhere? (gym, yard)", "commas", "Line 2: I didn’t understand “gym, yard”. Put a slash"),
        ("Where? (several: gym, yard)", "commas", "like (several: gym / yard)."),
        ("How many? (numbr)", "type", "I didn’t understand “(numbr)”. Did you mean (number)?"),
        ("How many? (roughly)", "type", "I didn’t understand “(roughly)”. Try (short), (1-5: low ... high)"),
        ("Full? (1-5: light, full)", "ends", "like (1-5: light ... full)."),
        ("Where? (gym / yard", "bracket", "A bracket is missing. Try (gym / yard)."),
        ("(gym / yard)", "words", "“(gym / yard)” has no question in it"),
        ("if yes: Why?", "first", "“if yes” follows no question, because it’s the first."),
        ("If you could: what?", "first", "put the question in quotes"),
        ("Ok? (yes/no)\n  if maybe: Why?", "condition", "Line 2: I didn’t understand “maybe” as an answer to"),
        ("Ok? (yes/no)\n  if maybe: Why?", "condition", "Try “if yes:”, “if answered:”."),
        ("Ok? (gym / yard)\n  if roof: Why?", "condition", "Try “if gym:”"),
        ("Ok? (1-5)\n  if full: Why?", "condition", "“if at least 4:”"),
        ("Ok?\n  if yes: Why?", "condition", "Try “if answered:”."),
        ("Ok? (yes/no)\nWhy?\n  if yes to question 3: Who?", "reference", "Use a number from 1 to 2."),
    ],
)  # fmt: skip
def test_line_that_is_not_understood_is_quoted_with_what_was_expected(text: str, kind: str, says: str) -> None:
    (misread,) = read(text).misread
    assert misread.kind == kind
    assert says in question_words.misread(misread)


def test_every_unclear_line_is_named_but_none_for_what_it_follows() -> None:
    found = read("Where? (gym, yard)\n  if gym: Who?\n  if yard: Who?\n\nHow many? (nombre)\nOk?")
    assert [(each.line, each.kind) for each in found.misread] == [(1, "commas"), (5, "type")]


AWKWARD = [
    "if ",
    "si ",
    "yes",
    "no",
    ": ",
    "(",
    ")",
    "/",
    " / ",
    '"',
    "“",
    "”",
    "...",
    "…",
    "*",
    "- ",
    "1. ",
    "1-5",
    ",",
    "?",
]
AWKWARD += ["answered", "at least 3", " to question 1", " or ", "several: ", "one of: ", "short", "ñ", "→", "a", "b"]
PIECES = st.lists(st.sampled_from(AWKWARD), min_size=1, max_size=6).map("".join)
TEXT = (PIECES | st.text('ab :/()"*.-1?if', min_size=1, max_size=12)).map(lambda t: " ".join(t.split())).filter(bool)


@st.composite
def lists_of_questions(draw: st.DrawFn) -> tuple[Question, ...]:
    asked: list[Question] = []
    for _n in range(draw(st.integers(1, 6))):
        words, type = draw(TEXT), draw(st.sampled_from(QuestionType))
        question = Question(new_key(words, [q.key for q in asked]), words, type, draw(st.booleans()))
        if type in questions.MOST_OPTIONS:
            options: list[Option] = []
            for label in draw(st.lists(TEXT, min_size=1, max_size=4, unique_by=str.casefold)):
                options.append(Option(new_key(label, [o.id for o in options]), label))
            question = replace(question, options=tuple(options))
        if type == QuestionType.SCALE:
            low, ends = draw(st.integers(-2, 1)), st.just("") | TEXT
            question = replace(question, low=low, high=low + 4, low_end=draw(ends), high_end=draw(ends))
        if asked:
            question = replace(question, condition=draw(st.none() | st.sampled_from(asked).flatmap(conditions)))
        asked.append(question)
    return tuple(asked)


def conditions(parent: Question) -> st.SearchStrategy[Condition]:
    possible = {"yes_no": ("yes", "no"), "number": ("-1", "2.5", "30")}.get(parent.type, parent.points)
    possible = possible or tuple(option.id for option in parent.options) or ("",)
    values = st.lists(st.sampled_from(possible), min_size=1, unique=True).map(tuple)

    def of(test: str) -> st.SearchStrategy[Condition]:
        if test in ("answered", "not_answered"):
            return st.just(Condition(parent.key, test))
        return values.map(lambda some: Condition(parent.key, test, some[:1] if test.startswith("at_") else some))

    return st.sampled_from(TESTS[parent.type]).flatmap(of)


@given(lists_of_questions(), st.sampled_from(["en", "es"]))
def test_what_is_written_reads_back_the_same(asked: tuple[Question, ...], language: str) -> None:
    with speaking(language):
        written = write(asked)
    found = read(written)
    assert not found.misread, written
    assert found.questions == asked, written


@given(st.lists(TEXT | st.text(max_size=20), max_size=6).map("\n".join))
def test_anything_is_read_or_said_to_be_unclear(text: str) -> None:
    found = read(text)
    assert all(question_words.misread(each) for each in found.misread)
    if not found.misread:
        assert read(write(found.questions)).questions == found.questions
