"""The largest workbook: what somebody wrote in two seasons, an answer and a reflection on each day of them.

The baseline of what a thing costs is a workbook of a tenth of that.
"""

import json
import tempfile
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, insert
from sqlmodel import Session

from bot.domain.questions import Question, Questionnaire, QuestionType, to_json
from storage import database
from storage.communities import communities
from storage.learning import checkins
from storage.learning.reflections import Reflection
from storage.learning.rounds import Response, Round
from storage.people import page_links
from storage.people.people import Account, Membership, Person
from tests.bench.figure import Figure
from tests.bench.page import page_ms

NOW = datetime(2028, 6, 1, tzinfo=UTC)
DAYS = 540
QUESTIONS = (Question("q0", "What happened at the door?", QuestionType.LONG),)


def figures() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="commonplace-") as folder:
        few, many = (_opened_ms(f"sqlite:///{folder}/{days}.db", days) for days in (DAYS // 10, DAYS))
    return [
        Figure("workbook.page_ms", many, "ms"),
        Figure("workbook.thing_ms", many / (2 * DAYS), "ms", few / (2 * (DAYS // 10))),
    ]


def _opened_ms(url: str, days: int) -> float:
    engine = database.connect(url)
    database.upgrade(engine)
    _fill(engine, days)
    took, drawn = page_ms(engine, NOW)
    assert drawn.count("Somebody waited at the door") == 2 * days
    return took


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
