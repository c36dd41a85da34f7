"""What an answer to a question would only repeat."""

from bot.domain.answer_words import asked_about
from bot.domain.questionnaires import ADDED
from bot.domain.questions import Condition, Option, Question, QuestionType

T = QuestionType
PLACE = Question(
    "place", "Where was it hard?", T.ONE_OF, options=(Option("gym", "Gym"), Option("bus", "Late bus", True))
)
WHY = Question("why", "Why there?", T.LONG, condition=Condition("place", "one_of", ("gym",)))
MORE = Question("more", "Anything else?", T.LONG, condition=Condition("why", "answered"))
LOAD = Question("load", "How full is your plate?", T.SCALE, low_end="light", high_end="too full")


def test_question_and_its_options_are_asked_about() -> None:
    assert asked_about(PLACE, (PLACE,)) == ["Where was it hard?", "Gym", "Late bus"]
    assert asked_about(LOAD, (PLACE, LOAD)) == ["How full is your plate?", "light", "too full"]


def test_follow_up_is_about_the_questions_before_it_too() -> None:
    asked = (PLACE, LOAD, WHY, MORE)
    assert asked_about(MORE, asked) == ["Anything else?", "Why there?", "Where was it hard?", "Gym", "Late bus"]


def test_words_added_to_a_press_are_about_its_question() -> None:
    assert asked_about(Question(ADDED, "", T.LONG), (LOAD,))[1:] == ["How full is your plate?", "light", "too full"]
