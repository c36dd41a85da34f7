"""One trial: a community, a bot that is killed while it works, and a reckoning of every message at the end."""

import asyncio
import itertools
import json
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, UnixConnector
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from bot.core.context import MESSAGE
from storage import database as storage_database
from storage.messaging import outbox, timers
from storage.messaging.outbox import Outgoing
from storage.messaging.timers import Timer
from tests.chaos import victim
from tests.chaos.sink import Sink, row_of
from tests.support.chat import Chat
from tests.support.community import create_community

MEMBERS = 20
FAST = 300.0  # messages a second
WAVE_GAP_S = 0.3
# Processes that share the work.
WORKERS = {"sqlite": 1, "postgresql": 3}
# A message is late if it arrives this long after its moment, or after it was decided on.
LATE_S = 10.0
# If nothing moves for so long, nothing more will.
GIVE_UP_S = 60.0
# Readiness is asked for that long: it is checked every few seconds, and a busy machine takes its time.
READY_S = 120.0
# How long a process may take to answer at its door.
ANSWER_S = 20.0
# How long a process works before it is killed, and the same for the share killed while it may still be starting.
AT_WORK_S = (0.0, 1.0)
STARTING_S = (0.0, 0.8)
WHILE_STARTING = 0.25
Scenario = Callable[[Path, str, int], Coroutine[Any, Any, "Result"]]
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.chaos.victim"])


@dataclass
class Result:
    """What came of a trial.

    `window` counts new messages that were taken without their sender hearing so, because the platform failed or the
    process was killed. `allowed` is how many repeats are no fault: the window where nobody can tell whether a message
    arrived, else none. `suppressed` counts repeats that the platform hid. `wrong` has other broken promises, in words,
    and `left_out` says why the trial couldn't run on this machine.
    """

    scenario: str
    database: str
    kills: int = 0
    expected: int = 0
    lost: int = 0
    repeated: int = 0
    window: int = 0
    allowed: int = 0
    suppressed: int = 0
    out_of_order: int = 0
    late: int = 0
    latest_s: float = 0.0
    took_s: float = 0.0
    wrong: list[str] = field(default_factory=list)
    left_out: str = ""
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def broken_promises(self) -> list[str]:
        """Each broken promise, in words. A trial in which nothing was tried is no success either."""
        if self.left_out:
            return []
        found = {
            f"{self.lost} lost": self.lost > 0,
            f"{self.repeated} repeated, of at most {self.allowed}": self.repeated > self.allowed,
            f"{self.out_of_order} out of order": self.out_of_order > 0,
            "nothing was tried": not self.expected,
        }
        return [*(words for words, so in found.items() if so), *self.wrong]


