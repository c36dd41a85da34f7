"""Whatever a facilitator or admin changes is in the audit log, whichever way they did it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine
from sqlalchemy.event import listen, remove
from sqlmodel import Session, SQLModel

from bot.core.context import Context
from bot.core.events import Event, PlatformUser
from bot.core.permissions import Role
from bot.core.router import RouteMatch
from bot.ui import Reply
from storage.communities import communities, programs
from tests.support.chat import Chat
from tests.support.community import ZONE, create_active_community, create_community, join_program
from tests.support.crawler import Crawler

LEADING = (Role.FACILITATOR, Role.ADMIN)
# What is saved whoever acts: drafts, processed events, and names as the platform reports them.
BOOKKEEPING = {"draft", "processedevent", "person", "account", "space", "incident"}
# What the crawler doesn't reach.
BY_HAND = (
    "channel bind <#100>",
    "channel bind <#300>",
    "role map admin <@1002>",
    "cadence pause",
    "cadence resume",
    "closure add Dec 24",
    "meeting schedule 5 Nov 4pm",
    "topic Quiet arrivals",
    "checkin open How was the week?",
    "checkin close",
    "prompt queue Who was quiet this week?",
)
Contents = Mapping[str, Set[str]]


def contents(engine: Engine) -> Contents:
    """Return every row as the driver gives it, since it is read thousands of times and only compared."""
    with engine.connect() as connection:
        return {
            name: frozenset(map(repr, connection.exec_driver_sql(f'SELECT * FROM "{name}"')))  # noqa: S608
            for name in SQLModel.metadata.tables
            if name not in BOOKKEEPING
        }


class Watch:
    """Compares everything in the database before and after each event that only facilitators or admins may cause."""

    def __init__(self, chat: Chat) -> None:
        self.chat, self.routed = chat, list[RouteMatch]()
        self.tried: Counter[str] = Counter()
        self.changed: Counter[str] = Counter()
        self.unnoted: dict[str, set[str]] = {}
        # What the database holds, for as long as nothing is written.
        self.known: Contents | None = None
        self.run_handler, self.handle = chat.app.run_handler, chat.app.handle
        chat.app.run_handler = self._run_handler  # type: ignore[method-assign]
        chat.app.handle = self._handle  # type: ignore[method-assign]

    def _contents(self) -> Contents:
        if self.known is None:
            self.known = contents(self.chat.engine)
        return self.known

    def forget(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SELECT", "BEGIN", "SAVEPOINT", "RELEASE")):
            self.known = None

    def _run_handler(self, ctx: Context, found: RouteMatch) -> Reply:
        if found.route.needs in LEADING and ctx.access.allows(found.route.needs):
            self.routed.append(found)
        return self.run_handler(ctx, found)

    def _handle(self, event: Event) -> Reply:
        self.routed.clear()
        before = self._contents()
        reply = self.handle(event)
        if self.routed:
            self._compare(self.routed[-1], before, self._contents())
        return reply

    def _compare(self, found: RouteMatch, before: Contents, after: Contents) -> None:
        handler = f"{found.route.handler.__module__}.{found.route.handler.__name__}"
        self.tried[handler] += 1
        changed = {table for table in after if after[table] != before[table]}
        if changed:
            self.changed[handler] += 1
        if changed and "audit" not in changed:
            self.unnoted.setdefault(handler, set()).update(changed)


@contextmanager
def watched(chat: Chat) -> Iterator[Watch]:
    watch = Watch(chat)
    listen(chat.engine, "after_cursor_execute", watch.forget)
    try:
        yield watch
    finally:
        remove(chat.engine, "after_cursor_execute", watch.forget)


def leading(chat: Chat) -> set[str]:
    app = chat.app.routes
    routes = [spec.route for spec in chat.app.commands]
    routes += [spec.route for spec in app.shortcuts.values()] + [*app.clicks.values(), *app.forms.values()]
    return {f"{r.handler.__module__}.{r.handler.__name__}" for r in routes if r.needs in LEADING}


def invite_to_a_program(chat: Chat, community: int) -> None:
    with Session(chat.engine) as session, session.begin():
        now = chat.clock.now()
        other = communities.add(session, name="Staff leaders", purpose="", zone=ZONE, locale="en", now=now)
        for name in ("Riverside", "Northside"):
            programs.invite(session, join_program(session, name, communities.key(other)), community, now)
            other = communities.add(session, name=name, purpose="", zone=ZONE, locale="en", now=now)


@pytest.mark.anywhere
@pytest.mark.slow
def test_every_change_by_a_leader_is_audited(chat: Chat) -> None:
    """Try everything that facilitators and admins may do, and look for a change without an audit entry."""
    invite_to_a_program(chat, create_active_community(chat))
    with watched(chat) as watch:
        ada = PlatformUser("1001", "Ben", zone=ZONE, can_manage=True, groups=("r1",))
        in_person = chat.person("1001", zone=ZONE, manages=True)
        in_person.channel = "100"
        for line in BY_HAND:
            in_person.types(line)
        in_person.types("agenda publish")
        in_person.fills()
        Crawler(chat, ada, "Quiet arrivals", lambda _reply: None).walk()
    assert leading(chat) - set(watch.tried) == set(), "a route that nobody tried"
    assert len(watch.changed) >= 30, sorted(watch.changed)
    assert watch.unnoted == {}


def test_unaudited_change_is_found(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    create_community(chat)
    monkeypatch.setattr(Context, "audit", lambda *_args: None)
    with watched(chat) as watch:
        chat.person("Ada", manages=True).types("retention 24", root="admin")
    assert list(watch.unnoted) == ["bot.features.admin.retention.set_retention"]
