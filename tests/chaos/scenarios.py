"""What is tried, and on which kind of platform."""

import asyncio
import random
import resource
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import TypeAdapter
from sqlalchemy import text
from sqlmodel import Session, SQLModel, select

import storage.tables  # noqa: F401  every table, so that a comparison sees them
from adapters.slack.app import PACE as SLACK
from bot.events import Command, Person, Place, Submission
from storage import db
from storage.rounds import Answer
from tests.chaos import victim
from tests.chaos.sink import now_and_then
from tests.chaos.trial import FORKS, MEMBERS, Result, Trial, trial

SUBMISSION = TypeAdapter(Submission)
Scenario = Callable[[Path, str, int], Coroutine[Any, Any, Result]]
PLACE = Place(victim.NAME, victim.SPACE, "general")
WAVE_GAP_S = 0.3
SLACK_S = (0.05, 0.15)  # each way
MONTH_S, HOUR_S = 30 * 86_400.0, 3_600.0


def fan_out(name: str, *, suppresses: bool, can_tell: bool) -> Scenario:
    async def story(folder: Path, url: str, kills: int) -> Result:
        async with trial(folder, url, name, suppresses=suppresses, can_tell=can_tell) as it:
            it.plan_waves(max(4, int(kills * 0.8)), 1.0)  # no more than it can do in the time that it lives
            await it.kill_again_and_again(kills)
        return it.result

    return story


async def slack_channels(folder: Path, url: str, kills: int) -> Result:
    """At Slack's pace, as far away as Slack is, and nobody can tell: what is documented as the window that remains."""
    async with trial(folder, url, "Slack’s pace, neither", per_second=SLACK.per_second) as it:
        it.sink.network_s = SLACK_S
        gap_s = 1.5 * (MEMBERS + 2) / SLACK.per_second
        it.plan_waves(max(1, int(kills * 0.8 / gap_s)), gap_s)
        await it.kill_again_and_again(kills)
    return it.result


async def answer_storm(folder: Path, url: str, kills: int) -> Result:
    """Everybody answers one check-in, again and again; the card in the channel follows."""
    async with trial(folder, url, "answer storm", can_tell=True) as it:
        it.chat.app.handle(Command(PLACE, Person("ben", "Ben"), "checkin open Well?", "facilitator"))
        heard: dict[str, int] = {}
        people = [asyncio.create_task(_answers(it, name, heard)) for name in it.members]
        await it.kill_again_and_again(kills)
        for person in people:
            person.cancel()
        await asyncio.gather(*people, return_exceptions=True)
        _reckon_answers(it, heard)
    return it.result


async def _answers(it: Trial, name: str, heard: dict[str, int]) -> None:
    n = 0
    person = Person(name.lower(), name)
    while True:
        n += 1
        filled = {"body": f"Thought {n}", "mood": "4", "audience": "group"}
        event = Submission(PLACE, person, "rounds.answer", f"{it.community}:1", filled, once=f"{name} {n}")
        reply = await it.tell_until_heard("/events", SUBMISSION.dump_json(event).decode())
        assert "Message" in reply or "None" in reply, reply
        heard[name] = n
        await asyncio.sleep(random.uniform(0.0, 0.2))


def _reckon_answers(it: Trial, heard: dict[str, int]) -> None:
    with Session(it.engine) as session:
        rows = session.exec(select(Answer.person_id, Answer.body)).all()
    kept = [int(body.split()[1]) for _person, body in rows]
    it.result.notes["answers_heard"] = sum(heard.values())
    it.result.expected += len(heard)
    repeated = len(rows) - len({person for person, _body in rows})
    it.result.notes["answers_kept_twice"] = repeated
    it.result.lost += len(heard) - len(rows) + repeated + (sum(kept) < sum(heard.values()))


async def migration(folder: Path, url: str, kills: int) -> Result:
    """Killed while it makes and unmakes every table; the next start must find its way."""
    began = time.monotonic()
    folder.mkdir(parents=True)
    log = folder / "migrating.log"
    log.touch()
    result = Result("migration", db.connect(url).dialect.name, kills)
    for _kill in range(kills):
        process = FORKS.Process(target=victim.migrate_for_ever, args=(url, str(log)), daemon=True)
        process.start()
        await asyncio.sleep(random.uniform(0.1, 1.2))
        process.kill()
        await asyncio.to_thread(process.join)
        result.expected += 1
        result.lost += not await asyncio.to_thread(_whole, url)
    result.took_s = round(time.monotonic() - began, 1)
    return result


