"""A program of five communities on Slack and Discord, whose people live through some months.

They see what the platforms show them and do what people do: answer by a button, in a thread or in a private message,
late or never, pass, put off, change their mind, go away, leave, come back, move. What reached whom, and what they did,
is written down here and nowhere else: the rows of the bot are never asked.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session

from bot.cadence import NthWeekdays, Rule, read
from bot.core.app import App
from bot.core.clock import StoppedClock
from bot.core.events import Event
from bot.domain.questions import Option, Question, Questionnaire, QuestionType, to_json
from bot.domain.touchpoints import OWN, USUAL, Rhythm, Touchpoint, Yields
from bot.features import ALL
from bot.operations.maintenance import housekeeping
from bot.ui import Form, FormErrors, Message, NextForm, NotSaved, Reply
from scheduler.delivery_worker import DeliveryWorker
from scheduler.local_runner import LocalRunner
from scheduler.time_travel import run_until_idle, travel
from storage.communities import communities, schedules
from storage.learning import checkins
from storage.meetings import meetings
from storage.messaging import timers
from storage.people import appointments, people
from tests.support import promises
from tests.support.one_thread import run
from tests.support.wire import Discord, Drawn, Post, Slack, User, Wire

NEW_YORK, MADRID = "America/New_York", "Europe/Madrid"
ZONES = (NEW_YORK, "America/Chicago", "America/Los_Angeles", MADRID, "Asia/Manila", "Pacific/Honolulu")
# Before the clocks change and change back, a week 53, and the closed days of a winter.
START = datetime(2026, 8, 31, 13, tzinfo=UTC)
# Platforms, zone, country and when they meet.
PLANS: tuple[tuple[tuple[str, ...], str, str, str], ...] = (
    (("slack",), NEW_YORK, "US", "second Wednesday, October to June, 4pm"),
    (("discord",), NEW_YORK, "US", "first Tuesday, October to June, 4pm"),
    (("slack", "discord"), NEW_YORK, "", "third Thursday, October to June, 4pm"),
    (("slack",), "America/Chicago", "US", "every other Monday at 10am"),
    (("discord",), MADRID, "ES", "first Friday of January, April, July and October, 4pm"),
)
LOAD = Questionnaire(
    "Energy and load",
    (
        Question("load", "How full is your plate?", QuestionType.SCALE),
        Question("why", "What fills it?", QuestionType.SHORT),
    ),
)
ROOM = Questionnaire(
    "How was the room?",
    (Question("room", "How was it?", QuestionType.ONE_OF, options=(Option("a", "Calm"), Option("b", "Loud"))),),
)
KEPT, PASS, NUDGE, AS_ASKED = "your answer is kept", "Let this one pass", "A gentle reminder", "You asked me to remind"
# How often each habit is somebody's own.
CATCHING_UP = timedelta(days=1)
LOOK = timedelta(hours=12)
HABITS = (
    *("button", "silent", "thread", "silent", "direct", "silent", "button", "late", "silent", "pass", "silent"),
    *("changes", "silent", "nudged", "silent", "silent", "later", "silent", "silent"),
)


@dataclass(eq=False)
class Person:
    """Somebody, with their accounts by platform, and what they did. `away` are times in their own zone."""

    name: str
    users: dict[str, User]
    habit: str
    zones: list[tuple[datetime, str]]
    quiet: tuple[int, int] = (20, 8)
    wants_nudges: bool = True
    member_of: dict[int, list[tuple[datetime, datetime | None]]] = field(default_factory=dict)
    away: list[tuple[datetime, datetime]] = field(default_factory=list)
    # By round.
    answered: dict[str, datetime] = field(default_factory=dict)
    passed: dict[str, datetime] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    # Communities that they left and had everything deleted in.
    deleted: set[int] = field(default_factory=set)

    def zone(self, at: datetime) -> ZoneInfo:
        return ZoneInfo([zone for since, zone in self.zones if since <= at][-1])

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone(at))

    def is_member(self, community: int, at: datetime) -> bool:
        return any(start <= at and (end is None or at < end) for start, end in self.member_of.get(community, ()))

    def is_away(self, at: datetime) -> bool:
        return any(start <= at < end for start, end in self.away)


@dataclass
class Community:
    id: int
    zone: str
    channels: dict[str, str]


@dataclass
class Arrival:
    """One message that was new to a person or a channel. `has_acted`: they had just done something."""

    post: Post
    person: Person | None
    community: Community | None
    has_acted: bool
    round: str = ""

    @property
    def at(self) -> datetime:
        return self.post.at

    @property
    def about(self) -> int:
        """The community of the round."""
        return int(self.round.partition(":")[0])

    @property
    def asks(self) -> bool:
        """Whether it asks for an answer to a round."""
        return PASS in self.post.first.buttons

    @property
    def is_nudge(self) -> bool:
        return self.asks and NUDGE in self.post.first.words

    @property
    def was_asked_for(self) -> bool:
        return self.asks and AS_ASKED in self.post.first.words


@dataclass(order=True)
class Deed:
    """Something that somebody is about to do."""

    at: datetime
    number: int
    do: Callable[[], None] = field(compare=False)


def round_of(drawn: Drawn) -> str:
    """Return the round that a message is about, as its buttons name it: "1:7"."""
    for custom_id in drawn.buttons.values():
        action, _bar, value = custom_id.partition("|")
        if action.startswith("rounds."):
            return value.partition(".")[0]
    return ""


@dataclass
class Program:
    engine: Engine
    count: int = 120
    seed: int = 11

    def __post_init__(self) -> None:
        self.pick = Random(self.seed)
        self.clock = StoppedClock(START)
        self.app = App(ALL, self.engine, self.clock.now)
        self.wires: dict[str, Wire] = {"slack": Slack(self.app), "discord": Discord(self.app)}
        self.app.running, self.app.reads_threads = self.wires.keys(), True
        self.people: list[Person] = []
        self.communities: list[Community] = []
        self.arrivals: list[Arrival] = []
        self.outages: list[tuple[datetime, datetime]] = []
        self.to_come: list[Deed] = []
        self.acting: list[Person] = []
        self.deeds: dict[str, int] = defaultdict(int)
        self._read = dict.fromkeys(self.wires, 0)
        self._by_user: dict[tuple[str, str], Person] = {}
        self._by_channel: dict[tuple[str, str], Community] = {}
        self._number = 0
        self._begin()
        self._live()

    # --- who there is

    def _begin(self) -> None:
        with Session(self.engine) as session, session.begin():
            for n, (platforms, zone, country, cadence) in enumerate(PLANS):
                self._add_community(session, n, platforms, zone, country, cadence)
            for n in range(self.count):
                self._add_person(session, n)
            for n, community in enumerate(self.communities):
                lead = Person(f"Lead {n}", {}, "silent", [(START, community.zone)])
                for platform in community.channels:
                    self._enrol(session, lead, community, platform, role=2)
                self.people.append(lead)
                appointments.start(session, community.id, self._key(session, lead), START)

    def _add_community(
        self, session: Session, n: int, platforms: tuple[str, ...], zone: str, country: str, cadence: str
    ) -> None:
        row = communities.add(
            session, name=f"Community {n}", purpose="", zone=zone, locale="en", country=country, now=START
        )
        id = communities.key(row)
        channels = {platform: (f"C{n}" if platform == "slack" else f"50{n}") for platform in platforms}
        for platform, channel in channels.items():
            communities.bind(session, id, platform, self.wires[platform].space, channel)
            self._by_channel[platform, channel] = Community(id, zone, channels)
        self.communities.append(Community(id, zone, channels))
        rule = read(cadence, zone=zone, today=START.date()).rule
        meetings.add_series(
            session, id, title="Circle", rule=rule.to_json(), zone=zone, minutes=60, place="", link="", now=START
        )
        if n < 2:
            self._add_checkin(session, id, zone, is_private=n == 0)
        timers.put(session, id, "meetings.plan", "", START)

    def _add_checkin(self, session: Session, community: int, zone: str, *, is_private: bool) -> None:
        """Add a check-in of the community's own: private on third Wednesdays, or in the channel on fourth Mondays."""
        definition = LOAD if is_private else ROOM
        row = checkins.create(session, community, definition.name, to_json(definition), by=None, now=START)
        row.state = checkins.IN_USE
        days = NthWeekdays(((3, 2),) if is_private else ((4, 0),))
        own = Touchpoint(f"{OWN}{row.id}", Rhythm(Rule(days, time(9), zone)), yields=Yields.KEEP, private=is_private)
        schedules.begin(session, community, "usual", START)
        for each in (*USUAL, own):
            schedules.save(session, community, each.what, definition=each.definition(), yields=each.yields)

    def _add_person(self, session: Session, n: int) -> None:
        person = Person(f"Person {n}", {}, HABITS[n % len(HABITS)], [(START, ZONES[n % len(ZONES)])])
        person.wants_nudges = n % 2 > 0
        home = self.communities[n * len(self.communities) // self.count]
        also = [self.pick.choice(self.communities)] if n % 4 == 0 else []
        # A few are everywhere and answer nothing, so that all their communities would nudge them in one week.
        if n % 20 == 1:
            person.habit, also = "silent", self.communities
        for community in dict.fromkeys((home.id, *(each.id for each in also))):
            there = self.communities[community - 1]
            platforms = [platform for platform in there.channels if platform in person.users] or list(there.channels)
            self._enrol(session, person, there, platforms[n % len(platforms)])
        self.people.append(person)

    def _enrol(self, session: Session, person: Person, community: Community, platform: str, role: int = 1) -> None:
        """Make somebody a member, as joining would, with another account linked to the first if need be."""
        wire, zone = self.wires[platform], person.zones[0][1]
        if platform not in person.users:
            id = f"U{len(self._by_user) + 1}" if platform == "slack" else str(1000 + len(self._by_user))
            user = person.users[platform] = User(wire, id, person.name, zone, can_manage=role > 1)
            self._by_user[platform, wire.external(id)] = person
            if len(person.users) > 1:
                session.add(
                    people.Account(
                        person_id=self._key(session, person),
                        platform=platform,
                        space=wire.space,
                        external=wire.external(user.id),
                        name=person.name,
                        seen_at=START,
                    )
                )
        row = people.enrol(session, community.id, self._key(session, person))
        row.joined_at, row.role, row.nudges = START, role, person.wants_nudges
        person.member_of[community.id] = [(START, None)]

    def _key(self, session: Session, person: Person) -> int:
        platform, user = next(iter(person.users.items()))
        wire = self.wires[platform]
        found = people.get_or_create(
            session,
            platform=platform,
            space=wire.space,
            external=wire.external(user.id),
            name=person.name,
            zone=person.zones[0][1],
            now=START,
        )
        # Discord tells of nobody's zone, so they have said it.
        found.zone_chosen = "slack" not in person.users
        return people.key(found)

    # --- how time passes

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @contextmanager
    def running(self) -> Iterator[None]:
        self._start()
        yield
        run(self.worker.stop())
        promises.check(self.engine, self.now)

    def _start(self) -> None:
        self.worker = DeliveryWorker(self.app, self.wires, LocalRunner)

    def until(self, moment: datetime) -> None:
        """Let time pass, and people do what they do at their times."""
        while self.now < moment:
            # What arrives on the way makes people do something before what they were about to do.
            coming = min([moment, self.now + LOOK, *(deed.at for deed in self.to_come[:1])])
            run(travel(self.app, self.worker, self.clock, max(coming, self.now)))
            self._notice()
            if self.to_come and self.to_come[0].at <= self.now:
                while self.to_come and self.to_come[0].at <= self.now:
                    heapq.heappop(self.to_come).do()
                self.settle()
                self.acting.clear()

    def later(self, at: datetime, do: Callable[[], None]) -> None:
        """Let somebody do something then, or when they next look: people look at their messages now and then."""
        at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=4 - at.hour % 4)
        self._number += 1
        heapq.heappush(self.to_come, Deed(at, self._number, do))

    def settle(self) -> None:
        run(run_until_idle(self.app, self.worker))
        self._notice()

    def stand_still(self, **span: float) -> None:
        """Stop the bot for some time, and start it again."""
        start = self.now
        run(self.worker.stop())
        self.clock.move(start + timedelta(**span))
        self.outages.append((start, self.now))
        housekeeping(self.app)
        self._start()
        self.settle()
        promises.check(self.engine, self.now)

    def is_catching_up(self, at: datetime) -> bool:
        """Return whether something may be late because the bot stood still before."""
        return any(end <= at < end + CATCHING_UP for _start, end in self.outages)

    def back_after(self, at: datetime) -> datetime:
        """Return this moment or, if the bot stood still then, when it was back."""
        return next((end for start, end in self.outages if start <= at <= end), at)

    def _notice(self) -> None:
        """Write down what has arrived, and let people decide when they react."""
        for name, wire in self.wires.items():
            for post in wire.arrived[self._read[name] :]:
                person = self._by_user[name, post.to] if post.is_direct else None
                community = None if post.is_direct else self._by_channel[name, post.to]
                arrival = Arrival(post, person, community, person in self.acting, round_of(post.first))
                self.arrivals.append(arrival)
                if arrival.asks:
                    readers = [person] if person else list(self._readers(name, community))
                    for reader in readers:
                        self._plan(reader, arrival)
            self._read[name] = len(wire.arrived)

    def _readers(self, platform: str, community: Community | None) -> Iterator[Person]:
        for person in self.people:
            if community and platform in person.users and person.is_member(community.id, self.now):
                yield person

    # --- what people do about a question

    def _plan(self, person: Person, arrival: Arrival) -> None:
        habit = person.habit if self.pick.random() < 0.9 else self.pick.choice(HABITS)
        is_second = arrival.is_nudge or arrival.was_asked_for
        if is_second:
            habit = "button" if arrival.was_asked_for or habit == "nudged" else "silent"
        if habit in ("silent", "nudged"):
            return
        at = self.now + timedelta(hours=3 if is_second else self.pick.choice((1, 5, 20, 30, 50)))
        if habit == "late":
            at = arrival.post.first.moments[-1] + timedelta(days=self.pick.choice((1, 2, 9)))
        self.later(at, lambda: self._react(person, arrival, habit))

    def _react(self, person: Person, arrival: Arrival, habit: str) -> None:
        round, post = arrival.round, arrival.post
        is_done = round in person.answered or round in person.passed
        if is_done or person.is_away(self.now) or not person.is_member(arrival.about, self.now):
            return
        user, is_open = person.users[post.wire.name], PASS in post.now.buttons
        self.acting.append(person)
        match habit:
            case "thread" if is_open and not post.is_direct:
                self._reply(person, user, post, round)
            case "thread" | "direct" if is_open:
                self._write(person, user, round)
            case "pass" if is_open:
                self._press(user, post, PASS)
                person.passed[round] = self.now
                self.deeds["passed"] += 1
            case "later" if is_open:
                self._put_off(user)
            case _:
                self._answer(person, user, post, round, changes=habit == "changes")

    def _channel(self, user: User, post: Post) -> str:
        return post.receipt.partition(" ")[0] if post.wire.name == "slack" or not post.is_direct else f"7{user.id}"

    def _press(self, user: User, post: Post, label: str) -> Reply:
        return self._do(user.wire.click(user, self._channel(user, post), post.now.buttons[label]))

    def _do(self, event: Event | None) -> Reply:
        assert event is not None
        reply = self.app.handle(event)
        assert not isinstance(reply, FormErrors | NotSaved), (event, reply)
        return reply

    def _answer(self, person: Person, user: User, post: Post, round: str, *, changes: bool = False) -> None:
        """Answer by a button: of one press, or one that opens a form. It may be too late, or done in another way."""
        buttons = post.now.buttons
        label = next((each for each in ("Answer", "Continue", "Answer late", "Calm") if each in buttons), "")
        if not label:
            return
        was_open = PASS in buttons
        reply = self._filled(user, post, self._press(user, post, label), "It went well")
        thanks = self._thanked(person, user, reply, round, "late" if not was_open else "button")
        if changes and thanks and "Change it" in thanks.buttons:
            where = self._channel(user, post)
            again = self._filled(user, post, self._do(user.wire.click(user, where, thanks.buttons["Change it"])), "Hm")
            self._thanked(person, user, again, round, "changed")
            withdraw = thanks.buttons.get("Withdraw it")
            if withdraw and self.pick.random() < 0.3:
                self._do(user.wire.click(user, where, withdraw))
                del person.answered[round]
                person.withdrawn.add(round)
                self.deeds["withdrawn"] += 1

    def _filled(self, user: User, post: Post, reply: Reply, words: str) -> Reply:
        while isinstance(reply, Form | NextForm):
            form = reply if isinstance(reply, Form) else reply.form
            reply = self._do(user.wire.submit(user, self._channel(user, post), form, words))
        return reply

    def _thanked(self, person: Person, user: User, reply: Reply, round: str, how: str) -> Drawn | None:
        if not isinstance(reply, Message):
            return None
        drawn = user.wire.draw(reply)
        if KEPT not in drawn.words:
            self.deeds[f"{how}: {drawn.words[:60]}"] += 1
            return None
        person.answered[round] = self.now
        self.deeds[how] += 1
        return drawn

    def _reply(self, person: Person, user: User, post: Post, round: str) -> None:
        event = user.wire.reply(user, post, "It went well in the thread")
        assert event
        reply = self._do(event)
        assert isinstance(reply, Message), reply
        self._keep(person, user, user.wire.draw(reply), post.to, round, "thread")

    def _write(self, person: Person, user: User, round: str) -> None:
        """Write to the bot, and say which question that answers where it asks."""
        seen = len(self.arrivals)
        reply = self._do(user.wire.write(user, "It went well, privately"))
        self.settle()
        below = [each.post.first for each in self.arrivals[seen:] if each.person is person]
        asked = user.wire.draw(reply) if isinstance(reply, Message) else below[-1]
        where, about, number = self._conversation(user), *round.split(":")
        if here := asked.buttons.get(f"Community {int(about) - 1}"):
            self._do(user.wire.click(user, where, here))
            self.settle()
            asked = [each.post.first for each in self.arrivals[seen:] if each.person is person][-1]
        if chosen := [
            id for id in asked.buttons.values() if "rounds.free_text_for" in id and id.endswith(f".{number}")
        ]:
            following = self._do(user.wire.click(user, where, chosen[0]))
            assert isinstance(following, Message)
            asked = user.wire.draw(following)
        self._keep(person, user, asked, where, round, "direct")

    def _keep(self, person: Person, user: User, asked: Drawn, where: str, round: str, how: str) -> None:
        if "Keep it" not in asked.buttons:
            self.deeds[f"{how}: {asked.words[:60]}"] += 1
            return
        reply = self._do(user.wire.click(user, where, asked.buttons["Keep it"]))
        while isinstance(reply, NextForm):
            reply = self._do(user.wire.submit(user, where, reply.form, "3"))
        self._thanked(person, user, reply, round, how)

    def _put_off(self, user: User) -> None:
        reply = self._do(user.wire.write(user, "later"))
        assert isinstance(reply, Message)
        if wish := user.wire.draw(reply).buttons.get("Tomorrow morning"):
            self._do(user.wire.click(user, self._conversation(user), wish))
            self.deeds["put off"] += 1

    def _conversation(self, user: User) -> str:
        return f"D{user.id}" if user.wire.name == "slack" else f"7{user.id}"

    # --- how their lives go on

    def _live(self) -> None:
        """Plan who goes away, leaves, comes back, or moves, and when."""
        people = [person for person in self.people if not person.name.startswith("Lead")]
        self.pick.shuffle(people)
        for n, person in enumerate(people[:28]):
            day = START + timedelta(days=self.pick.randrange(10, 230), hours=self.pick.randrange(24))
            match n % 7:
                case 0 | 1 | 2:
                    self.later(day, partial(self._go_away, person))
                case 3 | 4:
                    self.later(day, partial(self._leave, person, "Leave"))
                    self.later(day + timedelta(days=25), partial(self._come_again, person))
                case 5:
                    self.later(day, partial(self._leave, person, "Leave and delete what I wrote"))
                case _:
                    self.later(day, partial(self._move, person))

    def _at_home(self, person: Person) -> tuple[User, str, int]:
        """Return with which account and in which channel somebody acts, and the community there."""
        community = self.communities[next(iter(person.member_of)) - 1]
        platform = next(each for each in community.channels if each in person.users)
        return person.users[platform], community.channels[platform], community.id

    def _type(self, person: Person, line: str) -> Drawn:
        user, channel, _community = self._at_home(person)
        self.acting.append(person)
        reply = self._do(user.wire.command(user, channel, line))
        assert isinstance(reply, Message), reply
        return user.wire.draw(reply)

    def _go_away(self, person: Person) -> None:
        back = person.local(self.now).date() + timedelta(days=self.pick.randrange(4, 30))
        said = self._type(person, f"away until {back:%b} {back.day}")
        assert "away" in said.words, said
        person.away.append((self.now, datetime.combine(back, time(), person.zone(self.now))))
        self.deeds["away"] += 1

    def _leave(self, person: Person, label: str) -> None:
        user, channel, community = self._at_home(person)
        button = self._type(person, "leave").buttons[label]
        self._do(user.wire.click(user, channel, button))
        person.member_of[community][-1] = (person.member_of[community][-1][0], self.now)
        if label != "Leave":
            person.deleted.add(community)
        self.deeds["left"] += 1

    def _come_again(self, person: Person) -> None:
        user, channel, community = self._at_home(person)
        button = self._type(person, "join").buttons["Join"]
        self._do(user.wire.click(user, channel, button))
        person.member_of[community].append((self.now, None))
        self.deeds["returned"] += 1

    def _move(self, person: Person) -> None:
        """Move to Madrid. Slack tells the bot of it when they next act; on Discord they say so."""
        user, channel, _community = self._at_home(person)
        for each in person.users.values():
            each.zone = MADRID
        self.acting.append(person)
        if "slack" in person.users:
            slack = person.users["slack"]
            self._do(slack.wire.write(slack, "next"))
        else:
            self._do(user.wire.command(user, channel, "timezone Madrid"))
        person.zones.append((self.now, MADRID))
        self.deeds["moved"] += 1
