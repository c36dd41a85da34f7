"""A community with a check-in of its own that can be scheduled."""

from sqlmodel import Session

from bot.domain.questions import Question, Questionnaire, QuestionType, to_json
from storage.learning import checkins
from tests.support.chat import Chat
from tests.support.meetings import create_meeting_community
from tests.support.scenes import scene

PLATE = Questionnaire(
    "Energy and load",
    (Question("plate", "How full is your plate?", QuestionType.SHORT),),
    minutes=2,
)


@scene
def set_up(chat: Chat) -> int:
    """A community that meets on second Wednesdays, October to June, and has a check-in of its own."""
    id = create_meeting_community(chat)
    with Session(chat.engine) as session, session.begin():
        row = checkins.create(session, id, "Energy and load", to_json(PLATE), by=None, now=chat.clock.now())
        row.state = checkins.IN_USE
    return id
