"""Reads and writes a check-in as a YAML file, which holds questions and nobody's answers. Pure functions.

    check-in: Energy and load
    minutes: 3
    level: named
    answer first: close
    reviewed: yes
    questions:
      - key: plate
        words: How full is your plate?
        type: scale
        required: yes
        from: 1
        to: 5
        ends: [light, too full]
      - Where are you? (gym / yard)

A question is a list of fields or one line, as `question_lines` reads it. Every value is text to the reader, so that a
choice called "no" stays "no". References and tags are refused, because a small file can use them to fill the memory.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml
from rapidfuzz import fuzz, process

from bot.domain import question_lines, questions
from bot.domain.question_versions import new_key, same_series
from bot.domain.questions import (
    ANSWERED,
    AT_LEAST,
    AT_MOST,
    INCLUDES_ANY,
    MOST_QUESTIONS,
    NOT_ANSWERED,
    ONE_OF,
    Condition,
    Level,
    Option,
    Question,
    Questionnaire,
    QuestionType,
)
from bot.ui.markup import clean, cut

LONGEST_FILE = 20_000  # characters
DEEPEST = 8  # lists and mappings in one another
MOST_NODES = 1_500
FIELDS = ("check-in", "minutes", "level", "answer first", "reviewed", "closing", "questions")
# When members see what others answered, as it is stored: "" is when it closes, with the count before that.
ANSWER_FIRST = {"no": "", "close": "close", "answered": "answered"}
QUESTION_FIELDS = ("key", "words", "type", "required", "from", "to", "ends", "choices", "starter", "show if")
CHOICE_FIELDS = ("id", "label", "retired")
TESTS = {"is": ONE_OF, "at least": AT_LEAST, "at most": AT_MOST, "answered": ANSWERED}
CONDITION_FIELDS = ("question", *TESTS)
YES = frozenset({"yes", "true", "sí", "si"})
NO = frozenset({"no", "false"})
# How alike an unknown name and a known one must be, of 100, for a suggestion.
NEAR = 60


@dataclass(frozen=True)
class FileProblem:
    """What is wrong in a line, by number from 1. `question_words.file_problem` says it.

    `kind` is one of "yaml", "alias", "long", "deep", "not_a_checkin", "not_a_list", "not_fields", "not_text",
    "not_yes_or_no", "not_a_number", "unknown_field", "same_field", "missing", "unknown_type", "unknown_level",
    "unknown_first", "one_test", and "line", whose `misread` says more.
    """

    line: int
    kind: str
    part: str = ""
    right: tuple[str, ...] = ()
    misread: question_lines.Misread | None = None


@dataclass(frozen=True)
class File:
    """What a file holds. If there are problems, `questionnaire` is only as much as could be read.

    `answer_first` is a value of ANSWER_FIRST. It and `is_reviewed` are None if the file doesn't say.
    """

    questionnaire: Questionnaire
    level: Level = Level.NAMED
    answer_first: str | None = None
    is_reviewed: bool | None = None
    problems: tuple[FileProblem, ...] = ()


class _Wrong(ValueError):
    def __init__(self, node: yaml.Node | int, kind: str, part: str = "", *right: str) -> None:
        super().__init__(kind)
        line = node if isinstance(node, int) else node.start_mark.line + 1
        self.problem = FileProblem(line, kind, cut(clean(part), 60), right)


def write(
    questionnaire: Questionnaire, level: Level = Level.NAMED, answer_first: str = "", *, is_reviewed: bool = False
) -> str:
    """Return the file. `read` reads it back the same."""
    first = {value: name for name, value in ANSWER_FIRST.items()}[answer_first]
    file: dict[str, Any] = {"check-in": questionnaire.name, "minutes": questionnaire.minutes, "level": level.value}
    file |= {"answer first": first if answer_first else False, "reviewed": is_reviewed}
    if questionnaire.closing:
        file["closing"] = questionnaire.closing
    file["questions"] = [_written(question) for question in questionnaire.questions]
    return yaml.safe_dump(file, allow_unicode=True, sort_keys=False, width=1_000)


def _written(question: Question) -> dict[str, Any]:
    fields: dict[str, Any] = {"key": question.key, "words": question.words, "type": question.type.value}
    if question.is_required:
        fields["required"] = True
    if question.type == QuestionType.SCALE:
        fields |= {"from": question.low, "to": question.high}
        if question.low_end or question.high_end:
            fields["ends"] = [question.low_end, question.high_end]
    if question.options:
        fields["choices"] = [
            {"id": option.id, "label": option.label} | ({"retired": True} if option.is_retired else {})
            for option in question.options
        ]
    if question.starter:
        fields["starter"] = question.starter
    if condition := question.condition:
        test: Any = list(condition.values)
        if condition.test in (ANSWERED, NOT_ANSWERED):
            test = condition.test == ANSWERED
        elif condition.test in (AT_LEAST, AT_MOST):
            test = condition.values[0]
        name = {test: name for name, test in TESTS.items()}.get(condition.test, "is")
        name = "answered" if condition.test == NOT_ANSWERED else name
        fields["show if"] = {"question": condition.question, name: test}
    return fields


def merge(old: Sequence[Question], imported: Sequence[Question], used: Sequence[str] = ()) -> tuple[Question, ...]:
    """Return imported questions for a check-in that has `old` ones, by key.

    A key that the check-in has stays if the question is in the same series, with the options that the file leaves out
    retired. Any other gets a new key. `used` are those of earlier versions.
    """
    known = {question.key: question for question in old}
    taken = {*used, *known}
    keys: dict[str, str] = {}
    out: list[Question] = []
    for question in imported:
        was = known.get(question.key)
        if was and same_series(was, question):
            there = {option.id for option in question.options}
            gone = [replace(option, is_retired=True) for option in was.options if option.id not in there]
            question = replace(question, options=(*question.options, *gone))
            keys[question.key] = question.key
        elif was or question.key in taken:
            keys[question.key] = new_key(question.words, taken)
        else:
            keys[question.key] = question.key
        taken.add(keys[question.key])
        if condition := question.condition:
            condition = replace(condition, question=keys.get(condition.question, condition.question))
        out.append(replace(question, key=keys[question.key], condition=condition))
    return tuple(out)


def read(text: str) -> File:
    """Read a file. Whatever is typed, this returns, with what is wrong by line."""
    problems: list[FileProblem] = []
    nothing = Questionnaire("", ())
    try:
        root = _compose(text)
    except _Wrong as wrong:
        return File(nothing, problems=(wrong.problem,))
    if not isinstance(root, yaml.MappingNode):
        return File(nothing, problems=(FileProblem(1, "not_a_checkin"),))
    try:
        fields = _fields(root, FIELDS, problems)
        for field in ("check-in", "questions"):
            if field not in fields:
                raise _Wrong(root, "missing", field)
        asked = _questions(_listed(fields["questions"]), problems)
        read_ = Questionnaire(
            _text(fields["check-in"]),
            asked,
            _text(fields["closing"]) if "closing" in fields else "",
            _whole(fields["minutes"]) if "minutes" in fields else nothing.minutes,
        )
        level = _level(fields["level"]) if "level" in fields else Level.NAMED
        first = _first(fields["answer first"]) if "answer first" in fields else None
        reviewed = _flag(fields["reviewed"]) if "reviewed" in fields else None
    except _Wrong as wrong:
        return File(nothing, problems=(*problems, wrong.problem))
    return File(read_, level, first, reviewed, tuple(problems))


def _compose(text: str) -> yaml.Node | None:
    """Return the tree of the file, once it's known to be small. BaseLoader makes no objects and follows no tags."""
    if len(text) > LONGEST_FILE:
        raise _Wrong(1, "long", str(len(text)), str(LONGEST_FILE))
    try:
        depth = nodes = 0
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or _tag(event):
                raise _Wrong(line, "alias", _line(text, line))
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            nodes += isinstance(event, yaml.NodeEvent)
            if depth > DEEPEST or nodes > MOST_NODES:
                raise _Wrong(line, "deep")
        return yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise _Wrong(line, "yaml", _line(text, line)) from error


