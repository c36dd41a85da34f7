"""Reads questions that somebody writes one per line, and writes them so. Pure functions.

    How full is your plate? (1-5: light ... too full) *
    Where are you? (gym / yard / room)
    What did you check? (several: exits / radios)
    Would a hand help? (yes/no)
      if yes: With what? (short)

The type stands in brackets at the end; without one, people answer in their own words. A star makes a question required.
An indented "if" asks about the question above it, and "if yes to question 2" about another. What would be read as
something else goes in double quotes. English and Spanish are read whatever the language; `write` uses the current one.

What `write` writes reads back the same, but for starters and retired options, which `carry_over` keeps.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from bot import i18n
from bot.domain import questions
from bot.domain.question_versions import new_key
from bot.domain.questions import (
    ANSWERED,
    AT_LEAST,
    AT_MOST,
    INCLUDES_ANY,
    NOT_ANSWERED,
    ONE_OF,
    Condition,
    Option,
    Question,
    QuestionType,
    check,
)
from bot.ui.markup import clean


@dataclass(frozen=True)
class Misread:
    """A line, by number from 1, that can't be read. `question_words.misread` says why.

    `kind` is one of "type", "commas", "ends", "bracket", "words", "first", "reference", and "condition". `part` is
    what wasn't understood, and `right` what was expected in its place.
    """

    line: int
    kind: str
    part: str
    right: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    questions: tuple[Question, ...]
    misread: tuple[Misread, ...] = ()


QUOTED = r'"(?:[^"]|"")*"'
BULLET = re.compile(r"(?:[-–•·]|\d{1,2}[.)])\s+")
TAB = 4
QUOTED_WORDS = re.compile(rf"({QUOTED}|“[^”]*”)\s*(\(.*\))?\s*(\*?)")
IF = re.compile(rf"(?:if|si)\s+((?:{QUOTED}|[^:])+?)\s*:\s*(.*)", re.IGNORECASE)
STARTS_WITH_IF = re.compile(r"(?:if|si)\s", re.IGNORECASE)
REFERENCE = re.compile(r"(.*?)\s+(?:(?:to|in|for) question|(?:a|en) (?:la )?pregunta) (\d{1,2})", re.IGNORECASE)
CHOICE = re.compile(rf"\s*({QUOTED}(?=\s*(?:/|$))|[^/]*)\s*(/|$)")
SCALE = re.compile(r"(-?\d{1,3})\s*(?:-|–|to|a)\s*(-?\d{1,3})(?:\s*(?::|\s)\s*(.+))?", re.IGNORECASE)
BETWEEN_ENDS = re.compile(r"\s*(?:\.{2,}|…|->|→)\s*")
ENDS = re.compile(rf"({QUOTED}|.*?)\s*(?:\.{{2,}}|…|->|→)\s*({QUOTED}|.*)")

TYPES = {
    "short": QuestionType.SHORT,
    "corta": QuestionType.SHORT,
    "corto": QuestionType.SHORT,
    "breve": QuestionType.SHORT,
    "long": QuestionType.LONG,
    "words": QuestionType.LONG,
    "text": QuestionType.LONG,
    "larga": QuestionType.LONG,
    "largo": QuestionType.LONG,
    "palabras": QuestionType.LONG,
    "texto": QuestionType.LONG,
    "scale": QuestionType.SCALE,
    "escala": QuestionType.SCALE,
    "number": QuestionType.NUMBER,
    "número": QuestionType.NUMBER,
    "numero": QuestionType.NUMBER,
    "date": QuestionType.DATE,
    "day": QuestionType.DATE,
    "fecha": QuestionType.DATE,
    "día": QuestionType.DATE,
    "mood": QuestionType.MOOD,
    "ánimo": QuestionType.MOOD,
    "animo": QuestionType.MOOD,
}
YES_NO = re.compile(r"(?:yes|y|sí|si|s)\s*(?:/|or|o)\s*(?:no|n)")
LIST = re.compile(r"(one|one of|una|uno|una de|uno de|several|several of|varias|varios)\s*:\s*(.*)", re.IGNORECASE)
SEVERAL = frozenset({"several", "several of", "varias", "varios"})
IF_ANSWERED = frozenset({"answered", "responde", "contesta", "respondida", "contestada"})
IF_NOT_ANSWERED = frozenset({"not answered", "unanswered", *(f"no {word}" for word in IF_ANSWERED - {"answered"})})
NUMBER = r"([-+]?\d[\d.,]*)"
COMPARED = (
    (AT_LEAST, re.compile(rf"(?:at least|al menos|por lo menos|como mínimo|>=|≥)\s*{NUMBER}", re.IGNORECASE)),
    (AT_LEAST, re.compile(rf"{NUMBER}\s+(?:or more|o más|o mas)", re.IGNORECASE)),
    (AT_MOST, re.compile(rf"(?:at most|como mucho|como máximo|a lo sumo|<=|≤)\s*{NUMBER}", re.IGNORECASE)),
    (AT_MOST, re.compile(rf"{NUMBER}\s+(?:or less|or fewer|o menos)", re.IGNORECASE)),
)
# What the key of a line that can't be read starts with.
UNREAD = "?"
# How alike a misspelled type must be, of 100, to be suggested.
NEAR = 70


@dataclass(frozen=True)
class Words:
    """How this module writes, in one language."""

    types: dict[QuestionType, str]
    one_of: str
    several: str
    to: str
    yes: str
    condition: str
    answered: str
    not_answered: str
    at_least: str
    at_most: str
    to_question: str


ENGLISH = Words(
    types={
        QuestionType.SHORT: "short",
        QuestionType.LONG: "words",
        QuestionType.YES_NO: "yes/no",
        QuestionType.NUMBER: "number",
        QuestionType.DATE: "date",
        QuestionType.MOOD: "mood",
    },
    one_of="one of: ",
    several="several: ",
    to="to",
    yes="yes",
    condition="if {test}: ",
    answered="answered",
    not_answered="not answered",
    at_least="at least {n}",
    at_most="at most {n}",
    to_question=" to question {n}",
)
SPANISH = Words(
    types={
        QuestionType.SHORT: "corta",
        QuestionType.LONG: "palabras",
        QuestionType.YES_NO: "sí/no",
        QuestionType.NUMBER: "número",
        QuestionType.DATE: "fecha",
        QuestionType.MOOD: "ánimo",
    },
    one_of="una de: ",
    several="varias: ",
    to="a",
    yes="sí",
    condition="si {test}: ",
    answered="responde",
    not_answered="no responde",
    at_least="al menos {n}",
    at_most="como mucho {n}",
    to_question=" a la pregunta {n}",
)


def words_spoken() -> Words:
    return SPANISH if i18n.locale().startswith("es") else ENGLISH


class _Unclear(ValueError):
    """What can't be read in one line; `read` adds its number."""

    def __init__(self, kind: str, part: str, *right: str) -> None:
        super().__init__(kind)
        self.kind, self.part, self.right = kind, part, right


