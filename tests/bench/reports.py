"""The largest report page: a season of 60 check-ins of five questions in a community of 1,000, and of 100.

The baseline of what a member costs is the page of 100: the cost of one must not grow.
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
from storage.learning.rounds import Response, Round
from storage.people import page_links
from storage.people.people import Account, Membership, Person
from tests.bench.figure import Figure
from tests.bench.page import page_ms

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ROUNDS = 60
FEW, MANY = 100, 1_000
# `make bench WHOLE=1` measures this many too.
MOST = 1_000
SCALES = tuple(Question(f"q{n}", f"Question {n}", QuestionType.SCALE) for n in range(5))


def figures() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="commonplace-") as folder:
        took = {members: _opened_ms(f"sqlite:///{folder}/{members}.db", members) for members in {FEW, MANY, MOST}}
    return [
        Figure("reports.page_ms", took[MANY], "ms"),
        Figure("reports.member_ms", took[MOST] / MOST, "ms", took[FEW] / FEW),
    ]


def _opened_ms(url: str, members: int) -> float:
    engine = database.connect(url)
    database.upgrade(engine)
    _fill(engine, members)
    took, drawn = page_ms(engine, NOW)
    assert len(drawn) > 10_000
    return took


def _fill(engine: Engine, members: int) -> None:
    opened = NOW - timedelta(days=300)
    with Session(engine) as session, session.begin():
        communities.add(session, name="Large", purpose="", zone="UTC", locale="en", now=opened)
        communities.add_season(session, 1, "Season", opened.date(), NOW.date())
        made = checkins.create(session, 1, "Energy", to_json(Questionnaire("Energy", SCALES)), by=None, now=opened)
        newest = checkins.newest_version(session, made.id or 0)
        assert newest
        version = newest.id
    answers = json.dumps({scale.key: "4" for scale in SCALES})
    with engine.begin() as connection:
        ids = range(1, members + 1)
        connection.execute(insert(Person), [{"id": n, "name": f"P{n}"} for n in ids])
        accounts = [{"person_id": n, "platform": "x", "space": "S", "external": f"U{n}", "name": f"P{n}"} for n in ids]
        connection.execute(insert(Account), accounts)
        joined = [
            {
                "community_id": 1,
                "person_id": n,
                "joined_at": opened,
                "role": 1 + (n == 1),
                "role_group": f"Role {n % 7}",
            }
            for n in ids
        ]
        connection.execute(insert(Membership), joined)
        days = [opened + timedelta(days=4 * n) for n in range(ROUNDS)]
        rounds = [
            {
                **{"community_id": 1, "kind": "checkin", "version_id": version, "question": "Energy"},
                **{"opened_at": day, "closes_at": day + timedelta(days=3), "closed_at": day + timedelta(days=3)},
            }
            for day in days
        ]
        connection.execute(insert(Round), rounds)
        given = [
            {"round_id": n, "person_id": person, "answers": answers, "written_at": day, "audience": "group"}
            for n, day in enumerate(days, 1)
            for person in ids
            if (person + n) % 5
        ]
        connection.execute(insert(Response), given)
    with Session(engine) as session, session.begin():
        page_links.replace(session, "token", person=1, community=1, page="reports.season", value="1", now=NOW)
