"""A page as people read it: on a screen, a phone, on paper, with the keyboard, and with script turned off."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import pytest
from aiohttp import web
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, expect
from sqlmodel import Session

from adapters.pages.adapter import answer_pages
from bot.core.app import App
from bot.operations import web_server
from bot.operations.http import application
from bot.ui import Link
from tests.browser.page import SCREENSHOTS
from tests.support.chat import Chat
from tests.support.community import actors
from tests.support.seasons import PLATE, answer, ask, checkin, create_seasons

pytestmark = pytest.mark.browser

SIZES = {"desk": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}


class _Server:
    """The bot's own web server on a thread of its own, since another drives the browser."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.port: Future[int] = Future()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    async def _run(self) -> None:
        self.loop, self.stop = asyncio.get_running_loop(), asyncio.Event()
        site: web.Application = application()
        answer_pages(site, self.app)
        async with web_server.listening(site, "127.0.0.1", 0, stop_s=0.2) as port:
            self.port.set_result(port)
            await self.stop.wait()

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.stop.set)
        self.thread.join(60)


@pytest.fixture
def link(chat: Chat) -> Iterator[str]:
    """The link to the report of a season, with a question on a scale and one in the words of a person."""
    server = _Server(chat.app)
    server.thread.start()
    chat.app.address = f"http://127.0.0.1:{server.port.result(60)}"
    # Playwright's own loop runs in this thread.
    with ThreadPoolExecutor() as other_thread:
        found = other_thread.submit(_tell, chat).result(120)
    yield found
    server.close()


def _tell(chat: Chat) -> str:
    create_seasons(chat)
    points = {110: [1, 2, 3, 4, 5], 117: [2, 3], 130: [3, 4, 4, 4, 5, 5], 144: [2, 3, 5, 5, 5]}
    with Session(chat.engine) as session, session.begin():
        version = checkin(session, PLATE)
        for day, given in points.items():
            answer(session, ask(session, day, version=version), dict(enumerate(given, 1)))
        ask(session, 150, range(1, 5), question="<b>Who</b> has a bus contact? " + "And a very long question " * 6)
    [ben] = actors(chat, "Ben")
    ben.types("report")
    ben.presses("Open as a page")
    [link] = [action.url for action in ben.shown.actions if isinstance(action, Link)]
    return link


def _note(errors: list[str], said: ConsoleMessage) -> None:
    errors.append(said.text)


def test_page_is_read_everywhere(chromium: Browser, link: str) -> None:
    # What the browser that opens it first keeps.
    kept = None
    for colours in ("light", "dark"):
        for size, viewport in SIZES.items():
            with chromium.new_context(viewport=viewport, color_scheme=colours, storage_state=kept) as context:  # type: ignore[arg-type]
                tab = context.new_page()
                errors: list[str] = []
                tab.on("console", partial(_note, errors))
                tab.goto(link)
                expect(tab.get_by_role("heading", level=1)).to_have_text("Report: Fall")
                expect(tab.get_by_role("img", name="Share of those asked who answered")).to_be_visible()
                tab.screenshot(path=SCREENSHOTS / f"report-{size}-{colours}.png", full_page=True)
                found = Axe().run(tab).response["violations"]
                assert [f"{v['id']}: {[n['html'][:120] for n in v['nodes']]}" for v in found] == []
                assert tab.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
                assert errors == []
                kept = context.storage_state()
    with chromium.new_context(java_script_enabled=False, storage_state=kept) as context:
        tab = context.new_page()
        tab.goto(link)
        tab.keyboard.press("Tab")
        expect(tab.get_by_role("link", name="Skip to the content")).to_be_focused()
        tab.keyboard.press("Tab")
        expect(tab.locator("summary").first).to_be_focused()
        tab.keyboard.press("Enter")
        expect(tab.get_by_role("row", name="Jan 5 67% (8/12)")).to_be_visible()
        tab.emulate_media(media="print")
        # On paper every number is there, and nothing that can only be pressed.
        expect(tab.get_by_role("row", name="Jan 10")).to_have_count(3)
        for row in tab.get_by_role("row", name="Jan 10").all():
            expect(row).to_be_visible()
        expect(tab.locator("summary").first).not_to_be_visible()
        tab.screenshot(path=SCREENSHOTS / "report-print.png", full_page=True)
        answer = tab.goto(f"{link}x")
        assert answer
        assert answer.status == 404
        expect(tab.get_by_role("heading", level=1)).to_have_text("There’s no page here")
        tab.screenshot(path=SCREENSHOTS / "report-gone.png", full_page=True)
    with chromium.new_context() as context:
        tab = context.new_page()
        answer = tab.goto(link)
        assert answer
        assert answer.status == 403
        expect(tab.get_by_role("heading", level=1)).to_have_text("This link belongs to another browser")
        assert "Fall" not in tab.content()
        assert "Ben" not in tab.content()
        assert Axe().run(tab).response["violations"] == []
        tab.screenshot(path=SCREENSHOTS / "report-elsewhere.png", full_page=True)