def read(text: str) -> Reading:
    """Read questions, one per line. If `misread` names lines, `questions` only holds their places."""
    asked: list[Question] = []
    indents: list[int] = []
    misread: list[Misread] = []
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if not clean(line):
            continue
        indent = len(line.expandtabs(TAB)) - len(line.expandtabs(TAB).lstrip())
        try:
            question = _read_line(" ".join(clean(line).split()), indent, asked, indents)
        except _Unclear as unclear:
            misread.append(Misread(number, unclear.kind, unclear.part, unclear.right))
            # Its follow-ups need something to follow, and aren't unclear because it is.
            question = Question(f"{UNREAD}{number}", line, QuestionType.LONG)
        asked.append(question)
        indents.append(indent)
    return Reading(tuple(asked), tuple(misread))


def read_next(line: str, asked: Sequence[Question]) -> Question | Misread:
    """Read one line that comes after these questions. An "if" asks about the nearest that isn't a follow-up."""
    try:
        return _read_line(" ".join(clean(line).split()), 0, asked, [0] * len(asked))
    except _Unclear as unclear:
        return Misread(1, unclear.kind, unclear.part, unclear.right)


def read_parts(
    words: str, type: QuestionType, details: str, test: str, asked: Sequence[Question]
) -> Question | Misread:
    """Read a question whose parts were written apart: choices or scale in `details`, and an "if" in `test` or ""."""
    try:
        words = " ".join(clean(words).split())
        if not words:
            raise _Unclear("words", words)
        question = Question(new_key(words, [each.key for each in asked]), words, type)
        if details:
            typed = _typed(question, f"{ENGLISH.several if type == QuestionType.SEVERAL else ''}{clean(details)}")
            if typed.type != type and type == QuestionType.ONE_OF:
                typed = _typed(question, f"{ENGLISH.one_of}{clean(details)}")
            if typed.type != type:
                raise _Unclear("type", details)
            question = typed
        if test:
            said = " ".join(clean(test).split())
            found = IF.fullmatch(f"{said if STARTS_WITH_IF.match(said) else f'if {said}'}: {words}")
            if not found:
                raise _Unclear("condition", test, *(_expected(asked[-1]) if asked else ()))
            parent, rest = _parent(found[1], 0, asked, [0] * len(asked))
            question = replace(question, condition=_condition(parent, rest))
        return question
    except _Unclear as unclear:
        return Misread(1, unclear.kind, unclear.part, unclear.right)


