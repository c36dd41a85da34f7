"""How long a check-in of a large community takes: opening it, and closing and summing up what everyone answered."""

import tempfile
import time
from datetime import timedelta

from sqlmodel import Session

from bot.core.events import TimerFired
from bot.domain.questions import Option, Question, Questionnaire, QuestionType, to_json
from storage import database
from storage.learning import checkins, rounds
from storage.learning.rounds import CHECKIN
from storage.messaging import timers
from storage.people import people
from tests.bench.figure import Figure
from tests.support.chat import Chat
from tests.support.community import create_community, person_key

MEMBERS = 1_000
T = QuestionType
ASKED = Questionnaire(
    "Energy and load",
    (
        Question("plate", "How full is your plate?", T.SCALE),
        Question("next", "Next step", T.ONE_OF, options=(Option("keep", "Keep"), Option("drop", "Drop"))),
        Question("hand", "Would a hand help?", T.YES_NO),
        Question("shifts", "Shifts you could not cover", T.NUMBER),
        Question("words", "What got in the way?", T.LONG),
    ),
)


def figures() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="commonplace-") as folder:
        engine = database.connect(f"sqlite:///{folder}/bench.db")
        database.upgrade(engine)
        chat = Chat(engine)
        create_community(chat)
        asked = _asked(chat)
        opened = _timed(chat, "rounds.opened", asked)
        _answer(chat, asked)
        closed = _timed(chat, "rounds.close", asked)
        engine.dispose()
    return [
        Figure("rounds.open_1000_ms", opened, "ms"),
        Figure("rounds.close_1000_ms", closed, "ms"),
    ]


def _asked(chat: Chat) -> str:
    now = chat.clock.now()
    with Session(chat.engine) as session, session.begin():
        for n in range(MEMBERS):
            person = person_key(session, chat, f"Member {n}", now)
            people.enrol(session, 1, person).joined_at = now
        row = checkins.create(session, 1, ASKED.name, to_json(ASKED), by=None, now=now)
        version = checkins.newest_version(session, row.id or 0)
        assert version
        closes = now + timedelta(days=4)
        return str(rounds.open_round(session, 1, CHECKIN, row.name, now=now, closes_at=closes, version=version.id).id)


def _answer(chat: Chat, asked: str) -> None:
    with Session(chat.engine) as session, session.begin():
        for n, (_member, person) in enumerate(people.members(session, 1)):
            answers = {"plate": str(n % 5 + 1), "next": ("keep", "drop")[n % 2], "hand": "yes", "shifts": str(n % 4)}
            answers["words"] = f"The late bus, and covering {n} rooms at once on a Tuesday"
            person_id = people.key(person)
            rounds.save_answer(session, int(asked), person_id, None, answers=answers, audience="group", now=chat.now)


def _timed(chat: Chat, kind: str, value: str) -> float:
    """Return how many milliseconds the bot took for what a timer does."""
    at = chat.clock.now()
    with Session(chat.engine) as session, session.begin():
        timers.drop(session, 1, kind, value)
        timer = timers.put(session, 1, kind, value, at)
        session.flush()
        event = TimerFired(timer.id or 0, kind, value, at, 1)
    began = time.perf_counter()
    chat.app.handle(event)
    return (time.perf_counter() - began) * 1000
