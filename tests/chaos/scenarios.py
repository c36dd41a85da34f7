"""The scenarios: what goes wrong, and on which kind of platform."""

import asyncio
import json
import os
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

import storage.database.metadata  # noqa: F401  every table, for the comparison
from adapters.slack.adapter import RATE_LIMIT as SLACK
from storage import database
from tests.chaos import platforms, victim
from tests.chaos.answers import Answers, answering
from tests.chaos.cluster import cluster
from tests.chaos.disk import small_disk
from tests.chaos.sink import now_and_then
from tests.chaos.trial import (
    FORKS,
    GIVE_UP_S,
    MEMBERS,
    READY_S,
    WAVE_GAP_S,
    WHILE_STARTING,
    Result,
    Scenario,
    Trial,
    trial,
)
from tests.conformance.process import ROOT
from tests.support.community import ZONE

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
# By how much the clock is wrong, one after the other, and how long before a change of clocks a trial begins.
STEPS_S = (-2.0, 3.0, -5.0, 0.0, -1.0)
BEFORE_S = 3.0
# Messages are decided on in so many waves while a disk is full, or a server stopped.
WAVES = 20
STOPS = 3
# How often a second process is started.
SECONDS = 3


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
    async with trial(folder, url, "answer storm", can_tell=True) as it, answering(it) as answers:
        await it.kill_again_and_again(kills, done=lambda: answers.count)
    return it.result


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


async def disk_full(folder: Path, _url: str, _kills: int) -> Result:
    """Fill the disk while messages are sent and people answer, and make room again."""
    with small_disk(folder) as disk:
        async with trial(folder, f"sqlite:///{disk.folder}/commonplace.db", "disk full", can_tell=True) as it:
            it.plan_waves(WAVES, WAVE_GAP_S)
            it.start()
            async with answering(it) as answers:
                await _at_work(it)
                with disk.full(it.at_work[0].pid, it.engine):
                    said = await it.until_ready(False)
                    await _told_that_it_failed(answers)
                await it.until_ready(True)
                confirmed = answers.count
                await _confirmed(answers, confirmed + MEMBERS)
        _said(it, said, "disk")
        _gave_back(it, answers)
        it.result.notes["disk"] = disk.kind
    return it.result


async def _told_that_it_failed(answers: Answers, before: int = 0) -> None:
    """Wait until people have been told of more failed answers than `before`."""
    until = time.monotonic() + GIVE_UP_S
    while answers.failed == before and time.monotonic() < until:
        await asyncio.sleep(0.05)


async def _confirmed(answers: Answers, enough: int) -> None:
    until = time.monotonic() + GIVE_UP_S
    while answers.count < enough and time.monotonic() < until:
        await asyncio.sleep(0.05)


def _said(it: Trial, said: str, word: str) -> None:
    """Check that whoever looks at the bot reads why it doesn't work, and that the log says so too."""
    it.result.notes["said"] = said
    logged = [json.loads(line) for line in Path(it.log).read_text().splitlines() if line.startswith("{")]
    why = [line["why"] for line in logged if line["event"] == "the database does not work"]
    for words in (said, "".join(why[:1])):
        if word not in words:
            it.result.wrong.append(f"{words!r} does not say what is wrong")
    if not any(line["event"] == "the database works again" for line in logged):
        it.result.wrong.append("nothing said that it works again")


def _gave_back(it: Trial, answers: Answers) -> None:
    if not answers.failed:
        it.result.wrong.append("no answer failed, so nothing was tried")
    if answers.given_back < answers.failed:
        it.result.wrong.append(f"{answers.failed - answers.given_back} answers failed without being given back")


async def database_stopped(folder: Path, _url: str, _kills: int) -> Result:
    """Crash the server while people answer, and start it some seconds later, again and again."""
    with cluster() as server:
        async with trial(folder, server.url, "database stopped", can_tell=True) as it:
            it.plan_waves(WAVES, WAVE_GAP_S)
            it.start()
            async with answering(it) as answers:
                for _stop in range(STOPS):
                    await _confirmed(answers, answers.count + MEMBERS)
                    failed = answers.failed
                    await asyncio.to_thread(server.crash)
                    said = await it.until_ready(False)
                    await _told_that_it_failed(answers, failed)
                    await asyncio.to_thread(server.start)
                    await it.until_ready(True)
                await _confirmed(answers, answers.count + MEMBERS)
        _said(it, said, "PostgreSQL")
        _gave_back(it, answers)
    return it.result


