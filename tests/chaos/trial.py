"""One trial: a community, a bot that is killed while it works, and at the end a look at what became of everything."""

import asyncio
import itertools
import json
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, UnixConnector
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from storage import db, outbox, timers
from storage.outbox import Outgoing
from storage.timers import Timer
from tests.chaos import victim
from tests.chaos.sink import Sink
from tests.chat import Chat
from tests.village import found

MEMBERS = 20
FAST = 300.0  # messages a second
LATE_S = 10.0  # from the moment planned, or decided on, to the message's arrival
GIVE_UP_S = 90.0
LIFE_S = (0.1, 1.4)
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.chaos.victim"])


@dataclass
class Result:
    scenario: str
    database: str
    kills: int = 0
    expected: int = 0
    lost: int = 0
    repeated: int = 0
    suppressed: int = 0  # repeats that the platform kept from people
    late: int = 0
    latest_s: float = 0.0
    took_s: float = 0.0
    notes: dict[str, Any] = field(default_factory=dict)


@dataclass
class Trial:
    folder: Path
    url: str
    sink: Sink
    can_tell: bool
    result: Result
    per_second: float = FAST
    ahead_s: float = 0.0
    planned: int = 0  # messages
    due: dict[str, datetime] = field(default_factory=dict)  # by the key of what is to be said
    process: Any = None

    def __post_init__(self) -> None:
        self.door, self.log = str(self.folder / "door"), str(self.folder / "victim.log")
        self.engine: Engine = db.connect(self.url)
        db.upgrade(self.engine)
        self.chat = Chat(self.engine, now=datetime.now(UTC), name=victim.NAME, space=victim.SPACE)
        self.members = [f"Member {n}" for n in range(MEMBERS)]
        self.community = found(self.chat, self.members)

    def plan_waves(self, count: int, gap_s: float) -> None:
        """A moment every `gap_s` seconds, each with something for everybody and for the channel."""
        with Session(self.engine) as session, session.begin():
            for n in range(count):
                at = self.due[f"chaos.{n}"] = datetime.now(UTC) + timedelta(seconds=0.5 + n * gap_s)
                timers.put(session, self.community, "chaos.wave", str(n), at)
        self.planned += count * (MEMBERS + 2)

    def start(self) -> None:
        orders = victim.Orders(
            self.url, self.sink.url, self.door, self.log, self.can_tell, self.per_second, self.ahead_s
        )
        self.process = FORKS.Process(target=victim.work, args=(orders,), daemon=True)
        self.process.start()

    async def kill(self) -> None:
        self.process.kill()
        await asyncio.to_thread(self.process.join)
        self.process = None

    async def kill_again_and_again(self, kills: int) -> None:
        for _kill in range(kills):
            self.start()
            await asyncio.sleep(random.uniform(*LIFE_S))
            await self.kill()
            self.result.kills += 1

    async def tell(self, path: str, body: str) -> Any:
        """What a person or the machine does. Raises ClientError or OSError where the bot is not there to hear."""
        connector = UnixConnector(self.door)
        async with (
            ClientSession(connector=connector, timeout=ClientTimeout(total=5)) as http,
            http.post(f"http://bot{path}", data=body) as answer,
        ):
            if answer.status != 200:
                raise ClientError(answer.status)
            return await answer.text()

    async def tell_until_heard(self, path: str, body: str) -> Any:
        while True:
            try:
                return await self.tell(path, body)
            except (ClientError, OSError, TimeoutError):
                await asyncio.sleep(0.02)

    def left(self) -> tuple[int, int]:
        """Moments to come, and messages on their way."""
        with Session(self.engine) as session:
            moments = session.exec(select(func.count()).select_from(Timer).where(Timer.kind == "chaos.wave")).one()
            states = (*outbox.TO_SEND, outbox.SENDING)
            waiting = session.exec(
                select(func.count()).select_from(Outgoing).where(col(Outgoing.state).in_(states))
            ).one()
        return moments, waiting

    async def drained(self) -> None:
        """Until everything has been done, or nothing more seems to come."""
        if self.process is None:
            self.start()
        until = time.monotonic() + GIVE_UP_S
        while any(await asyncio.to_thread(self.left)) and time.monotonic() < until:
            await asyncio.sleep(0.1)

    def reckon(self) -> None:
        """Every message decided on must be there as it was last decided, each once, and everybody's in order."""
        with Session(self.engine) as session:
            rows = session.exec(select(Outgoing)).all()
        expected = max(self.planned, len(rows))
        there = 0
        for row in rows:
            seen = self.sink.messages.get(row.receipt)
            if seen and row.state == outbox.SENT and json.loads(seen.message) == json.loads(row.message):
                there += 1
                if not self.ahead_s:
                    took = seen.at - self.due.get(row.key.partition("@")[0], row.made_at).timestamp()
                    self.result.latest_s = round(max(self.result.latest_s, took), 2)
                    self.result.late += took > LATE_S
        self.result.expected += expected
        self.result.lost += expected - there
        self.result.repeated, self.result.suppressed = self.sink.repeated, self.sink.suppressed
        number = {f"{row.id}": row.id or 0 for row in rows}
        disorder = Counter[str]()
        for place, refs in self.sink.order.items():
            order = list(dict.fromkeys(number[ref.partition("-")[0]] for ref in refs))
            disorder[place] = sum(a > b for a, b in itertools.pairwise(order))
        self.result.notes["out_of_order"] = disorder.total()
        if self.result.lost:
            self.result.notes["states"] = dict(Counter(row.state for row in rows))


@asynccontextmanager
async def trial(
    folder: Path, url: str, scenario: str, *, suppresses: bool = False, can_tell: bool = False, per_second: float = FAST
) -> AsyncIterator[Trial]:
    """What happens inside is measured; at the end everything is reckoned up."""
    began = time.monotonic()
    folder.mkdir(parents=True)
    async with Sink(suppresses) as sink:
        it = Trial(folder, url, sink, can_tell, Result(scenario, db.connect(url).dialect.name), per_second)
        try:
            yield it
            await it.drained()
            it.reckon()
        finally:
            if it.process:
                await it.kill()
            it.engine.dispose()
            it.result.took_s = round(time.monotonic() - began, 1)
