"""Answers as people read them: the labels of what questions offer, and values in words. All of it is plain text."""

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date

from bot.domain.questionnaires import ADDED
from bot.domain.questions import Question, QuestionType, Value, find
from bot.i18n import gettext as _
from bot.i18n import locale
from bot.ui.limits import MAX_CHOICE
from bot.ui.markup import cut


def words_of(question: Question) -> str:
    return _("Anything to add?") if question.key == ADDED else question.words


def asked_about(question: Question, questions: Sequence[Question]) -> list[str]:
    """Return the words that an answer to one of these questions would only repeat.

    They are its own, and those of the question that it follows up or adds words to, each with what it offers.
    """
    parent = find(questions, question.condition.question) if question.condition else None
    if question.key == ADDED:
        parent = questions[0]
    offered = (question.low_end, question.high_end, *(option.label for option in question.options))
    repeated = asked_about(parent, questions) if parent else []
    return [text for text in (words_of(question), *offered) if text] + repeated


def mood_names() -> dict[int, str]:
    return {1: _("hard"), 2: _("bumpy"), 3: _("all right"), 4: _("good"), 5: _("great")}


def choices(question: Question) -> tuple[tuple[str, str], ...]:
    """Return the (value, label) that a question offers; () if it takes words."""
    match question.type:
        case QuestionType.SCALE:
            ends = {str(question.low): question.low_end, str(question.high): question.high_end}
            return tuple((p, cut(f"{p} – {end}" if (end := ends.get(p)) else p, MAX_CHOICE)) for p in question.points)
        case QuestionType.MOOD:
            return tuple((str(n), name.capitalize()) for n, name in mood_names().items())
        case QuestionType.YES_NO:
            return ("yes", _("Yes")), ("no", _("No"))
        case QuestionType.ONE_OF | QuestionType.SEVERAL:
            return tuple((option.id, cut(option.label, MAX_CHOICE)) for option in question.open_options)
    return ()


def value_of(question: Question, value: Value) -> str:
    """Return an answer as people read it. Typed words are returned as they are."""
    if isinstance(value, tuple):
        return ", ".join(label_of(question, each) for each in value)
    if not value:
        return ""
    match question.type:
        case QuestionType.SCALE:
            return _("{point} of {most}").format(point=value, most=question.high)
        case QuestionType.DATE:
            shape = "EEE, MMM d, yyyy" if locale().startswith("en") else "EEE, d MMM yyyy"
            return format_date(date.fromisoformat(value), shape, locale=locale())
        case _:
            return label_of(question, value)


def label_of(question: Question, value: str) -> str:
    """Return the label of a choice, also of one that is retired."""
    retired = (option.label for option in question.options if option.id == value)
    return dict(choices(question)).get(value) or next(retired, value)