def _read_line(line: str, indent: int, asked: Sequence[Question], indents: Sequence[int]) -> Question:
    line = BULLET.sub("", line, count=1) if BULLET.match(line) else line
    condition = None
    if found := IF.fullmatch(line):
        parent, test = _parent(found[1], indent, asked, indents)
        condition = _condition(parent, test)
        line = found[2]
    words, spec, is_required = _parts(line)
    if not words:
        raise _Unclear("words", line)
    question = Question(
        new_key(words, [each.key for each in asked]), words, QuestionType.LONG, is_required, condition=condition
    )
    return _typed(question, spec) if spec else question


def _parts(line: str) -> tuple[str, str, bool]:
    """Split a line into the words, what is in the brackets at its end, and whether it has a star."""
    if found := QUOTED_WORDS.fullmatch(line):
        return _unquoted(found[1]), (found[2] or "")[1:-1].strip(), bool(found[3])
    starred = line.strip("* ")
    is_required = starred != line.strip()
    words, spec = starred, ""
    if starred.endswith(")"):
        opened = _opening(starred)
        words, spec = starred[:opened].rstrip(), starred[opened + 1 : -1].strip()
        if words.endswith("*"):
            words, is_required = words.rstrip("* "), True
    elif re.search(r"[?!:.]\s*\([^()]*$", starred):
        raise _Unclear("bracket", starred[starred.rindex("(") :], f"{starred[starred.rindex('(') :]})")
    if found := QUOTED_WORDS.fullmatch(words):
        words = _unquoted(found[1])
    return words, spec, is_required


def _opening(text: str) -> int:
    """Return where the bracket opens that closes at the end."""
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(text[place], 0)
        if not depth:
            return place
    raise _Unclear("bracket", text, f"({text}")


def _typed(question: Question, spec: str) -> Question:
    plain = " ".join(spec.casefold().split())
    if plain in TYPES:
        return replace(question, type=TYPES[plain])
    if YES_NO.fullmatch(plain):
        return replace(question, type=QuestionType.YES_NO)
    if found := SCALE.fullmatch(spec):
        low_end, high_end = _ends(found[0], found[3]) if found[3] else ("", "")
        return replace(
            question,
            type=QuestionType.SCALE,
            low=int(found[1]),
            high=int(found[2]),
            low_end=low_end,
            high_end=high_end,
        )
    if found := LIST.fullmatch(spec):
        is_several = found[1].casefold() in SEVERAL
        labels = _choices(found[2])
        if len(labels) == 1 and "," in labels[0] and not found[2].startswith('"'):
            raise _Unclear("commas", spec, f"({found[1]}: {' / '.join(part.strip() for part in found[2].split(','))})")
        return replace(
            question, type=QuestionType.SEVERAL if is_several else QuestionType.ONE_OF, options=_options(labels)
        )
    labels = _choices(spec)
    if len(labels) > 1:
        return replace(question, type=QuestionType.ONE_OF, options=_options(labels))
    if "," in spec:
        raise _Unclear("commas", spec, f"({' / '.join(part.strip() for part in spec.split(',') if part.strip())})")
    near = process.extractOne(plain, (*TYPES, "yes/no", "sí/no"), scorer=fuzz.ratio, score_cutoff=NEAR)
    raise _Unclear("type", spec, *([f"({near[0]})"] if near else []))


def _ends(spec: str, typed: str) -> tuple[str, str]:
    found = ENDS.fullmatch(typed)
    if not found:
        range_ = spec[: -len(typed)].strip(" :")
        two = re.split(r"\s*(?:/|,|;| - | – )\s*", typed)
        example = " ... ".join(two) if len(two) == 2 else "low ... high"
        raise _Unclear("ends", typed, f"({range_}: {example})")
    return _unquoted(found[1]), _unquoted(found[2])


def _choices(typed: str) -> list[str]:
    labels, rest = [], typed
    while True:
        found = CHOICE.match(rest)
        assert found
        labels.append(_unquoted(found[1].strip()))
        rest = rest[found.end() :]
        if not found[2]:
            return labels