def _whole(url: str) -> bool:
    """Whether the bot can start on it, and finds exactly its tables."""
    engine = db.connect(url)
    try:
        db.upgrade(engine)
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": False})
            return not compare_metadata(context, SQLModel.metadata)
    finally:
        engine.dispose()


def unwell(name: str, share: float, *troubles: str, can_tell: bool = True) -> Scenario:
    """The platform misbehaves for a while, and then no more; nobody is killed."""

    async def story(folder: Path, url: str, _kills: int) -> Result:
        async with trial(folder, url, name, can_tell=can_tell) as it:
            it.plan_waves(10, WAVE_GAP_S)
            it.sink.trouble = now_and_then(share, *troubles)
            it.start()
            await asyncio.sleep(8)
            it.sink.trouble = lambda: ""
        it.result.notes["told_to_wait"] = it.sink.refused
        return it.result

    return story


async def disk_full(folder: Path, url: str, _kills: int) -> Result:
    """No file of the bot's may grow for some seconds."""
    async with trial(folder, url, "disk full", can_tell=True) as it:
        it.plan_waves(20, WAVE_GAP_S)
        it.start()
        await asyncio.sleep(2)
        biggest = max(f.stat().st_size for f in folder.iterdir())
        _soft, hard = resource.prlimit(it.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(it.process.pid, resource.RLIMIT_FSIZE, (min(biggest, 4096), hard))
        await asyncio.sleep(4)
        resource.prlimit(it.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, hard))
        it.result.notes["died_of_it"] = not it.process.is_alive()
    return it.result


async def database_restarts(folder: Path, url: str, _kills: int) -> Result:
    """Every connection breaks, three times."""
    async with trial(folder, url, "database restart", can_tell=True) as it:
        it.plan_waves(15, WAVE_GAP_S)
        it.start()
        for _restart in range(3):
            await asyncio.sleep(1.5)
            await asyncio.to_thread(_cut_off, it)
        it.result.notes["died_of_it"] = not it.process.is_alive()
    return it.result


def _cut_off(it: Trial) -> None:
    with it.engine.connect() as connection:
        connection.execute(
            text(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and pid != pg_backend_pid()"
            )
        )


async def clock_jumps(folder: Path, url: str, _kills: int) -> Result:
    """Back an hour in the middle of a fan-out, and then forward a month."""
    async with trial(folder, url, "clock jumps", can_tell=True) as it:
        it.plan_waves(12, WAVE_GAP_S)
        it.start()
        await asyncio.sleep(2)
        it.ahead_s = -HOUR_S
        await it.tell_until_heard("/clock", str(it.ahead_s))
        until = time.monotonic() + 10
        while (await asyncio.to_thread(it.left))[1] and time.monotonic() < until:
            await asyncio.sleep(0.1)
        moments, waiting = await asyncio.to_thread(it.left)
        it.result.late += waiting  # what had been decided on must not wait an hour
        it.result.notes |= {"still_to_come": moments, "back_at": datetime.now(UTC).isoformat(timespec="seconds")}
        it.ahead_s = MONTH_S
        await it.tell_until_heard("/clock", str(it.ahead_s))
    return it.result


KILLING: dict[str, Scenario] = {
    "fan-out, asked": fan_out("fan-out, asked", suppresses=False, can_tell=True),
    "fan-out, suppressed": fan_out("fan-out, suppressed", suppresses=True, can_tell=False),
    "fan-out, neither": fan_out("fan-out, neither", suppresses=False, can_tell=False),
    "Slack’s pace, neither": slack_channels,
    "answer storm": answer_storm,
    "migration": migration,
}
TROUBLING: dict[str, Scenario] = {
    "429 storm": unwell("429 storm", 0.5, "429"),
    "5xx": unwell("5xx", 0.3, "500", "500 though taken"),
    "dropped connections": unwell("dropped connections", 0.3, "dropped", "dropped though taken"),
    "slow answers": unwell("slow answers", 0.1, "slow"),
    "slow answers, neither": unwell("slow answers, neither", 0.1, "slow", can_tell=False),
    "disk full": disk_full,
    "database restart": database_restarts,
    "clock jumps": clock_jumps,
}
ONLY_ON = {"disk full": "sqlite", "database restart": "postgresql"}
