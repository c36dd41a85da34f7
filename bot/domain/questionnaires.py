"""Questionnaires as rounds ask them: read from their definition, or one question; which of them one press answers."""

from functools import lru_cache

from bot.domain import questions
from bot.domain.questions import Question, Questionnaire, QuestionType

# The key of the words that somebody adds to a choice that they made by one press. No question of a check-in has it.
ADDED = "_added"
MOST_PRESSED = 5  # buttons for one question
# Definitions that a process has read and remembers, since a version never changes.
REMEMBERED = 256


@lru_cache(maxsize=REMEMBERED)
def defined(definition: str) -> Questionnaire:
    """Read a version. One that is answered by one press takes words beside the choice."""
    asked = questions.from_json(definition)
    if not pressed(asked):
        return asked
    added = Question(ADDED, "", QuestionType.LONG)
    return Questionnaire(asked.name, (*asked.questions, added), asked.closing, asked.minutes)


def one_question(key: str, words: str, starter: str, minutes: int) -> Questionnaire:
    """Return what a round without a definition asks."""
    only = Question(key, words, QuestionType.LONG, is_required=True, starter=starter)
    return Questionnaire(words, (only,), minutes=minutes)


def pressed(asked: Questionnaire) -> tuple[str, ...]:
    """Return the values of which one press answers the only question; () if it takes a form."""
    first, *others = asked.questions
    if [each.key for each in others] not in ([], [ADDED]):
        return ()
    match first.type:
        case QuestionType.SCALE | QuestionType.MOOD:
            values = first.points
        case QuestionType.YES_NO:
            values = ("yes", "no")
        case QuestionType.ONE_OF:
            values = tuple(option.id for option in first.open_options)
        case _:
            return ()
    return values if 1 < len(values) <= MOST_PRESSED else ()
