"""Acts at random in every route, as people of every standing, with made-up stamps, ids and places.

The oracle knows the table of permissions (`bot.devtools.permission_table`), and asks the database who is what, with
queries of its own. It looks for a read (a marker of a private text that reaches somebody it is not for) and for a write
(a row of a community in which the person may not do what they did).

    EVENTS=10000 SEED=7 .venv/bin/python -m pytest tests/fuzz/test_access.py -s
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Engine, event, text
from sqlmodel import Session, SQLModel

from bot.core.events import Click, Command, HomeOpened, PersonEvent, Place, PlatformUser, Shortcut, Submission
from bot.core.permissions import Role
from bot.core.standing import INVITATION_LASTS
from bot.devtools.permission_table import Permission, permissions
from bot.ui import Button, Form, FormErrors, Link, Message, Reply, Select
from storage.agenda import topics
from storage.communities import communities, programs, role_mappings
from storage.database import foreign_keys
from storage.database.personal import policy
from storage.learning import commitments, reflections, rounds
from storage.library import resources
from storage.meetings import attendance, feedback, meetings, rsvps
from storage.meetings.notes import MeetingNotes
from storage.people import appointments, people
from tests.support.chat import Chat

# What the bot keeps of everyone who acts, and what holds only ids or is the person's own by its key.
BOOKKEEPING = {"person", "account", "space", "draft", "processedevent", "incident", "linkcode"}
POLICIES = ("channel", "approval", "invitation")
# The click that repeats a command.
AGAIN = "commands.again"
# Timers of no community, whose value is the person that they are for.
OWN_TIMERS = {"pace.back"}
# What the commands of programs write: a program, who convenes it, who is in it, and what these are told.
OF_PROGRAMS = {"program", "convener", "programcommunity", "outgoing", "audit"}
# Follow the row of a resource or a message, which is looked at itself.
FOLLOW = {"postsubject", "resourcetopic", "searchposting", "searchsize", "searchterm", "searchword"}
# Who there is: name, what they are in the first community, and what the platform says of them.
STANDINGS = (
    "stranger", "invited", "requested", "member", "away", "removed", "facilitator", "admin", "leading admin", "named",
)  # fmt: skip
YOUTH, STAFF, FAR = 1, 2, 3
CHANNELS = {YOUTH: ("S1", "youth"), STAFF: ("S1", "staff"), FAR: ("S2", "far")}
GROUP, GIVEN, AUTHOR, NAME, KNOWN, LEADING = "group", "given", "author", "name", "known", "leading"
MARKED = re.compile(r"zq\d+qz")
# With these everybody takes away what is theirs, and posts that show it are drawn anew, in each community of theirs.
TAKING_AWAY = {"mydata.delete", "members.leave"}
# A restored world from time to time, because people leave, delete and remove one another.
STEPS_IN_A_WORLD = 250


@dataclass(frozen=True)
class Marker:
    """A word in a private text. `audience` says who reads it; `at` is when it was given, for GIVEN."""

    word: str
    community: int
    audience: str
    author: int = 0
    at: datetime | None = None
    # A round whose answers are read by all only once it is closed, or 0.
    round: int = 0


@dataclass(frozen=True)
class Person:
    """One person: their id, and how the platform describes them."""

    id: int
    who: PlatformUser


@dataclass
class World:
    """Three communities, two of them in one workspace, with a private text of every kind in each."""

    chat: Chat
    markers: list[Marker] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    def make(self, random: Random) -> None:
        self.chat.app.address = "https://bot.example.org"
        with Session(self.chat.engine) as session, session.begin():
            now = self.chat.clock.now()
            for id, (space, channel) in CHANNELS.items():
                name = self.mark(id, NAME)
                row = communities.add(
                    session,
                    name=f"Community {name}",
                    purpose=f"For {self.mark(id, KNOWN)}",
                    zone="America/New_York",
                    locale="en",
                    now=now - timedelta(days=400),
                    join_policy=random.choice(POLICIES),
                )
                assert row.id == id
                communities.bind(session, id, self.chat.name, space, channel)
                role_mappings.give(session, id, self.chat.name, f"R{id}", random.choice((2, 3)))
            for number in (YOUTH, STAFF, FAR):
                for standing in STANDINGS:
                    self._person(session, f"{standing.split()[-1]}{number}{'x' * (' ' in standing)}", number, standing)
            for name, groups in (("holder", ("R1",)), ("both", ("R1", "R3"))):
                self._person(session, name, STAFF, "stranger", groups=groups)
            self._person(session, "manager", STAFF, "stranger", manages=True)
            self._person(session, "supervisor", STAFF, "member", manages=True)
            for standing in ("stranger", "invited", "member", "facilitator"):
                self._person(session, f"guest-{standing}", STAFF, standing, home_id=f"S9-{standing}")
            for id in CHANNELS:
                self._texts(session, id, now)
            convener = next(p.id for p in self.people if p.who.id == f"admin{STAFF}")
            program = programs.create(session, "Together", convener, now)
            programs.join(session, programs.invite(session, programs.key(program), STAFF, now), now)

    def _person(
        self,
        session: Session,
        name: str,
        community: int,
        standing: str,
        *,
        groups: tuple[str, ...] = (),
        manages: bool = False,
        home_id: str = "",
    ) -> None:
        now = self.chat.clock.now()
        space = CHANNELS[community][0]
        row = people.get_or_create(
            session,
            platform=self.chat.name,
            space=space,
            external=name,
            name=name.title(),
            home_external=home_id,
            now=now,
        )
        id = people.key(row)
        who = PlatformUser(name, name.title(), groups=groups, can_manage=manages, home_id=home_id)
        self.people.append(Person(id, who))
        if standing == "stranger":
            return
        own = people.enrol(session, community, id)
        match standing:
            case "invited":
                own.invited_at = now
            case "requested":
                own.requested_at = now
            case "away" | "removed":
                own.joined_at, own.left_at = now - timedelta(days=9), now
                own.removed_at = now if standing == "removed" else None
            case "member":
                own.joined_at = now
            case "facilitator" | "admin" | "leading admin":
                own.joined_at, own.role = now, 2 if standing == "facilitator" else 3
                own.facilitates = standing == "leading admin"
                if standing != "admin":
                    appointments.start(session, community, id, now - timedelta(days=2))
        session.flush()

    def mark(self, community: int, audience: str, author: int = 0, at: datetime | None = None, round: int = 0) -> str:
        word = f"zq{len(self.markers):03}qz"
        self.markers.append(Marker(word, community, audience, author, at, round))
        return word

    def _texts(self, session: Session, community: int, now: datetime) -> None:
        author = next(p.id for p in self.people if p.who.id == f"member{community}")
        long_ago = now - timedelta(days=30)
        for is_closed in (True, False):
            round = rounds.open_round(
                session, community, rounds.CHECKIN, "How is it going?", now=long_ago, closes_at=now + timedelta(days=9)
            )
            assert round.id
            round.closed_at = long_ago if is_closed else None
            writers = [p.id for p in self.people if p.who.id[-1] == str(community)][:4]
            kinds = ((rounds.GROUP, GROUP, now), (rounds.FACILITATORS, GIVEN, now), (rounds.ME, AUTHOR, now))
            for writer, (audience, readers, at) in zip(
                writers, (*kinds, (rounds.FACILITATORS, GIVEN, long_ago)), strict=True
            ):
                word = self.mark(community, readers, writer, at, round.id if audience == rounds.GROUP else 0)
                rounds.save_answer(session, round.id, writer, None, body=word, audience=audience, now=at)
        reflections.add(session, author, community, self.mark(community, AUTHOR, author), "", rounds.ME, now)
        held = meetings.add(session, community, title="Held", starts_at=now - timedelta(days=20), minutes=60)
        coming = meetings.add(session, community, title="Coming", starts_at=now + timedelta(days=9), minutes=60)
        assert held.id
        assert coming.id
        mine = [p.id for p in self.people if p.who.id[-1] == str(community)]
        for writer in mine[:6]:
            words = self.mark(community, GIVEN, writer, long_ago)
            feedback.save(session, held.id, writer, worked=words, change="", useful=3, now=long_ago)
        caught_up = self.mark(community, GIVEN, author, long_ago)
        attendance.put(session, held.id, author, attendance.MADE_UP, long_ago, caught_up)
        rsvp = rsvps.say(session, coming.id, author, "no", long_ago)
        rsvp.note, rsvp.noted_at = self.mark(community, GIVEN, author, long_ago), long_ago
        words = self.mark(community, AUTHOR, author)
        commitments.save_commitment(session, community, held.id, author, words, now)
        commitments.save_takeaway(session, community, held.id, author, self.mark(community, AUTHOR, author), now)
        session.add(
            MeetingNotes(
                meeting_id=held.id, community_id=community, decisions=self.mark(community, LEADING), written_at=now
            )
        )
        topics.add(session, community, author, topics.TOPIC, self.mark(community, GROUP, author), now)
        content = resources.Content(self.mark(community, GROUP, author))
        row = communities.get(session, community)
        assert row
        resources.add(session, row, author, content, now)


@dataclass
class Truth:
    """What one person is in each community at one moment, asked of the database without the bot's own code."""

    role: dict[int, int] = field(default_factory=dict)
    reads_given: dict[int, list[tuple[datetime, datetime | None]]] = field(default_factory=dict)
    facilitates: set[int] = field(default_factory=set)
    known: set[int] = field(default_factory=set)
    in_channel: set[int] = field(default_factory=set)
    manages: set[int] = field(default_factory=set)

    @property
    def reachable(self) -> set[int]:
        """The communities in which the person can act at all."""
        return self.known | self.in_channel | self.manages | {c for c, role in self.role.items() if role}

    def may(self, community: int, needs: Role | None) -> bool:
        if community not in self.reachable:
            return False
        if needs in (None, Role.ANYONE):
            return True
        assert needs is not None
        return self.role.get(community, 0) >= needs or (needs == Role.ADMIN and community in self.manages)


