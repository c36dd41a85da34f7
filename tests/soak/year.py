"""Communities of many rhythms, zones and two platforms, and people who answer, for as many months as asked."""

import asyncio
import gc
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, event, text
from sqlmodel import Session, SQLModel, col, select

from bot.app import App
from bot.clock import StoppedClock
from bot.events import Click, Command, Event, Person, Place, Submission
from bot.features import ALL
from bot.housekeeping import housekeeping
from bot.platform import Pace, Parcel
from bot.ui import Button, Message, Reply
from scheduler.sender import Sender
from scheduler.travel import travel
from storage import communities, db
from storage.communities import Community
from storage.meetings import Meeting
from storage.rounds import Round
from tests.chat import START, Chat
from tests.village import found

PLATFORMS, SPACE = ("slack", "discord"), "S1"
ZONES = ("America/New_York", "Europe/London", "Africa/Nairobi", "Asia/Kolkata", "Pacific/Auckland")
MEMBERS = ("Ada", "Ben", "Cleo", "Dan", "Eve")
WHEN = [
    f"{nth} {day}, {hour}"
    for hour in ("9am", "noon", "4pm", "6:30pm")
    for nth in ("first", "second", "third", "last")
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
]
OFTEN = ("every other Tuesday, 4pm", "every Thursday, noon")
KEPT_MONTHS = 3  # answers, so that their deletion is seen within the year
WEEK, MONTH_WEEKS = timedelta(days=7), 4  # thirteen such months are a year


class Nowhere:
    """A platform that takes every message and remembers none, so that nothing grows but the bot."""

    ready, taken = True, 0

    def __init__(self, name: str) -> None:
        self.name = name

    async def run(self) -> None: ...

    def pace(self, space: str) -> Pace:
        return Pace(self.name, per_second=1_000_000, channel_gap=0.0)

    async def deliver(self, parcel: Parcel) -> str:
        self.taken += 1
        return parcel.earlier or f"m{self.taken}"


@dataclass
class Weight:
    """What the bot weighs at the end of a month."""

    month: int
    events: int  # that people caused so far
    delivered: int
    cpu_s: float  # that the process has taken so far
    rss_mb: float
    file_mb: float  # what the database holds, without the room that was given free
    rows: dict[str, int] = field(default_factory=dict)


@contextmanager
def life(folder: Path, count: int) -> "Iterator[Life]":
    """So many circles in a new database, which need not survive a power cut."""
    engine = db.connect(f"sqlite:///{folder}/soak.db")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    db.upgrade(engine)
    yield Life(engine, count)
    engine.dispose()


