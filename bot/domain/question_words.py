"""The words about questions that several features share: why an answer can't be taken, and what a check-in lacks.

All of it is plain text, as the errors of a form are.
"""

from bot.domain.checkin_files import FileProblem
from bot.domain.question_lines import Misread
from bot.domain.question_lint import LONGEST_END, Finding
from bot.domain.questions import LONGEST_ANSWER, Level, Problem, Question, QuestionType
from bot.i18n import gettext as _
from bot.ui.limits import MAX_CHOICE
from bot.ui.markup import clean, cut

QUOTED = 60  # characters of what somebody typed
NAMED = 5  # options that a sentence names


def type_name(type: QuestionType) -> str:
    return {
        QuestionType.SHORT: _("a few words"),
        QuestionType.LONG: _("own words"),
        QuestionType.SCALE: _("scale"),
        QuestionType.ONE_OF: _("one choice"),
        QuestionType.SEVERAL: _("several choices"),
        QuestionType.YES_NO: _("yes or no"),
        QuestionType.NUMBER: _("number"),
        QuestionType.DATE: _("date"),
        QuestionType.MOOD: _("mood"),
    }[type]


def level_name(level: Level) -> str:
    return {
        Level.NAMED: _("Everyone here, with names"),
        Level.FACILITATORS: _("Everyone here; names only for facilitators"),
        Level.NOBODY: _("Everyone here; no one can tell who wrote"),
    }[level]


def level_sentence(level: Level) -> str:
    """Say who can tell who wrote an answer, as the card and the form do."""
    return {
        Level.NAMED: _("Everyone here reads this with your name when it closes."),
        Level.FACILITATORS: _("Members read this without your name. Facilitators can see who wrote it."),
        Level.NOBODY: _(
            "No one can tell who wrote this, not even me. So you can’t change or withdraw it once it’s sent."
        ),
    }[level]


def answered_with(question: Question) -> str:
    """Say how a question is answered: "1, light, to 5, too full"."""
    match question.type:
        case QuestionType.SCALE if question.low_end and question.high_end:
            return _("{low} ({low_end}) to {high} ({high_end})").format(
                low=question.low, low_end=question.low_end, high=question.high, high_end=question.high_end
            )
        case QuestionType.SCALE:
            return _("{low} to {high}").format(low=question.low, high=question.high)
        case QuestionType.ONE_OF:
            return _("one of: {labels}").format(labels=_labels(question))
        case QuestionType.SEVERAL:
            return _("any of: {labels}").format(labels=_labels(question))
    return type_name(question.type)


def _labels(question: Question) -> str:
    return _listed(tuple(option.label for option in question.open_options))


def quoted(typed: str) -> str:
    return cut(" ".join(clean(typed).split()), QUOTED)


