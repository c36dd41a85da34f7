"""The largest workbook: what somebody wrote in two seasons, an answer and a reflection on each day of them.

The baseline of what a thing costs is a workbook of a tenth of that.
"""

import json
import tempfile
import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, insert
from sqlmodel import Session

from adapters.pages import render
from bot.core.app import App
from bot.core.pages import OpenPage
from bot.domain.questions import Question, Questionnaire, QuestionType, to_json
from bot.features import ALL
from storage import database
from storage.communities import communities
from storage.learning import checkins
from storage.learning.reflections import Reflection
from storage.learning.rounds import Response, Round
from storage.people import page_links
from storage.people.people import Account, Membership, Person
from tests.bench.figure import Figure

NOW = datetime(2028, 6, 1, tzinfo=UTC)
DAYS, TIMES = 540, 5
QUESTIONS = (Question("q0", "What happened at the door?", QuestionType.LONG),)


def figures() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="commonplace-") as folder:
        few, many = (_page_ms(f"sqlite:///{folder}/{days}.db", days) for days in (DAYS // 10, DAYS))
    return [
        Figure("workbook.page_ms", many, "ms"),
        Figure("workbook.thing_ms", many / (2 * DAYS), "ms", few / (2 * (DAYS // 10))),
    ]


def _page_ms(url: str, days: int) -> float:
    """Return the shortest of several times that opening and drawing the page took."""
    engine = database.connect(url)
    database.upgrade(engine)
    _fill(engine, days)
    app = App(ALL, engine, lambda: NOW)
    took = []
    for _time in range(TIMES):
        start = time.perf_counter()
        opened = app.open_page("token", "browser")
        assert isinstance(opened, OpenPage)
        assert render.page(opened).count("Somebody waited at the door") == 2 * days
        took.append(1_000 * (time.perf_counter() - start))
    if app.identity_cache:
        app.identity_cache.close()
    engine.dispose()
    return min(took)


def _fill(engine: Engine, days: int) -> None:
    begun = NOW - timedelta(days=days)
    with Session(engine) as session, session.begin():
        communities.add(session, name="Large", purpose="", zone="UTC", locale="en", now=begun)
        made = checkins.create(session, 1, "Doors", to_json(Questionnaire("Doors", QUESTIONS)), by=None, now=begun)
        newest = checkins.newest_version(session, made.id or 0)
        assert newest
        version = newest.id
    times = [begun + timedelta(days=n) for n in range(days)]
    words = "Somebody waited at the door until I said their name. " + "Then we began. " * 20
    answers = json.dumps({"q0": words})
    with engine.begin() as connection:
        connection.execute(insert(Person), {"id": 1, "name": "Mei"})
        account = {"person_id": 1, "platform": "x", "space": "S", "external": "U1", "name": "Mei"}
        connection.execute(insert(Account), account)
        connection.execute(insert(Membership), {"community_id": 1, "person_id": 1, "joined_at": begun, "role": 1})
        rounds = [
            {
                **{"community_id": 1, "kind": "checkin", "version_id": version, "question": "Doors"},
                **{"opened_at": at, "closes_at": at + timedelta(days=1), "closed_at": at + timedelta(days=1)},
            }
            for at in times
        ]
        connection.execute(insert(Round), rounds)
        given = [
            {"round_id": n, "person_id": 1, "answers": answers, "written_at": at, "audience": "group"}
            for n, at in enumerate(times, 1)
        ]
        connection.execute(insert(Response), given)
        kept = [{"community_id": 1, "person_id": 1, "body": words, "about": "doors", "at": at} for at in times]
        connection.execute(insert(Reflection), kept)
    with Session(engine) as session, session.begin():
        page_links.replace(session, "token", person=1, community=1, page="mydata.workbook", value="", now=NOW)
