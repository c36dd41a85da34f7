"""People who answer one check-in again and again while something goes wrong, and what became of their words."""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from bot.core.events import Command, Place, PlatformUser, Submission
from storage.learning.rounds import Response
from storage.people.people import Person
from tests.chaos import victim
from tests.chaos.door import SUBMISSION
from tests.chaos.trial import GIVE_UP_S, Trial

PLACE = Place(victim.NAME, victim.SPACE, "general")
# Seconds between two answers of one person, at most.
PAUSE_S = 0.2


@dataclass
class Answers:
    """What each person was told about their answers, which are numbered.

    `confirmed` has the last one that a person was told is saved. `failed` counts those that a person was told had
    failed, and `given_back` how many of them came with the words, or with a button that brings them back.
    """

    confirmed: dict[str, int] = field(default_factory=dict)
    failed: int = 0
    given_back: int = 0

    @property
    def count(self) -> int:
        return sum(self.confirmed.values())


@asynccontextmanager
async def answering(it: Trial) -> AsyncIterator[Answers]:
    """Let every member answer while inside, and at the end until each has been told once that it is saved."""
    it.chat.app.handle(Command(PLACE, PlatformUser("ben", "Ben"), "checkin open Well?", "facilitator"))
    answers = Answers()
    people = [asyncio.create_task(_answer_repeatedly(it, name, answers)) for name in it.members]
    try:
        yield answers
        it.start()
        until = time.monotonic() + GIVE_UP_S
        while len(answers.confirmed) < len(it.members) and time.monotonic() < until:
            await asyncio.sleep(0.05)
    finally:
        for person in people:
            person.cancel()
        ends = await asyncio.gather(*people, return_exceptions=True)
    it.result.wrong += [f"an answer was refused: {end}" for end in ends if isinstance(end, Exception)]
    reckon(it, answers)


async def _answer_repeatedly(it: Trial, name: str, answers: Answers) -> None:
    n = 0
    person = PlatformUser(name.lower(), name)
    while True:
        n += 1
        words = f"Thought {n} of {name}"
        filled = {"body": words, "mood": "4", "audience": "group"}
        event = Submission(PLACE, person, "rounds.answer", f"{it.community}:1", filled, idempotency_key=f"{name} {n}")
        reply = json.loads(await it.send_until_heard("/events", SUBMISSION.dump_json(event).decode()))
        if reply["failed"]:
            answers.failed += 1
            answers.given_back += words in reply["shown"] or "Button(" in reply["shown"]
        else:
            # Nothing is shown for one that was handled before.
            assert reply["reply"] in ("Message", "NoneType"), reply
            answers.confirmed[name] = n
        await asyncio.sleep(random.uniform(0.0, PAUSE_S))


def reckon(it: Trial, answers: Answers) -> None:
    """Check that each answer that was confirmed, or a later one of that person, is there exactly once."""
    with Session(it.read_engine) as session:
        answered = select(Person.name, Response.body).join(Person, col(Person.id) == col(Response.person_id))
        rows = session.exec(answered).all()
    kept: dict[str, list[int]] = {}
    for name, body in rows:
        kept.setdefault(name, []).append(int(body.split()[1]))
    twice = sum(len(said) - 1 for said in kept.values())
    it.result.notes |= {
        "answers_confirmed": answers.count,
        "answers_kept_twice": twice,
        "told_failed": answers.failed,
        "given_back": answers.given_back,
    }
    it.result.expected += len(it.members)
    it.result.lost += len(it.members) - len(answers.confirmed)
    it.result.lost += twice + sum(max(kept.get(name, [0])) < last for name, last in answers.confirmed.items())
