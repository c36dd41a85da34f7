"""How long the rotation takes to choose the next prompt in a community of 10,000, in a program of five such.

Each of the others shares a tenth of the members. The baseline is a community of 100.
"""

import tempfile
import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, insert
from sqlmodel import Session

from bot.core.context import Context
from bot.features.prompts import bank, rotation
from storage import database
from storage.communities import communities
from storage.learning.rounds import Round
from storage.people.people import Membership, Person
from tests.bench.figure import Figure

NOW = datetime(2026, 6, 1, tzinfo=UTC)
COMMUNITIES, ASKED, TIMES = 5, 40, 5
ROLES = ("youth worker", "Site coordinator", "Staff leader", "Executive director", "")


def figures() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="commonplace-") as folder:
        large, small = (_choice_ms(f"sqlite:///{folder}/{members}.db", members) for members in (10_000, 100))
    return [Figure("prompts.next_10000_ms", large, "ms", small)]


def _choice_ms(url: str, members: int) -> float:
    """Return the shortest of several times that choosing took."""
    engine = database.connect(url)
    database.upgrade(engine)
    _fill(engine, members)
    took = []
    for _time in range(TIMES):
        with Session(engine) as session:
            ctx = Context(session, NOW, "cop", community_or_none=communities.get(session, 1))
            start = time.perf_counter()
            assert rotation.next_prompt(ctx)
            took.append(1_000 * (time.perf_counter() - start))
    engine.dispose()
    return min(took)


def _fill(engine: Engine, members: int) -> None:
    began = NOW - timedelta(days=700)
    with Session(engine) as session, session.begin():
        for n in range(COMMUNITIES):
            made = communities.add(session, name=f"C{n}", purpose="", zone="UTC", locale="en", now=began)
            communities.add_season(session, made.id or 0, "Season", began.date(), NOW.date())
    people = range(1, members * 2)
    ids = [p.id for p in bank.load()][:ASKED]
    with engine.begin() as connection:
        connection.execute(insert(Person), [{"id": n, "name": f"P{n}"} for n in people])
        joined = [
            {"community_id": 1 + n, "person_id": person, "joined_at": began, "role_group": ROLES[person % len(ROLES)]}
            for n in range(COMMUNITIES)
            for person in people
            if (person <= members if n == 0 else person % 10 == n or person > members + n)
        ]
        connection.execute(insert(Membership), joined)
        asked = [
            {
                **{"community_id": 1 + at % COMMUNITIES, "kind": "reflection", "question": "?", "prompt_id": id},
                **{"opened_at": (day := began + timedelta(days=10 * at)), "closes_at": day, "closed_at": day},
            }
            for at, id in enumerate(ids)
        ]
        connection.execute(insert(Round), asked)