def _line(text: str, number: int) -> str:
    lines = text.splitlines()
    return lines[number - 1].strip() if number <= len(lines) else ""


def _tag(event: yaml.Event) -> bool:
    return isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) is not None


def _fields(node: yaml.Node, known: Sequence[str], problems: list[FileProblem]) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise _Wrong(node, "not_fields", "", *known)
    fields: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = " ".join(_text(key).casefold().split())
        if name in fields:
            raise _Wrong(key, "same_field", name)
        if name not in known:
            near = process.extractOne(name, known, scorer=fuzz.ratio, score_cutoff=NEAR)
            problems.append(_Wrong(key, "unknown_field", name, *((near[0],) if near else known)).problem)
        fields[name] = value
    return fields


def _listed(node: yaml.Node) -> list[yaml.Node]:
    if not isinstance(node, yaml.SequenceNode):
        raise _Wrong(node, "not_a_list")
    return list(node.value)


def _text(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _Wrong(node, "not_text")
    return clean(node.value)


def _flag(node: yaml.Node) -> bool:
    word = _text(node).casefold()
    if word not in YES | NO:
        raise _Wrong(node, "not_yes_or_no", word)
    return word in YES


def _whole(node: yaml.Node) -> int:
    word = _text(node)
    digits = word.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 4):
        raise _Wrong(node, "not_a_number", word)
    return int(word)


def _level(node: yaml.Node) -> Level:
    try:
        return Level(_text(node))
    except ValueError:
        raise _Wrong(node, "unknown_level", _text(node), *Level) from None


def _first(node: yaml.Node) -> str:
    word = _text(node).casefold()
    word = "no" if word in NO else word
    if word not in ANSWER_FIRST:
        raise _Wrong(node, "unknown_first", word, *ANSWER_FIRST)
    return ANSWER_FIRST[word]


