"""How many events a second the core handles when 1, 2, and 4 processes share one PostgreSQL.

Each process answers check-ins as fast as it can, in the same communities as the others, where events are handled one
after the other whichever process they reach. TEST_DATABASE_URL names the server; a database is created there and
dropped again. The baseline is one process on SQLite, on the same machine and disk.
"""

import multiprocessing
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import count

from bot.core.events import Submission
from bot.ui import Message
from storage import database
from tests.bench.figure import Figure
from tests.support import postgres
from tests.support.chat import Chat
from tests.support.community import actors, create_community

COMMUNITIES = 8
MEMBERS = 10  # in each
# Every process is ready by then.
START_S = 3.0
PROCESSES = (1, 2, 4)
LASTS_S = float(os.environ.get("CLUSTER_S") or 5.0)


def figures() -> list[Figure]:
    if not postgres.is_named():
        print("Not measured: cluster (TEST_DATABASE_URL names no PostgreSQL).", file=sys.stderr)
        return []
    with tempfile.TemporaryDirectory(prefix="commonplace-") as folder:
        alone = _events_per_s(f"sqlite:///{folder}/bench.db", 1)
    together = []
    for processes in PROCESSES:
        with postgres.new_database() as url:
            together.append(_events_per_s(url, processes))
    return [
        Figure("cluster.sqlite_events_per_s", alone, "1/s"),
        *(
            Figure(f"cluster.{processes}_events_per_s", rate, "1/s", alone)
            for processes, rate in zip(PROCESSES, together, strict=True)
        ),
    ]


def _events_per_s(url: str, processes: int) -> float:
    _create_communities(url)
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_warm, [url] * processes))
        begin = time.time() + START_S
        done = pool.map(_answer_rate, [url] * processes, range(processes), [begin] * processes)
        return sum(done)


def _create_communities(url: str) -> None:
    """Create the communities, each with an open check-in."""
    engine = database.connect(url)
    database.upgrade(engine)
    for n in range(COMMUNITIES):
        chat = Chat(engine, space=f"S{n}")
        create_community(chat, _members(n), facilitator=f"Ben {n}")
        [ben] = actors(chat, f"Ben {n}")
        ben.types("checkin open How is it going?")
    engine.dispose()


def _members(community: int) -> list[str]:
    return [f"Member {n} of {community}" for n in range(MEMBERS)]


def _warm(url: str) -> None:
    """Do once what takes long the first time."""
    # Long enough that every process of the pool gets a call.
    time.sleep(0.5)
    database.connect(url).dispose()


def _answer_rate(url: str, process: int, begin: float) -> float:
    """Return how many answers a second this process handled after `begin`."""
    engine = database.connect(url)
    chats = [Chat(engine, space=f"S{n}") for n in range(COMMUNITIES)]
    people = [actors(chat, *_members(n)) for n, chat in enumerate(chats)]
    done = 0
    time.sleep(max(0.0, begin - time.time()))
    began = time.monotonic()
    for n in count(process):
        if (took := time.monotonic() - began) > LASTS_S:
            break
        at = n % COMMUNITIES
        actor = people[at][n // COMMUNITIES % MEMBERS]
        filled = {"body": f"Thought {n} of {process}", "mood": "4", "audience": "group"}
        event = Submission(actor.place(), actor.who, "rounds.answer", f"{at + 1}:{at + 1}", filled)
        reply = chats[at].app.handle(event)
        assert isinstance(reply, Message), reply
        done += 1
    engine.dispose()
    return done / took
