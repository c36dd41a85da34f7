"""How long a check-in of a large community takes: opening it, asking in private, and summing up what everyone answered.

Timed are whole timers, with all that they set for the same moment. The baseline of a cost per member is that of a
community of a hundred, so a ratio near 1 means that a member costs the same in a large one.
"""

import tempfile
import time
from datetime import timedelta
from random import Random

from sqlmodel import Session, col, select

from bot.core import signals
from bot.core.events import TimerFired
from bot.domain.questions import Option, Question, Questionnaire, QuestionType, to_json
from storage import database
from storage.learning import checkins, rounds
from storage.learning.rounds import CHECKIN, PRIVATE_CHECKIN
from storage.messaging import timers
from storage.messaging.timers import Timer
from storage.people import people
from tests.bench.figure import Figure
from tests.domain.themes.labelled import load
from tests.support.chat import Chat
from tests.support.community import create_community, person_key

FEW, MANY = 100, 1_000
# `make bench WHOLE=1` measures this many too.
MOST = 1_000
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
IN_WORDS = Questionnaire(
    "In words", tuple(Question(f"words{n}", f"What got in the way, {n}?", T.LONG) for n in range(5))
)


def figures() -> list[Figure]:
    # What is slow only the first time isn't counted.
    _costs(FEW, ASKED)
    few, many = _costs(FEW, ASKED), _costs(MANY, ASKED)
    found = [Figure(f"rounds.{name}_1000_ms", ms, "ms") for name, ms in many.items()]
    found.append(Figure("rounds.close_words_ms", _costs(MANY, IN_WORDS)["close"], "ms"))
    most = _costs(MOST, ASKED) if MOST > MANY else many
    return found + [
        Figure(f"rounds.{name}_us_each", 1e3 * ms / MOST, "us", 1e3 * few[name] / FEW) for name, ms in most.items()
    ]


def _costs(members: int, questions: Questionnaire) -> dict[str, float]:
    """Return how many milliseconds each step takes in a community of so many."""
    with tempfile.TemporaryDirectory(prefix="commonplace-") as folder:
        engine = database.connect(f"sqlite:///{folder}/bench.db")
        database.upgrade(engine)
        chat = Chat(engine)
        create_community(chat)
        ids = _join(chat, members)
        asked = _asked(chat, questions, CHECKIN)
        costs = {"open": _timed(chat, signals.ROUND_OPENED, asked), "nudge": _timed(chat, "rounds.nudge", asked)}
        _answer(chat, asked, questions, ids)
        costs["close"] = _timed(chat, "rounds.close", asked)
        private = _asked(chat, questions, PRIVATE_CHECKIN)
        costs["ask"] = _timed(chat, signals.ROUND_ASKED, " ".join([private, *map(str, ids)]))
        if chat.app.identity_cache:
            chat.app.identity_cache.close()
        engine.dispose()
    return costs


def _join(chat: Chat, members: int) -> list[int]:
    now = chat.clock.now()
    with Session(chat.engine) as session, session.begin():
        ids = [person_key(session, chat, f"Member {n}", now) for n in range(members)]
        for person in ids:
            people.enrol(session, 1, person).joined_at = now
    return ids


def _asked(chat: Chat, questions: Questionnaire, kind: str) -> str:
    now = chat.clock.now()
    with Session(chat.engine) as session, session.begin():
        row = checkins.create(session, 1, questions.name, to_json(questions), by=None, now=now)
        version = checkins.newest_version(session, row.id or 0)
        assert version
        closes = now + timedelta(days=4)
        return str(rounds.open_round(session, 1, kind, row.name, now=now, closes_at=closes, version=version.id).id)


def _answer(chat: Chat, asked: str, questions: Questionnaire, ids: list[int]) -> None:
    chance = Random(len(ids))
    written = [answer for round in load("en", "tune") for answer in round.answers]
    with Session(chat.engine) as session, session.begin():
        for n, person in enumerate(ids):
            answers = {"plate": str(n % 5 + 1), "next": ("keep", "drop")[n % 2], "hand": "yes", "shifts": str(n % 4)}
            words = {each.key: ". ".join(chance.sample(written, 3)) for each in questions.questions}
            given = {each.key: answers.get(each.key, words[each.key]) for each in questions.questions}
            rounds.save_answer(session, int(asked), person, None, answers=given, audience="group", now=chat.now)


def _timed(chat: Chat, kind: str, value: str) -> float:
    """Return how many milliseconds the bot takes for a timer, and for others of its kind that it sets for now."""
    at = chat.clock.now()
    with Session(chat.engine) as session, session.begin():
        timers.drop(session, 1, kind, value)
        timers.put(session, 1, kind, value, at)
    took = 0.0
    while due := _due(chat, kind):
        began = time.perf_counter()
        chat.app.handle(due)
        took += time.perf_counter() - began
    return took * 1000


def _due(chat: Chat, kind: str) -> TimerFired | None:
    now = chat.clock.now()
    with Session(chat.engine) as session:
        row = session.exec(select(Timer).where(Timer.kind == kind, col(Timer.at) <= now)).first()
        return TimerFired(row.id or 0, row.kind, row.value, row.at, 1) if row else None
