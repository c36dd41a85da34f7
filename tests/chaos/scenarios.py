"""The scenarios: what goes wrong, and on which kind of platform."""

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
from sqlmodel import Session, SQLModel, col, select

import storage.database.metadata  # noqa: F401  every table, for the comparison
from adapters.slack.adapter import RATE_LIMIT as SLACK
from bot.core.events import Command, Place, PlatformUser, Submission
from storage import database
from storage.learning.rounds import Answer
from storage.people.people import Person as Someone
from tests.chaos import victim
from tests.chaos.cluster import cluster
from tests.chaos.sink import now_and_then
from tests.chaos.trial import FORKS, GIVE_UP_S, MEMBERS, WAVE_GAP_S, WHILE_STARTING, Result, Trial, trial

SUBMISSION = TypeAdapter(Submission)
Scenario = Callable[[Path, str, int], Coroutine[Any, Any, Result]]
PLACE = Place(victim.NAME, victim.SPACE, "general")
# Messages that are waiting whenever it is killed.
ENOUGH = 3 * (MEMBERS + 2)
SLACK_S = (0.05, 0.15)  # each way
ENOUGH_TROUBLE = 20  # requests
CRASHES = 10
# How long a crashed server is down.
AWAY_S = (0.2, 4.0)
# The last is longer than two writers wait, one after the other.
HELD_S = (2.0, 5.0, 2.2 * database.BUSY_MS / 1000)
MONTH_S, HOUR_S = 30 * 86_400.0, 3_600.0


def fan_out(name: str, *, suppresses: bool, can_tell: bool) -> Scenario:
    async def story(folder: Path, url: str, kills: int) -> Result:
        async with trial(folder, url, name, suppresses=suppresses, can_tell=can_tell) as it:
            await it.kill_again_and_again(kills, ENOUGH)
        return it.result

    return story


async def slack_channels(folder: Path, url: str, kills: int) -> Result:
    """Post at Slack's rate limit and distance, without lookups or suppression: the documented remaining window."""
    async with trial(folder, url, "Slack’s pace, neither", per_second=SLACK.per_second) as it:
        it.sink.network_s = SLACK_S
        await it.kill_again_and_again(kills, MEMBERS // 2)
    return it.result


async def answer_storm(folder: Path, url: str, kills: int) -> Result:
    """Everyone answers one check-in again and again, and the card in the channel follows."""
    async with trial(folder, url, "answer storm", can_tell=True) as it:
        it.chat.app.handle(Command(PLACE, PlatformUser("ben", "Ben"), "checkin open Well?", "facilitator"))
        heard: dict[str, int] = {}
        people = [asyncio.create_task(_answer_repeatedly(it, name, heard)) for name in it.members]
        await it.kill_again_and_again(kills, done=lambda: sum(heard.values()))
        it.start()
        until = time.monotonic() + GIVE_UP_S
        while len(heard) < len(it.members) and time.monotonic() < until:
            await asyncio.sleep(0.05)
        for person in people:
            person.cancel()
        ends = await asyncio.gather(*people, return_exceptions=True)
        it.result.wrong += [f"an answer was refused: {end}" for end in ends if isinstance(end, Exception)]
        _reckon_answers(it, heard)
    return it.result


async def _answer_repeatedly(it: Trial, name: str, heard: dict[str, int]) -> None:
    n = 0
    person = PlatformUser(name.lower(), name)
    while True:
        n += 1
        filled = {"body": f"Thought {n}", "mood": "4", "audience": "group"}
        event = Submission(PLACE, person, "rounds.answer", f"{it.community}:1", filled, idempotency_key=f"{name} {n}")
        reply = await it.send_until_heard("/events", SUBMISSION.dump_json(event).decode())
        assert "Message" in reply or "None" in reply, reply
        heard[name] = n
        await asyncio.sleep(random.uniform(0.0, 0.2))


def _reckon_answers(it: Trial, heard: dict[str, int]) -> None:
    """Check that each answer that was confirmed, or a later one of that person, is there exactly once."""
    with Session(it.read_engine) as session:
        answered = select(Someone.name, Answer.body).join(Someone, col(Someone.id) == col(Answer.person_id))
        rows = session.exec(answered).all()
    kept: dict[str, list[int]] = {}
    for name, body in rows:
        kept.setdefault(name, []).append(int(body.split()[1]))
    it.result.notes["answers_heard"] = sum(heard.values())
    it.result.notes["answers_kept_twice"] = twice = sum(len(said) - 1 for said in kept.values())
    it.result.expected += len(it.members)
    it.result.lost += len(it.members) - len(heard)
    it.result.lost += twice + sum(max(kept.get(name, [0])) < last for name, last in heard.items())


async def migration(folder: Path, url: str, kills: int) -> Result:
    """Kill it while it creates and drops every table. The next start must cope."""
    began = time.monotonic()
    folder.mkdir(parents=True)
    log = folder / "victim.log"
    result = Result("migration", database.connect(url).dialect.name, kills)
    for _kill in range(kills):
        log.write_text("")
        process = FORKS.Process(target=victim.migrate_for_ever, args=(url, str(log)), daemon=True)
        process.start()
        while random.random() > WHILE_STARTING and not log.stat().st_size:
            await asyncio.sleep(0.02)
        await asyncio.sleep(random.uniform(0.0, 0.8))
        process.kill()
        await asyncio.to_thread(process.join)
        result.expected += 1
        result.lost += not await asyncio.to_thread(_whole, url)
    result.took_s = round(time.monotonic() - began, 1)
    return result


def _whole(url: str) -> bool:
    """Return whether the bot can start on this database, and finds exactly its tables."""
    engine = database.connect(url)
    try:
        database.upgrade(engine)
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": False})
            return not compare_metadata(context, SQLModel.metadata)
    finally:
        engine.dispose()


def unwell(name: str, share: float, *troubles: str, can_tell: bool = True) -> Scenario:
    """Let the platform misbehave for a while. Nothing is killed."""

    async def story(folder: Path, url: str, _kills: int) -> Result:
        async with trial(folder, url, name, can_tell=can_tell) as it:
            it.plan_waves(10, WAVE_GAP_S)
            it.sink.trouble = now_and_then(share, *troubles)
            it.start()
            until = time.monotonic() + GIVE_UP_S
            while it.sink.troubled < ENOUGH_TROUBLE and time.monotonic() < until:
                await asyncio.sleep(0.02)
            it.sink.trouble = lambda: ""
        it.result.notes |= {"troubled": it.sink.troubled, "told_to_wait": it.sink.refused}
        if not it.sink.troubled:
            it.result.wrong.append("nothing went wrong, so nothing was tried")
        return it.result

    return story


async def _at_work(it: Trial) -> None:
    """Wait until the bot sends something, and a little longer."""
    await _sends(it)
    await asyncio.sleep(0.5)


async def _sends(it: Trial) -> None:
    before, until = it.sink.asked, time.monotonic() + GIVE_UP_S
    while it.sink.asked == before and time.monotonic() < until:
        await asyncio.sleep(0.005)


async def disk_full(folder: Path, url: str, _kills: int) -> Result:
    """For some seconds, none of the bot's files can grow."""
    async with trial(folder, url, "disk full", can_tell=True) as it:
        it.plan_waves(20, WAVE_GAP_S)
        it.start()
        await _at_work(it)
        pid = it.at_work[0].pid
        _soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, hard))
        await asyncio.sleep(4)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, hard))
    return it.result