async def second_process(folder: Path, url: str, _kills: int) -> Result:
    """Start the bot a second time on the same file, again and again."""
    async with trial(folder, url, "second process", can_tell=True) as it:
        it.plan_waves(WAVES, WAVE_GAP_S)
        it.start()
        await _at_work(it)
        for _start in range(SECONDS):
            code, words = await _start_another(folder, url)
            it.result.notes["said"] = words
            if code == 0 or "Another bot is running" not in words or "Traceback" in words:
                it.result.wrong.append(f"a second process ended with {code}, and said {words!r}")
        await it.until_ready(True)
    return it.result


async def _start_another(folder: Path, url: str) -> tuple[int | None, str]:
    """Run `cop run` on the database until it ends. Returns its exit code and what it says."""
    settings = {"DATABASE_URL": url, "COP_HOME": str(folder), "COP_DATA": str(folder), "HTTP_PORT": "0"}
    settings |= {"DISCORD_TOKEN": "none", "DISCORD_API_BASE": "http://127.0.0.1:1", "PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        env={"PATH": os.environ["PATH"], **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        words, _nothing = await asyncio.wait_for(process.communicate(), READY_S)
    except TimeoutError:
        process.kill()
        return 0, "it runs"
    return process.returncode, words.decode().strip()


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
    """Set the clock back and forward in the middle of a fan-out, by seconds, an hour, and a month."""
    async with trial(folder, url, "clock jumps", can_tell=True) as it:
        # Enough that some are still to come, however slow the machine is.
        it.plan_waves(30, 1.0)
        it.start()
        await _at_work(it)
        for seconds in STEPS_S:
            await it.jump(seconds)
            await _sends(it)
        await it.jump(-HOUR_S)
        await _nothing_waits(it)
        moments, _waiting = await asyncio.to_thread(it.left)
        it.result.notes |= {"still_to_come": moments, "back_at": datetime.now(UTC).isoformat(timespec="seconds")}
        await it.jump(MONTH_S)
        await it.until_ready(True)
    return it.result


async def _nothing_waits(it: Trial) -> None:
    """Wait until what has been decided on is sent, although the clock was set back."""
    until = time.monotonic() + GIVE_UP_S
    while (await asyncio.to_thread(it.left))[1] and time.monotonic() < until:
        await asyncio.sleep(0.1)
    if waiting := (await asyncio.to_thread(it.left))[1]:
        it.result.wrong.append(f"{waiting} waited for the clock, although they had been decided on")


async def summer_time(folder: Path, url: str, _kills: int) -> Result:
    """Send while the community's clocks go forward, while they go back, and when the machine shows that hour twice.

    Some machines keep local time, and set their clock back an hour when summer time ends.
    """
    async with trial(folder, url, "summer time", can_tell=True) as it:
        for change in sorted(changes_of_clocks(ZoneInfo(ZONE), datetime.now(UTC))):
            it.ahead_s = (change - datetime.now(UTC)).total_seconds() - BEFORE_S
            await asyncio.to_thread(it.plan_waves, 5, 1.0)
            it.start()
            await it.jump(it.ahead_s)
            await it.wake()
            await _sends(it)
            await it.jump(it.ahead_s + BEFORE_S)
            await _sends(it)
        await it.jump(it.ahead_s - HOUR_S)
        await _nothing_waits(it)
        await it.jump(it.ahead_s + HOUR_S)
        await it.wake()
    return it.result


def changes_of_clocks(zone: ZoneInfo, after: datetime) -> list[datetime]:
    """Return the next two moments at which the clocks of `zone` change, to the minute."""
    found: list[datetime] = []
    hour = after.replace(minute=0, second=0, microsecond=0)
    while len(found) < 2:
        following = hour + timedelta(hours=1)
        if hour.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            found.append(following)
        hour = following
    return found


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
    "second process": second_process,
    "database crash": database_crashes,
    "database stopped": database_stopped,
    "database held": database_held,
    "clock jumps": clock_jumps,
    "summer time": summer_time,
    **platforms.SCENARIOS,
}
ONLY_ON = {
    "disk full": "sqlite",
    "second process": "sqlite",
    "database crash": "postgresql",
    "database stopped": "postgresql",
    "database held": "sqlite",
}