def rows(engine: Engine, statement: str, **values: object) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text(statement), values).mappings())


def moment(value: Any) -> datetime | None:
    """Return a moment as either driver gives it."""
    if value is None:
        return None
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def truth(engine: Engine, person: int, who: PlatformUser, place: Place, platform: str) -> Truth:
    found = Truth()
    here: dict[int, set[tuple[str, str, str]]] = {}
    for row in rows(engine, "SELECT community_id, platform, space, channel FROM channel"):
        here.setdefault(row["community_id"], set()).add((row["platform"], row["space"], row["channel"]))
    mapped: dict[int, set[int]] = {}
    for row in rows(engine, "SELECT community_id, external, role FROM rolemap") if who.groups else ():
        is_here = any(space == place.space for _platform, space, _channel in here.get(row["community_id"], ()))
        if row["external"] in (who.groups or ()) and is_here:
            mapped.setdefault(row["community_id"], set()).add(row["role"])
    for community, channels in here.items():
        found.role[community] = max(mapped.get(community, {0}))
        if 2 in mapped.get(community, ()):
            found.facilitates.add(community)
        if (platform, place.space, place.channel) in channels:
            found.in_channel.add(community)
        if who.can_manage and any(space == place.space for _platform, space, _channel in channels):
            found.manages.add(community)
    for row in rows(engine, "SELECT * FROM membership WHERE person_id = :person", person=person):
        community = row["community_id"]
        dates = ("joined_at", "left_at", "requested_at", "invited_at", "declined_at")
        if row["role"] > 1 or any(row[name] is not None for name in dates):
            found.known.add(community)
        if row["left_at"] is not None:
            found.role[community] = 0
            found.facilitates.discard(community)
            continue
        if row["joined_at"] is not None or row["role"] > 1:
            found.role[community] = max(found.role.get(community, 0), row["role"])
        if row["role"] == 2 or row["facilitates"]:
            found.facilitates.add(community)
    for row in rows(engine, "SELECT id, other_companies FROM community") if who.home_id else ():
        if not row["other_companies"] and not found.role.get(row["id"]):
            found.in_channel.discard(row["id"])
            found.known.discard(row["id"])
    for row in rows(engine, "SELECT * FROM appointment WHERE person_id = :person AND role = 2", person=person):
        since, until = moment(row["since"]), moment(row["until"])
        assert since
        found.reads_given.setdefault(row["community_id"], []).append((since, until))
    return found


