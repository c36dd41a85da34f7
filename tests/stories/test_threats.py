"""What docs/threats.md promises and no other test covers: old buttons, locked tokens, machine pages."""

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


def test_button_does_nothing_when_its_facilitator_lost_the_role(chat: Chat) -> None:
    """Access is worked out within each event's transaction, never remembered from when the button was rendered."""
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


def test_forged_button_is_checked_against_the_members_role(chat: Chat) -> None:
    """Whatever a member writes into a button, their own role decides."""
    create_community(chat)
    [mei] = actors(chat, "Mei")
    for action in ("status.drop", "status.retry", "admin.retention", "meetings.pause", "setup.start"):
        said = words(chat.app.handle(Click(mei.place(), mei.who, action, "1:1")))
        assert "is for admins" in said, action


def test_locked_token_appears_in_no_page_file_or_message(chat: Chat) -> None:
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

    pages.answer_readiness(app, question, dict, dict)
    pages.answer_figures(app, question)
    core: App = chat.app
    answer_calendars(app, core)
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_machine_pages_forbid_scripts_sniffing_and_cookies(
    served: TestClient[web.Request, web.Application],
) -> None:
    for path in ("/healthz", "/readyz", "/metrics", "/calendar/made-up.ics", "/nowhere"):
        answer = await served.get(path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers


async def test_machine_pages_accept_no_writing_request(served: TestClient[web.Request, web.Application]) -> None:
    """No page uses cookies and none accepts input, so no other website can act through one."""
    app = served.server.app  # type: ignore[attr-defined]
    assert {route.method for route in app.router.routes()} <= {"GET", "HEAD"}
    for path in ("/healthz", "/readyz", "/metrics"):
        assert (await served.post(path, data=b"x")).status == 405