def _questions(nodes: Sequence[yaml.Node], problems: list[FileProblem]) -> tuple[Question, ...]:
    asked: list[Question] = []
    # One too many is enough for the linter to say that there are too many.
    for node in nodes[: MOST_QUESTIONS + 1]:
        try:
            line = _as_line(node)
            question = _question(node, asked, problems) if line is None else _from_line(node, line, asked)
            asked.append(_with_values_of_parent(question, asked))
        except _Wrong as wrong:
            problems.append(wrong.problem)
            asked.append(Question(f"{question_lines.UNREAD}{len(asked)}", "?", QuestionType.LONG))
    return tuple(asked)


def _with_values_of_parent(question: Question, asked: Sequence[Question]) -> Question:
    """Return the question with ids in its condition where the file has labels. A list of several has a test of its own.

    Which question it asks about is for the linter.
    """
    condition = question.condition
    if condition is None or condition.test != ONE_OF:
        return question
    parent = questions.find(asked, condition.question)
    if parent is None:
        return question
    ids = {option.id for option in parent.options}
    named = {option.label.casefold(): option.id for option in parent.options}
    values = tuple(value if value in ids else named.get(value.casefold(), value) for value in condition.values)
    test = INCLUDES_ANY if parent.type == QuestionType.SEVERAL else ONE_OF
    return replace(question, condition=replace(condition, test=test, values=values))


def _as_line(node: yaml.Node) -> str | None:
    """Return a question written in one line, or None for one written as fields.

    To YAML, a line with a colon in it is a field: "if yes: With what?" has the name "if yes".
    """
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.MappingNode) and len(node.value) == 1:
        ((key, value),) = node.value
        if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode) and key.value not in QUESTION_FIELDS:
            return f"{key.value}: {value.value}"
    return None


def _from_line(node: yaml.Node, line: str, asked: Sequence[Question]) -> Question:
    found = question_lines.read_next(line, asked)
    if isinstance(found, question_lines.Misread):
        wrong = _Wrong(node, "line")
        wrong.problem = replace(wrong.problem, misread=replace(found, line=wrong.problem.line))
        raise wrong
    return found


def _question(node: yaml.Node, asked: Sequence[Question], problems: list[FileProblem]) -> Question:
    fields = _fields(node, QUESTION_FIELDS, problems)
    for field in ("words", "type"):
        if field not in fields:
            raise _Wrong(node, "missing", field)
    name = _text(fields["type"])
    try:
        type = QuestionType(name)
    except ValueError:
        raise _Wrong(fields["type"], "unknown_type", name, *QuestionType) from None
    words = _text(fields["words"])
    ends = [_text(each) for each in _listed(fields["ends"])] if "ends" in fields else ["", ""]
    if len(ends) != 2:
        raise _Wrong(fields["ends"], "not_a_list")
    return Question(
        key=_text(fields["key"]) if "key" in fields else new_key(words, [each.key for each in asked]),
        words=words,
        type=type,
        is_required="required" in fields and _flag(fields["required"]),
        options=_choices(_listed(fields["choices"]), problems) if "choices" in fields else (),
        low=_whole(fields["from"]) if "from" in fields else 1,
        high=_whole(fields["to"]) if "to" in fields else 5,
        low_end=ends[0],
        high_end=ends[1],
        condition=_condition(fields["show if"], problems) if "show if" in fields else None,
        starter=_text(fields["starter"]) if "starter" in fields else "",
    )


def _choices(nodes: Sequence[yaml.Node], problems: list[FileProblem]) -> tuple[Option, ...]:
    out: list[Option] = []
    for node in nodes:
        taken = [option.id for option in out]
        if isinstance(node, yaml.ScalarNode):
            out.append(Option(new_key(_text(node), taken), _text(node)))
            continue
        fields = _fields(node, CHOICE_FIELDS, problems)
        if "label" not in fields:
            raise _Wrong(node, "missing", "label")
        label = _text(fields["label"])
        id = _text(fields["id"]) if "id" in fields else new_key(label, taken)
        out.append(Option(id, label, "retired" in fields and _flag(fields["retired"])))
    return tuple(out)


def _condition(node: yaml.Node, problems: list[FileProblem]) -> Condition:
    fields: Mapping[str, yaml.Node] = _fields(node, CONDITION_FIELDS, problems)
    if "question" not in fields:
        raise _Wrong(node, "missing", "question")
    tests = [name for name in fields if name in TESTS]
    if len(tests) != 1:
        raise _Wrong(node, "one_test", "", *TESTS)
    (name,) = tests
    value, key = fields[name], _text(fields["question"])
    if name == "answered":
        return Condition(key, ANSWERED if _flag(value) else NOT_ANSWERED)
    values = [_text(each) for each in _listed(value)] if isinstance(value, yaml.SequenceNode) else [_text(value)]
    return Condition(key, TESTS[name], tuple(values))