def _options(labels: Sequence[str]) -> tuple[Option, ...]:
    out: list[Option] = []
    for label in labels:
        out.append(Option(new_key(label, [option.id for option in out]), label))
    return tuple(out)


def _unquoted(text: str) -> str:
    if re.fullmatch(QUOTED, text):
        return text[1:-1].replace('""', '"')
    return text[1:-1] if re.fullmatch("“[^”]*”", text) else text


def _parent(test: str, indent: int, asked: Sequence[Question], indents: Sequence[int]) -> tuple[Question, str]:
    """Return the question that an "if" asks about, and the test without the reference to it."""
    if not asked:
        raise _Unclear("first", test)
    if (found := REFERENCE.fullmatch(test)) and found[1]:
        if not 1 <= int(found[2]) <= len(asked):
            raise _Unclear("reference", found[2], str(len(asked)))
        return asked[int(found[2]) - 1], found[1]
    return asked[_above(indent, asked, indents)], test


def _above(indent: int, asked: Sequence[Question], indents: Sequence[int]) -> int:
    """Return the place of the question that a follow-up with this indent follows.

    It is the nearest one further left. Where indents were lost, it's the nearest that isn't a follow-up.
    """
    places = range(len(asked) - 1, -1, -1)
    left = next((place for place in places if indents[place] < indent), None)
    if left is not None:
        return left
    return next((place for place in places if asked[place].condition is None), len(asked) - 1)


def _condition(parent: Question, test: str) -> Condition:
    plain = " ".join(test.casefold().split())
    if parent.key.startswith(UNREAD):
        return Condition(parent.key, ANSWERED)
    if plain in IF_NOT_ANSWERED:
        return Condition(parent.key, NOT_ANSWERED)
    if plain in IF_ANSWERED:
        return Condition(parent.key, ANSWERED)
    for kind, pattern in COMPARED:
        if (found := pattern.fullmatch(plain)) and kind in questions.TESTS[parent.type]:
            number = check(replace(parent, type=QuestionType.NUMBER), found[1])
            if isinstance(number, str) and number:
                return Condition(parent.key, kind, (number,))
    kind = INCLUDES_ANY if parent.type == QuestionType.SEVERAL else ONE_OF
    if kind not in questions.TESTS[parent.type]:
        raise _Unclear("condition", test, *_expected(parent))
    # "if gym or yard" is said more often than "if gym / yard".
    values = _values(parent, _choices(test)) or _values(parent, re.split(r"\s+(?:or|o)\s+", test))
    if not values:
        raise _Unclear("condition", test, *_expected(parent))
    return Condition(parent.key, kind, values)


def _values(parent: Question, parts: Sequence[str]) -> tuple[str, ...]:
    """Return the values that `parts` name, each once, or () if one of them names none."""
    values: list[str] = []
    for part in parts:
        if parent.type in questions.MOST_OPTIONS:
            label = part.casefold()
            value = next((option.id for option in parent.options if option.label.casefold() == label), "")
        else:
            read_as = check(parent, part)
            value = read_as if isinstance(read_as, str) else ""
        if not value:
            return ()
        values.append(value)
    return tuple(dict.fromkeys(values))


def _expected(parent: Question) -> tuple[str, ...]:
    words = words_spoken()
    tests = {ANSWERED: words.answered, AT_LEAST: words.at_least.format(n=parent.points[-2] if parent.points else 3)}
    named = [option.label for option in parent.open_options[:1]]
    if parent.type == QuestionType.YES_NO:
        named = [words.yes]
    possible = [*named, *(tests[test] for test in questions.TESTS[parent.type] if test in tests)]
    return tuple(words.condition.format(test=test).strip() for test in possible)


# Writing


def write(asked: Sequence[Question]) -> str:
    """Return the questions as lines that `read` reads, in the current language."""
    lines: list[str] = []
    indents: list[int] = []
    for place, question in enumerate(asked):
        indent, condition = _written_condition(question, asked[:place], indents)
        indents.append(indent)
        lines.append(" " * indent + condition + _written(question))
    return "\n".join(lines)


def write_details(question: Question) -> str:
    """Return the choices or the scale of a question as they stand in the brackets; "" if its type has none."""
    if question.type in questions.MOST_OPTIONS:
        return " / ".join(_written_label(option.label, is_only=False) for option in question.open_options)
    return _written_type(question, "")