def is_for(marker: Marker, person: int, truth: Truth, engine: Engine) -> bool:
    """Return whether the table lets this person read the marker."""
    community = marker.community
    if person == marker.author:
        return True
    match marker.audience:
        case "author":
            return False
        case "known" | "name":
            return community in truth.reachable
        case "leading":
            shared = rows(
                engine, "SELECT id FROM meetingnotes WHERE shared_at IS NOT NULL AND community_id = :c", c=community
            )
            return truth.role.get(community, 0) >= (1 if shared else 2)
        case "given":
            assert marker.at
            periods = truth.reads_given.get(community, ())
            return community in truth.facilitates and any(
                since <= marker.at and (until is None or marker.at < until) for since, until in periods
            )
        case _:
            if marker.round and community not in truth.facilitates:
                [row] = rows(engine, "SELECT closed_at FROM round WHERE id = :id", id=marker.round) or [
                    {"closed_at": 1}
                ]
                return row["closed_at"] is not None and truth.role.get(community, 0) >= 1
            return truth.role.get(community, 0) >= 1


@dataclass
class Fuzz:
    """Acts and checks. `found` are the violations, in words."""

    world: World
    random: Random
    found: list[str] = field(default_factory=list)
    done: int = 0
    allowed: int = 0
    written: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    last_outgoing: int = 0
    # What the person who acted does next with what they were shown.
    next_up: list[tuple[Person, Place, PersonEvent, Permission | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chat, self.engine = self.world.chat, self.world.chat.engine
        self.table = {(row.kind, row.name): row for row in permissions(self.chat.app)}
        self.tables = {t.name: t for t in SQLModel.metadata.sorted_tables if t.name not in BOOKKEEPING | FOLLOW}
        event.listen(self.engine, "before_cursor_execute", self._note_write)
        self.snapshot = {name: self._dump(name) for name in self.tables}

    def close(self) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note_write)

    def _note_write(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        words = statement.split(None, 3)
        if words[0] in ("INSERT", "DELETE", "UPDATE"):
            name = (words[1] if words[0] == "UPDATE" else words[2]).strip('"').partition("(")[0]
            self.written.add(name)

    def _dump(self, name: str) -> dict[Any, dict[str, Any]]:
        table = self.tables[name]
        keys = [column.name for column in table.primary_key]
        with self.engine.connect() as connection:
            found = [dict(row) for row in connection.execute(table.select()).mappings()]
        return {row[keys[0]] if len(keys) == 1 else tuple(row[key] for key in keys): row for row in found}

    def restart(self) -> None:
        """Take the world as it is now for the beginning."""
        self.snapshot = {name: self._dump(name) for name in self.tables}
        self.written.clear()
        self.last_outgoing = max(self.snapshot["outgoing"], default=0)

    # --- acting

    def step(self) -> None:
        if self.next_up:
            person, place, happened, row = self.next_up.pop()
        else:
            person = self.random.choice(self.world.people)
            place = self._place(person)
            happened, row = self._event(person, place)
        # Whoever deleted their data is somebody new when they come back.
        person = replace(person, id=self._id_of(person))
        before = truth(self.engine, person.id, person.who, place, self.chat.name)
        memberships = self.snapshot["membership"]
        self.written.clear()
        reply = self.chat.app.handle(happened)
        self.done += 1
        person = replace(person, id=person.id or self._id_of(person))
        if "zq" in (shown := f"{reply}{self._pages(reply)}"):
            after = truth(self.engine, person.id, person.who, place, self.chat.name)
            named = self._named(row, person.id)
            self._check_read(shown, person.id, (before, after), happened, named)
        self._harvest(reply)
        self._follow(reply, person, place)
        changed = self.written & self.tables.keys()
        now = {name: self._dump(name) for name in changed}
        for name in sorted(changed):
            self._check_writes(name, self.snapshot[name], now[name], person, before, row, happened)
        if "membership" in changed:
            self._check_joins(memberships, now["membership"], person, before, happened)
        self.snapshot |= now
        if "outgoing" in changed:
            self._check_posts(happened)
        self.allowed += bool(changed)

    def _pages(self, reply: Reply) -> str:
        """Return the pages behind the links in a reply."""
        links = [a.url for a in reply.actions if isinstance(a, Link)] if isinstance(reply, Message) else []
        pages = [link.rpartition("/page/")[2] for link in links if "/page/" in link]
        return str([self.chat.app.open_page(token, "browser") for token in pages] or "")

    def _id_of(self, person: Person) -> int:
        found = rows(self.engine, "SELECT person_id FROM account WHERE external = :external", external=person.who.id)
        return found[0]["person_id"] if found else 0

    def pass_time(self) -> None:
        """Let the timers run and everything be delivered, and read it over everyone's shoulder."""
        self.chat.wait(minutes=self.random.choice((1, 60)))
        self.restart_posts()

    def restart_posts(self) -> None:
        self.snapshot = {name: self._dump(name) for name in self.tables}
        self._check_posts("time passes")
        self.buttons += [
            (a.action, a.value, tuple(v for v, _label in a.choices) if isinstance(a, Select) else ())
            for post in self.chat.posts[-20:]
            for a in post.message.actions
            if isinstance(a, Button | Select)
        ]
        del self.buttons[:-400]

    def _follow(self, reply: Reply, person: Person, place: Place) -> None:
        """Go on with a form or a card, as people mostly do. Sometimes from somewhere else."""
        if self.random.random() < 0.3:
            return
        if self.random.random() < 0.1:
            place = self._place(person)
        match reply:
            case Form() as form:
                submitted = self._filled(form, form.value, person.who, place)
                self.next_up = [(person, place, submitted, self.table["form", form.id])]
            case Message() if buttons := [a for a in reply.actions if isinstance(a, Button)]:
                button = self.random.choice(buttons)
                click = Click(place, person.who, button.action, button.value)
                self.next_up = [(person, place, click, self.table.get(("click", button.action)))]

    def _place(self, person: Person) -> Place:
        home = next((c for c in CHANNELS if str(c) in person.who.id), STAFF)
        if self.random.random() < 0.5:
            space, channel = CHANNELS[home]
            return Place(self.chat.name, space, channel)
        places = [*CHANNELS.values(), ("S1", "elsewhere"), ("S2", "youth"), ("S2", "elsewhere"), ("S1", "far")]
        # An account that is not at home where it acts has another id in each space.
        own = [each for each in places if each[0] == CHANNELS[STAFF][0]]
        space, channel = self.random.choice([*(own if person.who.home_id else places), ("", "d1")])
        return Place(self.chat.name, space, channel, direct=channel == "d1")

    def _stamp(self, value: str, place: Place) -> str:
        here = next((id for id, channel in CHANNELS.items() if channel == (place.space, place.channel)), None)
        if here and self.random.random() < 0.5:
            return f"{here}:{value}"
        stamp = self.random.choice(("1", "2", "3", "", "9", "01", "x"))
        return f"{stamp}:{value}"

    def _value(self) -> str:
        id = self.random.randint(1, 12)
        return self.random.choice(
            (str(id), f"{id}.{self.random.randint(0, 3)}", f"{id}.yes", f"{id}.{id}", "delete", "keep", f"s{id}",
             f"t{id}", "", str(self.random.randint(1, len(self.world.people))), "topic")
        )  # fmt: skip

    def _mention(self) -> str:
        return f"<@{self.random.choice(self.world.people).who.id}>"

    def _event(self, person: Person, place: Place) -> tuple[PersonEvent, Permission | None]:
        app, who, kind = self.chat.app, person.who, self.random.random()
        if kind < 0.35:
            spec = self.random.choice(app.commands)
            words = self.random.choice(
                (spec.example or spec.name, spec.name, f"{spec.name} {self._mention()}",
                 f"{spec.name} {self.random.choice(spec.choices) if spec.choices else 'quiet'}",
                 f"{spec.name} facilitator {self._mention()}", f"{spec.name} <#youth>")
            )  # fmt: skip
            found = self.table["command", spec.name]
            return Command(place, who, words, spec.root), found if words.startswith(spec.name) else None
        if kind < 0.6 and self.buttons:
            action, value, choices = self.random.choice(self.buttons)
            if self.random.random() < 0.4:
                value = self._stamp(value.partition(":")[2], place)
            chosen = (self.random.choice(choices),) if choices else ()
            return Click(place, who, action, value, chosen), self.table.get(("click", action))
        if kind < 0.8:
            action = self.random.choice(list(app.routes.clicks))
            chosen = (self._value(),) if self.random.random() < 0.4 else ()
            return Click(place, who, action, self._stamp(self._value(), place), chosen), self.table["click", action]
        if kind < 0.97:
            return self._submission(who, place)
        if kind < 0.985:
            return HomeOpened(place, who), self.table["command", "home"]
        name = self.random.choice(list(app.shortcuts)).name
        return Shortcut(place, who, name, "quiet words", "https://example.org/m"), self.table["shortcut", name]

    def _submission(self, who: PlatformUser, place: Place) -> tuple[PersonEvent, Permission | None]:
        if self.forms and self.random.random() < 0.6:
            form = self.random.choice(self.forms)
            value = form.value if self.random.random() < 0.6 else self._stamp(form.value.partition(":")[2], place)
            return self._filled(form, value, who, place), self.table["form", form.id]
        id = self.random.choice(list(self.chat.app.routes.forms))
        names = ("body", "audience", "reason", "words", "meeting", "title", "topics", "worked", "answer", "when")
        answers = {name: self.random.choice(("quiet", "group", "facilitators", "1", "1.0")) for name in names}
        return Submission(place, who, id, self._stamp(self._value(), place), answers), self.table["form", id]

    def _filled(self, form: Form, value: str, who: PlatformUser, place: Place) -> Submission:
        answers = {}
        for each in form.fields:
            held = " ".join(each.initial) if isinstance(each.initial, tuple) else each.initial
            choices = [choice for choice, _label in getattr(each, "choices", ())]
            # What somebody types is theirs to read.
            held = MARKED.sub("quiet", held)
            answers[each.name] = held or self.random.choice(choices or ["quiet words", "1", "14 Jan 4pm"])
        return Submission(place, who, form.id, value, answers)

    def _harvest(self, reply: Reply) -> None:
        match reply:
            case Message():
                for action in reply.actions:
                    if isinstance(action, Button | Select):
                        choices = tuple(v for v, _label in action.choices) if isinstance(action, Select) else ()
                        self.buttons.append((action.action, action.value, choices))
            case Form():
                self.forms.append(reply)
            case FormErrors():
                self.forms.append(reply.form)
        del self.buttons[:-400], self.forms[:-60]

    # --- checking

    def _violated(self, what: str, happened: object) -> None:
        self.found.append(f"{what} on {str(happened)[:400]}")

    def _markers_in(self, words: str) -> Iterator[Marker]:
        if "zq" in words:
            yield from (marker for marker in self.world.markers if marker.word in words)

    def _named(self, row: Permission | None, person: int) -> Collection[int]:
        """Return the communities that a route may name to this person, whether or not they know of them."""
        if row and row.name.startswith("program"):
            # Whoever convenes a program chooses among the communities of a space by name, and sees those in it.
            return CHANNELS
        if row and row.name.startswith("mydata."):
            # Beside each thing that somebody wrote stands where they wrote it.
            return self._wrote_in(person)
        return ()

    def _wrote_in(self, person: int) -> set[int]:
        found = set()
        for name, table in self.tables.items():
            for column in table.columns:
                if column.foreign_keys and column.info.get("personal") and policy(column).words:
                    mine = [row for row in self.snapshot[name].values() if row[column.name] == person]
                    found |= {community for row in mine if (community := self._community(name, row))}
        return found

    def _check_read(
        self, words: str, person: int, truths: tuple[Truth, ...], happened: object, named: Collection[int]
    ) -> None:
        for marker in self._markers_in(words):
            if marker.audience == NAME and marker.community in named:
                continue
            if not any(is_for(marker, person, each, self.engine) for each in truths):
                self._violated(f"person {person} read {marker}", happened)

    def _check_posts(self, happened: object) -> None:
        """Check every message that is new in the outbox: in a channel for its community, privately for its receiver."""
        for id, row in sorted(self.snapshot["outgoing"].items()):
            if id <= self.last_outgoing:
                continue
            words = row["message"]
            if row["person_id"] is None:
                for marker in self._markers_in(words):
                    is_open = marker.audience in (NAME, KNOWN) or (
                        marker.audience in (GROUP, LEADING) and self._is_open(marker)
                    )
                    if marker.community != row["community_id"] or not is_open:
                        self._violated(f"a channel of {row['community_id']} shows {marker}", happened)
            else:
                who = next((p.who for p in self.world.people if p.id == row["person_id"]), PlatformUser("", ""))
                # Where the receiver acts is nowhere: their roles of the platform count in each space.
                truths = tuple(
                    truth(self.engine, row["person_id"], who, Place(self.chat.name, space, ""), self.chat.name)
                    for space in ("S1", "S2")
                )
                for marker in self._markers_in(words):
                    known = marker.audience in (NAME, KNOWN)
                    if not known and not any(is_for(marker, row["person_id"], each, self.engine) for each in truths):
                        self._violated(f"person {row['person_id']} was sent {marker}", happened)
        self.last_outgoing = max(self.snapshot["outgoing"], default=self.last_outgoing)

    def _is_open(self, marker: Marker) -> bool:
        member = Truth(role={marker.community: 1})
        return is_for(marker, 0, member, self.engine)

    def _check_writes(
        self,
        name: str,
        before: Mapping[Any, dict[str, Any]],
        after: Mapping[Any, dict[str, Any]],
        person: Person,
        truth: Truth,
        row: Permission | None,
        happened: object,
    ) -> None:
        needs = row.needs if row else None
        if row and row.name in TAKING_AWAY:
            theirs = {
                each["community_id"] for each in self.snapshot["membership"].values() if each["person_id"] == person.id
            }
            truth = replace(truth, known=truth.known | theirs)
        for id in before.keys() | after.keys():
            old, new = before.get(id), after.get(id)
            if old == new:
                continue
            values = new or old or {}
            owner, community = values.get("person_id"), self._community(name, values)
            own = owner == person.id or (old or {}).get("person_id") == person.id
            # Everybody may end, leave and delete what is their own, wherever they are.
            if own and (needs in (None, Role.ANYONE) or community is None or truth.may(community, needs)):
                continue
            if name == "timer" and values["kind"] in OWN_TIMERS and values["value"] == str(person.id):
                continue
            # A message that shows them is drawn anew without them, wherever it is.
            if row and row.name in TAKING_AWAY and name == "outgoing" and old:
                continue
            # A program has no community: who convenes it may, and who leads a community begins one, joins and leaves.
            repeats = isinstance(happened, Click) and happened.action == AGAIN
            if name in OF_PROGRAMS and (repeats or (row and row.name.startswith("program"))):
                where = truth.reachable if community is None else {community}
                # Which command is repeated isn't known. Those about programs are a facilitator's, or an admin's.
                enough = (Role.FACILITATOR, Role.ADMIN) if repeats else (needs,) if needs else ()
                allowed = any(truth.may(each, one) for each in where for one in enough if one != Role.ANYONE)
                if not allowed and not self._convenes(person):
                    self._violated(f"{person.who.id} wrote {name} {id} of a program", happened)
                continue
            if community is None:
                if name == "community" and truth.may(id, needs):
                    continue
                if name in ("installation",) or not own:
                    if name == "community" and new and not old and truth.manages:
                        continue
                    self._violated(f"{person.who.id} wrote {name} {id} of no community", happened)
                continue
            if not truth.may(community, needs) and not (name != "community" and self._is_new_community(community)):
                self._violated(f"{person.who.id} wrote {name} {values} of {community}", happened)
            leads = truth.role.get(community, 0) >= Role.FACILITATOR or community in truth.manages
            is_of_others = name in ("membership", "appointment") and not own
            if is_of_others and not leads and not self._is_new_community(community):
                self._violated(f"{person.who.id} changed {name} {old} to {new}", happened)

    def _convenes(self, person: Person) -> bool:
        """Whether they convened a program before this event; `_check_writes` runs before the snapshot is renewed."""
        return any(each["person_id"] == person.id for each in self.snapshot["convener"].values())

    def _is_new_community(self, community: int) -> bool:
        """Whether it was started by setup in this world, by someone who manages the space."""
        return community not in CHANNELS

    def _community(self, name: str, values: Mapping[str, Any]) -> int | None:
        with Session(self.engine) as session:
            return foreign_keys.community_of(session, self.tables[name], values)

    def _check_joins(
        self,
        before: Mapping[Any, dict[str, Any]],
        after: Mapping[Any, dict[str, Any]],
        person: Person,
        truth: Truth,
        happened: object,
    ) -> None:
        """Check that whoever became a member was let in by the policy, by an invitation, or by a facilitator."""
        for id, new in after.items():
            old = before.get(id) or {}
            was = bool(old.get("joined_at")) and not old.get("left_at")
            if was or not new["joined_at"] or new["left_at"]:
                continue
            community = new["community_id"]
            if new["person_id"] != person.id:
                if not (old.get("requested_at") and truth.role.get(community, 0) >= Role.FACILITATOR):
                    self._violated(f"{person.who.id} made {new['person_id']} a member of {community}", happened)
                continue
            invited = moment(old.get("invited_at"))
            lasts = invited is not None and self.chat.clock.now() < invited + INVITATION_LASTS
            [row] = rows(self.engine, "SELECT join_policy FROM community WHERE id = :id", id=community)
            is_open = row["join_policy"] == "channel" and community in truth.in_channel and not old.get("removed_at")
            if not (lasts or is_open or truth.role.get(community, 0) >= Role.FACILITATOR):
                self._violated(f"{person.who.id} joined {community}", happened)