async def database_crashes(folder: Path, _url: str, _kills: int) -> Result:
    """Crash the server in the middle of a fan-out, and start it some seconds later, again and again.

    No process of the bot ends, so each knows what it sent: nothing may be repeated, even without lookups.
    """
    with cluster() as server:
        async with trial(folder, server.url, "database crash") as it:
            # The trial is about how long a lane's next runner waits for what the last one couldn't write down.
            it.hurries = False
            for _crash in range(CRASHES):
                await asyncio.to_thread(it.keep_busy, ENOUGH)
                it.start()
                await _at_work(it)
                await asyncio.sleep(random.uniform(0.0, 1.0))
                await asyncio.to_thread(server.crash)
                await asyncio.sleep(random.uniform(*AWAY_S))
                await asyncio.to_thread(server.start)
        it.result.notes["crashes"] = server.recoveries()
        if server.recoveries() < CRASHES:
            it.result.wrong.append(f"only {server.recoveries()} of {CRASHES} starts had to recover")
    return it.result


async def database_held(folder: Path, url: str, _kills: int) -> Result:
    """Another process locks the file for writing: briefly, and once for longer than anyone waits."""
    async with trial(folder, url, "database held") as it:
        it.start()
        for held_s in HELD_S:
            await asyncio.to_thread(it.keep_busy, ENOUGH)
            # The result of this delivery can't be written down.
            await _sends(it)
            with it.engine.begin():
                await asyncio.sleep(held_s)
    return it.result


async def clock_jumps(folder: Path, url: str, _kills: int) -> Result:
    """Set the clock back an hour in the middle of a fan-out, and then forward a month."""
    async with trial(folder, url, "clock jumps", can_tell=True) as it:
        # Enough that some are still to come, however slow the machine is.
        it.plan_waves(30, 1.0)
        it.start()
        await _at_work(it)
        await it.jump(-HOUR_S)
        until = time.monotonic() + 10
        while (await asyncio.to_thread(it.left))[1] and time.monotonic() < until:
            await asyncio.sleep(0.1)
        moments, waiting = await asyncio.to_thread(it.left)
        if waiting:
            it.result.wrong.append(f"{waiting} waited for the clock, although they had been decided on")
        it.result.notes |= {"still_to_come": moments, "back_at": datetime.now(UTC).isoformat(timespec="seconds")}
        await it.jump(MONTH_S)
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
    "database crash": database_crashes,
    "database held": database_held,
    "clock jumps": clock_jumps,
}
ONLY_ON = {"disk full": "sqlite", "database crash": "postgresql", "database held": "sqlite"}