def write_condition(question: Question, earlier: Sequence[Question]) -> str:
    """Return the "if" of a question, with the number of the one it asks about; "" for none."""
    place = _place_of_parent(question, earlier)
    if question.condition is None or place is None:
        return ""
    words = words_spoken()
    test = _written_test(question.condition, earlier[place]) + words.to_question.format(n=place + 1)
    return words.condition.format(test=test).rstrip(": ")


def _written(question: Question) -> str:
    """Return the line without its condition: as plain as it can be and still be read as the same question."""
    star = " *" if question.is_required else ""
    spec = words_spoken().types.get(question.type, "")
    plain = replace(question, condition=None, starter="", options=tuple(map(_bare, question.open_options)))
    bracket = "" if question.type == QuestionType.LONG else f" ({_written_type(question, spec)})"
    quoted = _quoted(question.words)
    long = f" ({spec})"
    tries = (
        f"{question.words}{bracket}{star}",
        f"{question.words}{bracket or long}{star}",
        f"{quoted}{bracket}{star}",
        f"{quoted}{bracket or long}{star}",
    )
    return next((line for line in tries if _reads_as(line, plain)), tries[-1])


def _bare(option: Option) -> Option:
    return replace(option, id="")


def _reads_as(line: str, question: Question) -> bool:
    found = read(line)
    if found.misread or len(found.questions) != 1:
        return False
    one = found.questions[0]
    return replace(one, key=question.key, options=tuple(map(_bare, one.options))) == question


def _written_type(question: Question, spec: str) -> str:
    words = words_spoken()
    if question.type == QuestionType.SCALE:
        range_ = f"{question.low}-{question.high}"
        if question.low < 0 or question.high < 0:
            range_ = f"{question.low} {words.to} {question.high}"
        ends = [
            _quoted(end) if BETWEEN_ENDS.search(end) or '"' in end else end
            for end in (question.low_end, question.high_end)
        ]
        return f"{range_}: {' ... '.join(ends).strip()}" if any(ends) else range_
    if question.type not in questions.MOST_OPTIONS:
        return spec
    is_only = len(question.open_options) == 1
    listed = " / ".join(_written_label(option.label, is_only=is_only) for option in question.open_options)
    if question.type == QuestionType.SEVERAL:
        return f"{words.several}{listed}"
    is_plain = not is_only and not any(pattern.fullmatch(listed) for pattern in (LIST, SCALE))
    return listed if is_plain and not YES_NO.fullmatch(listed.casefold()) else f"{words.one_of}{listed}"


def _written_label(label: str, *, is_only: bool) -> str:
    return _quoted(label) if "/" in label or label[:1] in ('"', "“") or (is_only and "," in label) else label


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _place_of_parent(question: Question, earlier: Sequence[Question]) -> int | None:
    condition = question.condition
    return next((n for n, each in enumerate(earlier) if condition and each.key == condition.question), None)


def _written_condition(question: Question, earlier: Sequence[Question], indents: Sequence[int]) -> tuple[int, str]:
    """Return the indent of a question, and its "if", which refers by number to a parent that isn't right above."""
    place = _place_of_parent(question, earlier)
    if question.condition is None or place is None:
        return 0, ""
    words = words_spoken()
    indent, to = indents[place] + 2, ""
    if _above(indent, earlier, indents) != place:
        indent, to = 0, words.to_question.format(n=place + 1)
    return indent, words.condition.format(test=_written_test(question.condition, earlier[place]) + to)


def _written_test(condition: Condition, parent: Question) -> str:
    words = words_spoken()
    match condition.test:
        case "answered":
            return words.answered
        case "not_answered":
            return words.not_answered
        case "at_least":
            return words.at_least.format(n=" ".join(condition.values))
        case "at_most":
            return words.at_most.format(n=" ".join(condition.values))
    return " / ".join(_written_value(value, parent) for value in condition.values)


def _written_value(value: str, parent: Question) -> str:
    if parent.type == QuestionType.YES_NO:
        return words_spoken().yes if value == "yes" else "no"
    option = next((option for option in parent.options if option.id == value), None)
    if option is None:
        return value
    return (
        option.label
        if re.fullmatch(r"[\w' -]+", option.label) and not _means_more(option.label)
        else _quoted(option.label)
    )


def _means_more(label: str) -> bool:
    """Return whether a label alone would be read as another test or as a reference."""
    plain = label.casefold()
    return (
        plain in IF_ANSWERED
        or plain in IF_NOT_ANSWERED
        or any(pattern.fullmatch(plain) for _kind, pattern in COMPARED)
        or REFERENCE.fullmatch(label) is not None
        or " or " in plain
        or " o " in plain
    )
