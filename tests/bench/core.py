"""How fast the core handles events, on a SQLite file as in a small installation."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, text

from bot.core.events import Event, Submission
from bot.ui import FormErrors, Message
from storage import database
from tests.bench.figure import Figure
from tests.support.chat import Actor, Chat
from tests.support.community import actors, create_community

EVENTS = 400
WARM_UP = 20


def figures() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="commonplace-") as folder:
        engine = database.connect(f"sqlite:///{folder}/bench.db")
        database.upgrade(engine)
        took = sorted(_time_answers(engine))
        bare = sorted(_bare_commits(engine))
        engine.dispose()
        assert Path(folder, "bench.db").exists()
    return [
        Figure("core.events_per_s", len(took) / sum(took), "1/s", len(bare) / sum(bare)),
        Figure("core.p50_ms", _part(took, 0.5), "ms", _part(bare, 0.5)),
        Figure("core.p99_ms", _part(took, 0.99), "ms", _part(bare, 0.99)),
    ]


def _part(sorted_s: list[float], share: float) -> float:
    return sorted_s[min(len(sorted_s) - 1, int(len(sorted_s) * share))] * 1000


def _time_answers(engine: Engine) -> list[float]:
    """Return how many seconds each of many answers to one check-in took. This event matters most."""
    chat = Chat(engine)
    names = [f"Member {n}" for n in range(40)]
    create_community(chat, names)
    [ben] = actors(chat, "Ben")
    ben.types("checkin open How is it going?")
    people = actors(chat, *names)
    return _timed(lambda n: _handle(chat, _answer(people[n % len(people)], n)))


def _answer(actor: Actor, n: int) -> Event:
    filled = {"body": f"Thought number {n}", "mood": "4", "audience": "group"}
    return Submission(actor.place(), actor.who, "rounds.answer", "1:1", filled)


def _handle(chat: Chat, event: Event) -> None:
    reply = chat.app.handle(event)
    assert isinstance(reply, Message), reply
    assert not isinstance(reply, FormErrors)


def _bare_commits(engine: Engine) -> list[float]:
    """Commit one row at a time: the least that saving an answer safely on this disk can take."""
    with engine.begin() as connection:
        connection.execute(text("create table bare (id integer primary key, body text)"))

    def commit(n: int) -> None:
        with engine.begin() as connection:
            connection.execute(text("insert into bare (body) values (:b)"), {"b": f"Thought number {n}"})

    return _timed(commit)


def _timed(act: Callable[[int], None]) -> list[float]:
    took = []
    for n in range(WARM_UP + EVENTS):
        began = time.perf_counter()
        act(n)
        took.append(time.perf_counter() - began)
    return took[WARM_UP:]