def problem(question: Question, found: Problem) -> str:
    """Say what is wrong with what was typed, why, and what would do."""
    typed, right = quoted(found.typed), found.right
    match found.kind:
        case "required":
            return _("This question needs an answer.")
        case "too_long":
            return _("Up to {most} characters. This one is {n}.").format(most=LONGEST_ANSWER, n=len(found.typed))
        case "scale":
            sentence = _("“{typed}” isn’t on this scale. Use a number from {low} to {high}, like {example}.")
            example = right[len(right) // 2]
            return sentence.format(typed=typed, low=right[0], high=right[-1], example=example)
        case "mood":
            return _("“{typed}” isn’t on this scale. Use a number from 1, hard, to 5, great.").format(typed=typed)
        case "yes_no":
            return _("“{typed}” can’t be read as yes or no. Try “yes” or “no”.").format(typed=typed)
        case "two_numbers":
            sentence = _("“{typed}” could be two numbers, because some people put a comma where others put a point.")
            return f"{sentence.format(typed=typed)} {_try(*right)}"
        case "number":
            return _("“{typed}” isn’t a number I can read. Use digits only, like {right}.").format(
                typed=typed, right=right[0]
            )
        case "two_dates":
            sentence = _("“{typed}” could be two dates: some people put the month first, others the day.")
            return f"{sentence.format(typed=typed)} {_try(*right)}"
        case "no_such_date":
            return _("There’s no day “{typed}” in the calendar. Try a date like 2026-01-14.").format(typed=typed)
        case "year":
            return _("“{typed}” has no year. Add it, like 2026-01-14.").format(typed=typed)
        case "date":
            return _("I didn’t understand “{typed}” as a date. Try {right}.").format(typed=typed, right=right[0])
        case "retired":
            sentence = _("“{typed}” isn’t a choice anymore. Choose from: {labels}.")
            return sentence.format(typed=typed, labels=_listed(right))
    return _("“{typed}” isn’t one of the choices. Choose from: {labels}.").format(typed=typed, labels=_listed(right))


def _try(one: str, other: str) -> str:
    return _("Try {one} or {other}.").format(one=one, other=other)


def _listed(labels: tuple[str, ...]) -> str:
    return ", ".join((*labels[:NAMED], *(["…"] if len(labels) > NAMED else ())))


def finding(found: Finding) -> str:
    """Say what is wrong with a check-in, and what to do. It starts with the question it's about."""
    sentence = _finding(found)
    if not found.place:
        return sentence
    return _("Question {n}: {sentence}").format(n=found.place, sentence=sentence)


def _finding(found: Finding) -> str:
    one, other, third = (*(quoted(each) for each in found.about), "", "", "")[:3]
    match found.kind:
        case "no_name":
            return _("The check-in needs a name, like “Monday check-in”.")
        case "long_name":
            return _("The name can have up to {most} characters. This one is {n}.").format(n=one, most=other)
        case "long_closing":
            return _("The closing word can have up to {most} characters. This one is {n}.").format(n=one, most=other)
        case "minutes":
            return _("The minutes can be 1 to {most}, not {n}.").format(n=one, most=other)
        case "no_questions":
            return _("There’s no question yet. Write at least one, like “What did you try this week?”")
        case "many_questions":
            return _("A check-in can have up to {most} questions. This one has {n}. Split it in two.").format(
                n=one, most=other
            )
        case "one_page_unsigned":
            return _("A check-in where no one can tell who wrote has to fit on one page. Use fewer questions.")
        case "same_key":
            return _("Two questions have the key “{key}”. Each needs its own.").format(key=one)
        case "bad_key" | "bad_option_id":
            return _("“{key}” can’t be a key. Use small letters, digits and _, like plate_2.").format(key=one)
        case "no_words":
            return _("the words are missing. Write them before the brackets.")
        case "long_words":
            return _("a question can have up to {most} characters. This one has {n}.").format(n=one, most=other)
        case "long_starter":
            return _("the starter can have up to {most} characters. This one has {n}.").format(n=one, most=other)
        case "options_unused":
            return _("a question for {type} takes no choices.").format(type=type_name(QuestionType(found.about[0])))
        case "scale":
            return _(
                "a scale needs 2 to {most} points, lowest first, like 1-5. This one goes from {low} to {high}."
            ).format(low=one, high=other, most=third)
        case "long_end":
            return _("the end of a scale can have up to {most} characters. This one has {n}.").format(
                n=one, most=LONGEST_END
            )
        case "same_ends":
            return _("both ends of the scale are “{label}”. Name them differently.").format(label=one)
        case "few_options":
            return _("give at least 2 choices, like (gym / yard).")
        case "many_options":
            return _("this question can have up to {most} choices. It has {n}.").format(n=one, most=other)
        case "no_label":
            return _("one choice has no words. Remove the extra slash.")
        case "long_label":
            return _("a choice can have up to {most} characters. One has {n}.").format(n=one, most=MAX_CHOICE)
        case "same_label":
            return _("the choice “{label}” is there twice. Keep one of them.").format(label=one)
        case "asks_itself":
            return _("it asks about its own answer. A follow-up can only ask about an earlier question.")
        case "asks_later":
            return _("it asks about a later question. Move it below the one it follows.")
        case "asks_unknown":
            return _("it follows a question that isn’t here. Put it below the one it follows.")
        case "test_of_type":
            return _("that test doesn’t fit the answers to “{words}” ({type}).").format(
                words=other, type=type_name(QuestionType(found.about[2]))
            )
        case "values_unused":
            return _("“answered” and “not answered” take no value.")
        case "one_number":
            return _("“at least” and “at most” need one number, like “if at least 4”.")
        case "no_values":
            return _("name at least one answer to “{words}” that shows it.").format(words=one)
        case "outside_scale":
            return _("{value} isn’t on the scale it follows, which goes from {low} to {high}.").format(
                value=one, low=other, high=third
            )
        case "unknown_option":
            return _("“{value}” isn’t a choice of “{words}”.").format(value=one, words=other)
        case "retired_option":
            return _("“{value}” isn’t a choice of “{words}” anymore.").format(value=one, words=other)
        case "never":
            return _("no answer to “{words}” can ever show it. Change when it’s shown, or remove it.").format(words=one)
        case "always":
            return _("every answer to “{words}” shows it, so it doesn’t need “if”.").format(words=one)
        case "follow_up_unsigned":
            return _("a check-in where no one can tell who wrote can’t have follow-ups.")
        case "type_unsigned":
            return _("a check-in where no one can tell who wrote can’t ask for a {type}.").format(
                type=type_name(QuestionType(found.about[0]))
            )
    raise AssertionError(found.kind)


def misread(found: Misread) -> str:
    """Quote a line that can't be read, and say what was expected in it."""
    return _("Line {n}: {sentence}").format(n=found.line, sentence=unclear(found))


def unclear(found: Misread) -> str:
    """Quote what can't be read, without the number of its line."""
    return _misread(found.kind, quoted(found.part), [quoted(each) for each in found.right])


def _misread(kind: str, part: str, right: list[str]) -> str:
    match kind:
        case "type":
            sentence = _("I didn’t understand “({part})”.").format(part=part)
            return f"{sentence} {_expected_type(right)}"
        case "commas":
            sentence = _("I didn’t understand “{part}”. Put a slash between choices, like {right}.")
            return sentence.format(part=part, right=right[0])
        case "ends":
            sentence = _("I didn’t understand “{part}”. Put three dots between the ends of the scale, like {right}.")
            return sentence.format(part=part, right=right[0])
        case "bracket":
            return _("I didn’t understand “{part}”. A bracket is missing. Try {right}.").format(
                part=part, right=right[0]
            )
        case "words":
            return _("“{part}” has no question in it. Write it before the brackets.").format(part=part)
        case "first":
            sentence = _("“if {part}” follows no question, because it’s the first. {quotes}")
            return sentence.format(part=part, quotes=_quotes())
        case "reference":
            return _("There’s no question {n} above this one. Use a number from 1 to {most}.").format(
                n=part, most=right[0]
            )
    sentence = _("I didn’t understand “{part}” as an answer to the question it follows. Try {right}. {quotes}")
    return sentence.format(part=part, right=", ".join(f"“{each}”" for each in right), quotes=_quotes())


def _quotes() -> str:
    return _("If it’s part of the question, put the question in quotes.")


def _expected_type(near: list[str]) -> str:
    if near:
        return _("Did you mean {right}?").format(right=near[0])
    return _("Try (short), (1-5: low ... high), (one / other), (several: one / other), (yes/no), (number), or (date).")


def file_problem(found: FileProblem) -> str:
    """Say what is wrong in a line of a file, and what would do."""
    if found.misread:
        return misread(found.misread)
    return _("Line {n}: {sentence}").format(n=found.line, sentence=_file_problem(found))


def _file_problem(found: FileProblem) -> str:
    part, right = quoted(found.part), ", ".join(found.right)
    match found.kind:
        case "yaml":
            return _("“{part}” isn’t YAML I can read. Put texts with a colon or a # in quotes.").format(part=part)
        case "alias":
            return _("“{part}” has a reference or a tag (&, *, or !), which I don’t read. Write the text out.").format(
                part=part
            )
        case "long":
            return _("the file can have up to {most} characters. This one has {n}.").format(n=part, most=right)
        case "deep":
            return _("this file holds more than a check-in can. Copy a check-in’s own file and change it.")
        case "not_a_checkin":
            return _("this isn’t a check-in. It starts with a line like “check-in: Energy and load”.")
        case "not_a_list":
            return _("a list is missing here, like [light, too full], or lines that start with “- ”.")
        case "not_fields":
            return _("this needs fields, each on its own line, like “words: …”. They can be: {right}.").format(
                right=right
            )
        case "not_text":
            return _("this needs one text, not a list.")
        case "not_yes_or_no":
            return _("“{part}” isn’t yes or no. Use yes or no.").format(part=part)
        case "not_a_number":
            return _("“{part}” isn’t a whole number. Use digits, like 5.").format(part=part)
        case "unknown_field" if len(found.right) == 1:
            return _("“{part}” isn’t a field. Did you mean “{right}”?").format(part=part, right=right)
        case "unknown_field":
            return _("“{part}” isn’t a field. They can be: {right}.").format(part=part, right=right)
        case "same_field":
            return _("“{part}” is there twice. Keep one of them.").format(part=part)
        case "missing":
            return _("the field “{part}” is missing here.").format(part=part)
        case "unknown_type":
            return _("“{part}” isn’t a type of question. The types are: {right}.").format(part=part, right=right)
        case "unknown_level":
            return _("“{part}” isn’t a level. The levels are: {right}.").format(part=part, right=right)
        case "unknown_first":
            return _("“{part}” isn’t when answers are shown. It can be: {right}.").format(part=part, right=right)
    return _("“show if” needs the question and one test. The tests are: {right}.").format(right=right)
