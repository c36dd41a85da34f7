"""A season of a program: five communities, people in several zones, and check-ins of their own.

`WHOLE=1` lets nine months pass for 120 people, which takes about a minute; otherwise it is three months for 60.
"""

import os
from collections import Counter
from dataclasses import replace
from datetime import time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from bot.cadence import NthWeekdays, Rule, Weekly
from bot.domain.questions import Question, Questionnaire, QuestionType, to_json
from bot.domain.touchpoints import OWN, USUAL, Rhythm, Touchpoint, Yields
from storage.communities import request_quota, schedules
from storage.learning import checkins, rounds
from storage.meetings import meetings
from storage.messaging import outbox, timers
from storage.people import absences, people
from tests.support.chat import Chat
from tests.support.community import ZONE, create_community
from tests.support.meetings import rule

PEOPLE, DAYS = (120, 270) if os.environ.get("WHOLE") else (60, 90)
EACH = PEOPLE // 5
ZONES = (ZONE, "America/Chicago", "America/Los_Angeles", "Europe/Madrid", "Asia/Manila", "Pacific/Honolulu")
CADENCES = (
    "second Wednesday, October to June, 4pm",
    "first Tuesday, October to June, 4pm",
    "third Thursday, October to June, 4pm",
    "every other Monday at 10am",
    "first Friday of January, April, July and October, 4pm",
)
SHORT = Questionnaire("Energy and load", (Question("load", "How full is your plate?", QuestionType.SHORT),))


def build(chat: Chat, pick: Random) -> None:
    """Everybody is in one or two communities. Two have a check-in of their own: one private, one in the channel."""
    everybody = [f"Person {n}" for n in range(PEOPLE)]
    for n, cadence in enumerate(CADENCES):
        members = everybody[n * EACH : (n + 1) * EACH] + pick.sample(everybody, 6)
        id = create_community(chat, members, name=f"Community {n}", channel=f"c{n}", facilitator=f"Lead {n}")
        said = rule(chat, cadence)
        with Session(chat.engine) as session, session.begin():
            now = chat.clock.now()
            meetings.add_series(
                session, id, title="Circle", rule=said.to_json(), zone=ZONE, minutes=60, place="", link="", now=now
            )
            if n < 2:
                row = checkins.create(session, id, "Energy and load", to_json(SHORT), by=None, now=now)
                row.state = checkins.IN_USE
                days = NthWeekdays(((4, 0),)) if n else Weekly((2,))
                own = Touchpoint(f"{OWN}{row.id}", Rhythm(Rule(days, time(9), ZONE)), yields=Yields.KEEP)
                schedules.begin(session, id, "usual", now)
                for each in (*USUAL, replace(own, private=n == 0)):
                    schedules.save(session, id, each.what, definition=each.definition(), yields=each.yields)
            timers.put(session, id, "meetings.plan", "", now)
    with Session(chat.engine) as session, session.begin():
        for n, person in enumerate(session.exec(select(people.Person))):
            person.zone = ZONES[n % len(ZONES)]
            person.quiet_from = person.quiet_to = 0
        back = (chat.clock.now() + timedelta(days=60)).date()
        for id in pick.sample(range(1, PEOPLE), 10):
            for membership in people.memberships(session, id):
                absences.begin(session, membership.community_id, id, absences.AWAY, chat.clock.now(), back)


def live(chat: Chat, pick: Random) -> None:
    """Let the months pass. Now and then somebody answers, leaves, or comes back."""
    end = chat.clock.now() + timedelta(days=DAYS)
    while chat.clock.now() < end:
        chat.wait(days=9)
        with Session(chat.engine) as session, session.begin():
            open_rounds = [row for row in session.exec(select(rounds.Round)) if row.closed_at is None]
            for round in open_rounds:
                members = [people.key(p) for _m, p in people.members(session, round.community_id)]
                for person in pick.sample(members, len(members) // 3):
                    if rounds.answer_of(session, round.id or 0, person) is None:
                        rounds.save_answer(
                            session,
                            round.id or 0,
                            person,
                            None,
                            body="Fine",
                            audience=rounds.GROUP,
                            now=chat.clock.now(),
                        )


@pytest.mark.anywhere
def test_season_of_five_communities_stays_calm(chat: Chat) -> None:
    pick = Random(11)
    build(chat, pick)
    live(chat, pick)
    with Session(chat.engine) as session:
        weeks = Counter((row.community_id, row.week) for row in session.exec(select(request_quota.WeeklyRequest)))
        assert max(weeks.values()) == 1
        held = session.exec(select(rounds.Round)).all()
        due = [row for row in held if row.closes_at < chat.clock.now()]
        assert [row for row in due if row.closed_at is None] == []
        assert {row.kind for row in held} >= {rounds.CHECKIN, rounds.REFLECTION, rounds.PRIVATE_CHECKIN}
        zone = {people.key(p): ZoneInfo(p.zone or ZONE) for p in session.exec(select(people.Person))}
        sent = [row for row in session.exec(select(outbox.Outgoing)) if row.is_request and row.state == outbox.SENT]
        requests = [
            (row.key, row.person_id, row.made_at.astimezone(at := zone[row.person_id]), row.sent_at.astimezone(at))
            for row in sent
            if row.person_id and row.sent_at
        ]
        # Nobody gets more than two a week, and nobody is nudged twice about one question.
        per_week = Counter((person, sent.isocalendar()[:2]) for _key, person, _made, sent in requests)
        assert max(per_week.values()) <= 2
        assert max(Counter(key for key, *_rest in requests).values()) == 1
        # Each is asked at their own hour.
        asked = [(person, made) for key, person, made, _sent in requests if key.startswith("rounds.ask.")]
        assert len({person for person, _made in asked}) >= 10
        assert {made.hour for _person, made in asked} == {9}
