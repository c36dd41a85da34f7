"""How far somebody has come with the questions of a check-in. Pure functions."""

from bot.domain.questions import Answers, Question, Questionnaire, shown


def progress(asked: Questionnaire, answers: Answers) -> tuple[int, int]:
    """Return how many questions are answered, of how many that these answers show."""
    visible = shown(asked.questions, answers)
    return sum(bool(answers.get(question.key)) for question in visible), len(visible)


def missing(asked: Questionnaire, answers: Answers) -> tuple[Question, ...]:
    """Return the questions that these answers show, and that need an answer and have none."""
    return tuple(q for q in shown(asked.questions, answers) if q.is_required and not answers.get(q.key))