@dataclass
class Life:
    engine: Engine
    count: int
    events: int = 0

    def __post_init__(self) -> None:
        self.clock = StoppedClock(START)
        self.app = App(ALL, self.engine, self.clock.now)
        self.platforms = {name: Nowhere(name) for name in PLATFORMS}
        self.app.running = self.platforms.keys()
        chats = {name: Chat(self.engine, name=name, space=SPACE) for name in PLATFORMS}
        for n in range(self.count):
            chat = chats[self._place(n).platform]
            id = found(
                chat, [f"{name} {n}" for name in MEMBERS], name=f"Circle {n}", channel=f"c{n}", facilitator=f"Fay {n}"
            )
            with Session(self.engine) as session, session.begin():
                community = communities.get(session, id)
                assert community
                community.retention_months, community.zone = KEPT_MONTHS, _zone(n)
            self._begin(n)
        with Session(self.engine) as session:
            assert len(session.exec(select(Meeting.community_id).distinct()).all()) == self.count, "everybody meets"

    def _begin(self, n: int) -> None:
        """An admin says when they meet."""
        fay = Person(f"fay {n}", f"Fay {n}", zone=_zone(n), can_manage=True)
        understood = self.hear(Command(self._place(n), fay, f"cadence set {_rhythm(n)}", "admin"))
        assert isinstance(understood, Message)
        save = next(action for action in understood.actions if isinstance(action, Button))
        self.hear(Click(self._place(n), fay, save.action, save.value))

    def months(self, months: int) -> Iterator[Weight]:
        for month in range(1, months + 1):
            for week in range(MONTH_WEEKS):
                asyncio.run(self._travel(self.clock.now() + WEEK))
                self._people_act(month * MONTH_WEEKS + week)
                housekeeping(self.app)
            yield self._weighed(month)

    async def _travel(self, to: datetime) -> None:
        sender = Sender(self.app, self.platforms)
        try:
            await travel(self.app, sender, self.clock, to)
        finally:
            await sender.stop()

    def hear(self, what: Event) -> Reply:
        self.events += 1
        return self.app.handle(what)

    def _place(self, n: int) -> Place:
        return Place(PLATFORMS[n % 2], SPACE, f"c{n}")

    def _people_act(self, week: int) -> None:
        """Two of each circle answer what is open and say how the last meeting was; one comes, one has a topic.

        Once a month somebody shares what helped them.
        """
        now = self.clock.now()
        with Session(self.app.looking) as session:
            open = session.exec(select(Round.community_id, Round.id).where(col(Round.closed_at).is_(None))).all()
            held = session.exec(
                select(Meeting.community_id, Meeting.id).where(Meeting.starts_at > now - WEEK, Meeting.starts_at < now)
            ).all()
            ids = session.exec(select(Community.id).order_by(col(Community.id))).all()
        number = {id: n for n, id in enumerate(ids)}
        for who in MEMBERS[week % 4 :][:2]:
            for community, round in open:
                said = {"body": f"A thought of week {week}", "mood": "4", "audience": "group"}
                self._fills(number[community], who, "rounds.answer", f"{community}:{round}", said)
            for community, meeting in held:
                said = {"worked": "The start", "change": "The end", "useful": "4", "commitment": "", "home": "A song"}
                self._fills(number[community], who, "feedback.answer", f"{community}:{meeting}", said)
        for n in range(self.count):
            self._types(n, MEMBERS[week % 5], "rsvp yes", week)
            if (n + week) % MONTH_WEEKS == 0:
                self._types(n, "Eve", f"topic Arrivals in week {week}", week)
            if (n + week) % MONTH_WEEKS == 1:
                link = f"https://example.org/week/{week}"
                shared = {"title": f"Arrivals {week}", "link": link, "note": "It calmed our first ten minutes"}
                self._fills(n, "Ada", "resources.keep", "", shared | {"topics": "arrivals"})

    def _fills(self, n: int, who: str, form: str, value: str, said: dict[str, str]) -> None:
        person = Person(f"{who.lower()} {n}", f"{who} {n}", zone=_zone(n))
        self.hear(Submission(self._place(n), person, form, value, said, once=f"{form} {value} {who} {n} {self.events}"))

    def _types(self, n: int, who: str, line: str, week: int) -> None:
        person = Person(f"{who.lower()} {n}", f"{who} {n}", zone=_zone(n))
        self.hear(Command(self._place(n), person, line, once=f"{line} {n} {week}"))

    def _weighed(self, month: int) -> Weight:
        gc.collect()
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
        with self.engine.connect() as connection:
            rows = {
                name: connection.execute(text(f'select count(*) from "{name}"')).scalar_one()  # noqa: S608
                for name in sorted(SQLModel.metadata.tables)
            }
            pages, free, size = (
                connection.exec_driver_sql(f"pragma {what}").scalar_one()
                for what in ("page_count", "freelist_count", "page_size")
            )
        assert rows["trouble"] == 0, "nothing failed"
        file_mb = (pages - free) * size / 1e6
        taken, cpu = sum(platform.taken for platform in self.platforms.values()), round(time.process_time(), 1)
        return Weight(month, self.events, taken, cpu, round(resident, 1), round(file_mb, 2), rows)


def _zone(n: int) -> str:
    return ZONES[n // 5 % len(ZONES)]


def _rhythm(n: int) -> str:
    """Of every five circles one meets every week, one every other week, three once a month."""
    return OFTEN[n % 5] if n % 5 < len(OFTEN) else WHEN[n % len(WHEN)]