@dataclass
class Trial:
    """A trial under way.

    `planned` counts waves, and `due` is when each is, by key. `at_work` has the processes by number, and `cut_off` what
    each killed process was sending at that moment.
    """

    folder: Path
    url: str
    sink: Sink
    can_tell: bool
    result: Result
    per_second: float = FAST
    workers: int = 1
    ahead_s: float = 0.0
    hurries: bool = True
    settings: Mapping[str, str] = field(default_factory=dict)
    planned: int = 0
    due: dict[str, datetime] = field(default_factory=dict)
    at_work: dict[int, Any] = field(default_factory=dict)
    cut_off: dict[int, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.log = str(self.folder / "victim.log")
        self.engine: Engine = storage_database.connect(self.url)
        self.read_engine = storage_database.for_reading(self.engine)
        storage_database.upgrade(self.engine)
        self.community = self.create_community()

    def create_community(self) -> int:
        self.chat = Chat(self.engine, now=datetime.now(UTC), name=victim.NAME, space=victim.SPACE)
        self.members = [f"Member {n}" for n in range(MEMBERS)]
        return create_community(self.chat, self.members)

    def now(self) -> datetime:
        """Return what the clock of the processes shows."""
        return datetime.now(UTC) + timedelta(seconds=self.ahead_s)

    def plan_waves(self, count: int, gap_s: float) -> None:
        """Set `count` timers, `gap_s` seconds apart from about now on, that post to everyone and to the channel."""
        self.due |= self.plan("wave", range(self.planned, self.planned + count), gap_s)
        self.planned += count

    def plan(self, kind: str, numbers: range, gap_s: float) -> dict[str, datetime]:
        """Set a timer of the chaos feature for each number. Returns when each is, by the key of what it posts."""
        begin, due = self.now() + timedelta(seconds=0.3), {}
        with Session(self.engine) as session, session.begin():
            for n in numbers:
                due[f"chaos.{n}"] = at = begin + timedelta(seconds=(n - numbers.start) * gap_s)
                timers.put(session, self.community, f"chaos.{kind}", str(n), at)
        return due

    def start(self) -> None:
        """Start every process that isn't running."""
        for number in range(self.workers):
            if number not in self.at_work:
                orders = victim.Orders(
                    self.url,
                    self.sink.url,
                    self._door(number),
                    self.log,
                    self.can_tell,
                    self.per_second,
                    self.ahead_s,
                    self.hurries,
                    self.settings,
                )
                self.at_work[number] = FORKS.Process(target=victim.work, args=(orders,), daemon=True)
                self.at_work[number].start()

    def _door(self, number: int) -> str:
        return str(self.folder / f"door{number}")

    async def kill(self, number: int) -> None:
        process = self.at_work.pop(number)
        process.kill()
        await asyncio.to_thread(process.join)

    async def kill_all(self) -> None:
        for number in list(self.at_work):
            await self.kill(number)

    def died_by_itself(self) -> bool:
        """Return whether a process did, and forget it, so that `start` starts it again."""
        dead = [number for number, process in self.at_work.items() if not process.is_alive()]
        for number in dead:
            del self.at_work[number]
        return bool(dead)

    async def kill_again_and_again(self, kills: int, enough: int = 0, done: Callable[[], int] | None = None) -> None:
        """Kill it, mostly while it works and sometimes while it starts, with at least `enough` messages waiting.

        `done` counts what shows that it works, by default the messages that arrived.
        """
        done = done or (lambda: len(self.sink.messages))
        for _kill in range(kills):
            if enough:
                await asyncio.to_thread(self.keep_busy, enough)
            before = done()
            self.start()
            if random.random() < WHILE_STARTING:
                await asyncio.sleep(random.uniform(*STARTING_S))
            else:
                until = time.monotonic() + GIVE_UP_S
                while done() == before and time.monotonic() < until:
                    await asyncio.sleep(0.005)
                await asyncio.sleep(random.uniform(*AT_WORK_S))
                self.result.notes["killed_at_work"] = self.result.notes.get("killed_at_work", 0) + 1
            await self._kill_one()

    async def _kill_one(self) -> None:
        number = random.choice(list(self.at_work))
        pid = self.at_work[number].pid
        await self.kill(number)
        self.result.kills += 1
        self.cut_off[pid] = await asyncio.to_thread(self._being_sent)

    def keep_busy(self, enough: int) -> None:
        moments, waiting = self.left()
        missing = enough - waiting - moments * (MEMBERS + 2)
        self.plan_waves(max(0, -(-missing // (MEMBERS + 2))), WAVE_GAP_S)

    def _being_sent(self) -> set[int]:
        """Return the new messages in SENDING. If the platform took one from a killed process, it may be repeated."""
        with Session(self.read_engine) as session:
            sent = select(Outgoing.id).where(Outgoing.state == outbox.SENDING, Outgoing.receipt == "")
            return {id for id in session.exec(sent) if id}

    async def send(self, path: str, body: str, number: int | None = None) -> Any:
        """Tell a process what a person or the machine does. Raises ClientError or OSError if it isn't there to hear."""
        door = self._door(random.randrange(self.workers) if number is None else number)
        async with (
            ClientSession(connector=UnixConnector(door), timeout=ClientTimeout(total=ANSWER_S)) as http,
            http.post(f"http://bot{path}", data=body) as answer,
        ):
            if answer.status != 200:
                raise ClientError(answer.status)
            return await answer.text()

    async def send_until_heard(self, path: str, body: str, number: int | None = None) -> Any:
        while True:
            try:
                return await self.send(path, body, number)
            except (ClientError, OSError, TimeoutError):
                await asyncio.sleep(0.02)

    async def jump(self, seconds: float) -> None:
        """Set the machine's clock ahead, for every process."""
        self.ahead_s = seconds
        for number in range(self.workers):
            await self.send_until_heard("/clock", str(seconds), number)

    async def wake(self) -> None:
        """Tell each process that timers have been set behind its back, which it would see within half a minute."""
        for number in range(self.workers):
            await self.send_until_heard("/wake", "", number)

    async def until_ready(self, ready: bool, part: str = "database") -> str:
        """Wait until every process says that a part of it works, or doesn't. Returns what is wrong, in words."""
        until, said = time.monotonic() + READY_S, ""
        for number in range(self.workers):
            while True:
                answer = json.loads(await self.send_until_heard("/ready", "", number))
                if answer["parts"][part] is ready:
                    break
                if time.monotonic() > until:
                    self.result.wrong.append(f"{part} is {'not ' * ready}ready, against the facts")
                    return said
                await asyncio.sleep(0.1)
            said = said or answer["problems"].get(part, "")
        return str(said)

    def left(self) -> tuple[int, int]:
        """Return the number of timers to come, and of messages on their way."""
        with Session(self.read_engine) as session:
            ours = col(Timer.kind).startswith("chaos.")
            moments = session.exec(select(func.count()).select_from(Timer).where(ours)).one()
            states = (*outbox.TO_SEND, outbox.SENDING)
            waiting = session.exec(
                select(func.count()).select_from(Outgoing).where(col(Outgoing.state).in_(states))
            ).one()
        return moments, waiting

    def _still_rests(self) -> bool:
        """Return whether a message waits for a retry, which can take six minutes after a failure and is no loss."""
        now = self.now()
        with Session(self.read_engine) as session:
            later = select(Outgoing.id).where(col(Outgoing.state).in_(outbox.TO_SEND), Outgoing.not_before > now)
            return session.exec(later.limit(1)).first() is not None

    async def drained(self) -> None:
        """Wait until everything is done, or until nothing has moved for GIVE_UP_S."""
        before, since = (-1, -1, -1), time.monotonic()
        while True:
            if self.died_by_itself():
                self.result.notes["died_by_itself"] = True
            self.start()
            left = await asyncio.to_thread(self.left)
            if not any(left):
                return
            if (now := (*left, self.sink.asked)) != before or await asyncio.to_thread(self._still_rests):
                before, since = now, time.monotonic()
            elif time.monotonic() - since > GIVE_UP_S:
                return
            await asyncio.sleep(0.1)

    def reckon(self) -> None:
        """Check that every message is there as it was last decided on, once, and in the order of its place."""
        with Session(self.read_engine) as session:
            rows = session.exec(select(Outgoing)).all()
        expected = max(self.planned * (MEMBERS + 2), len(rows))
        there = 0
        for row in rows:
            seen = self.sink.messages.get(row.receipt)
            if seen and row.state == outbox.SENT and _is_same(seen.message, row.message):
                there += 1
                if not self.ahead_s:
                    took = seen.at - self.due.get(row.key.partition("@")[0], row.made_at).timestamp()
                    self.result.latest_s = round(max(self.result.latest_s, took), 2)
                    self.result.late += took > LATE_S
        self.result.expected += expected
        self.result.lost += expected - there
        self.result.repeated, self.result.suppressed = self.sink.repeated, self.sink.suppressed
        self.result.window = self.sink.unconfirmed + self._taken_from_the_killed()
        self.result.allowed = 0 if self.can_tell or self.sink.suppresses else self.result.window
        self.result.out_of_order = self._out_of_order()
        if self.sink.hasty:
            self.result.wrong.append(f"{self.sink.hasty} came sooner than the platform had asked for")
        if self.result.lost:
            self.result.notes["states"] = dict(Counter(row.state for row in rows))

    def _taken_from_the_killed(self) -> int:
        taken = {(m.by, row_of(m.ref)) for m in self.sink.messages.values()}
        return sum(row in self.cut_off.get(by, ()) for by, row in taken)

    def _out_of_order(self) -> int:
        """Count how often something came to a place before what had been decided on earlier for it."""
        orders = (list(dict.fromkeys(map(row_of, refs))) for refs in self.sink.order.values())
        return sum(a > b for order in orders for a, b in itertools.pairwise(order))


def _is_same(seen: str, decided: str) -> bool:
    """Return whether two messages, as JSON, are the same. Not everything in one is sent."""
    return MESSAGE.validate_json(seen) == MESSAGE.validate_json(decided)


@asynccontextmanager
async def trial(
    folder: Path, url: str, scenario: str, *, suppresses: bool = False, can_tell: bool = False, per_second: float = FAST
) -> AsyncIterator[Trial]:
    """Run a trial: measure what happens inside, then wait until all is done, and check every message."""
    began = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    kind = storage_database.connect(url).dialect.name
    async with Sink(suppresses) as sink:
        it = Trial(folder, url, sink, can_tell, Result(scenario, kind), per_second, WORKERS[kind])
        try:
            yield it
            await it.drained()
            it.reckon()
        finally:
            await it.kill_all()
            it.engine.dispose()
            it.result.took_s = round(time.monotonic() - began, 1)
