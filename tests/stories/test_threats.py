"""What docs/threats.md promises and no other page of tests tells: old buttons, locked tokens, machine pages."""

from collections.abc import AsyncIterator, Mapping

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlmodel import Session, select

from bot.core.app import App
from bot.core.events import Click
from bot.features.calendar_feeds.http import answer_calendars
from bot.operations import http as pages
from storage.communities.installations import Installation
from storage.messaging.outbox import Outgoing
from storage.people import people
from tests.support.chat import START, Chat, words
from tests.support.community import actors, create_community

LOCKED = "a-token-that-is-locked-up"


def test_a_button_drawn_for_a_facilitator_does_nothing_once_they_are_none(chat: Chat) -> None:
    """Standing is worked out anew inside each event's own transaction, never remembered from when it was drawn."""
    create_community(chat)
    [ben] = actors(chat, "Ben")
    ben.types("checkin open What did you try?")
    close = Click(ben.place(), ben.who, "rounds.close", "1:1")
    chat.person("Ada", manages=True).types("role map member <@ben>", root="admin")
    said = words(chat.app.handle(close))
    assert "is for facilitators" in said
    with Session(chat.engine) as session:
        row = people.membership(session, 1, 4)
        assert row
        assert row.role == 1
    ben.types("checkin summary")
    assert not [p for p in chat.in_channel() if "closed" in p.words.lower()]


def test_what_a_member_forges_into_a_button_is_asked_of_their_role_too(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    for action in ("status.drop", "status.retry", "admin.retention", "meetings.pause", "setup.start"):
        said = words(chat.app.handle(Click(mei.place(), mei.who, action, "1:1")))
        assert "is for admins" in said, action


def test_a_locked_token_is_in_nothing_that_anybody_is_given(chat: Chat) -> None:
    create_community(chat)
    with Session(chat.engine) as session, session.begin():
        row = Installation(platform=chat.name, space="S2", name="Pretend", installed_at=START, locked=LOCKED)
        row.enterprise, row.bot, row.scopes, row.installed_by = "", "B1", "", "S1-ada"
        session.add(row)
    ada, ben = chat.person("Ada", manages=True), actors(chat, "Ben")[0]
    shown = [ada.types(line, root="admin") for line in ("status", "audit", "export json", "export md", "retention")]
    shown += [ben.types("data show"), ben.types("data download"), ben.types("home")]
    files = [str(p.message.attachment) for p in chat.posts if p.message.attachment]
    assert len(files) >= 3
    with Session(chat.engine) as session:
        kept = list(session.exec(select(Outgoing.message)))
    assert not [text for text in (*shown, *files, *kept) if LOCKED in text]


@pytest.fixture
async def served(chat: Chat) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    app = pages.application()

    async def question() -> Mapping[str, bool]:
        return {"clock": True}

    pages.answer_readiness(app, question, dict)
    pages.answer_figures(app, question)
    core: App = chat.app
    answer_calendars(app, core)
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_nothing_on_the_machine_pages_runs_is_framed_or_kept(
    served: TestClient[web.Request, web.Application],
) -> None:
    for path in ("/healthz", "/readyz", "/metrics", "/calendar/made-up.ics", "/nowhere"):
        answer = await served.get(path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers


async def test_the_machine_pages_change_nothing_whoever_asks(served: TestClient[web.Request, web.Application]) -> None:
    """No page knows anybody by a cookie and none takes anything, so no other website can ride on one."""
    app = served.server.app  # type: ignore[attr-defined]
    assert {route.method for route in app.router.routes()} <= {"GET", "HEAD"}
    for path in ("/healthz", "/readyz", "/metrics"):
        assert (await served.post(path, data=b"x")).status == 405
