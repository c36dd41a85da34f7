"""Pages as a browser gets them: what is served, with which headers, and that typed text stays text."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession, DummyCookieJar, web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given
from hypothesis import strategies as st

from adapters.pages import render
from adapters.pages.adapter import COOKIE, MOST_AT_ONCE, answer_pages
from bot.core.pages import ClosedLink, OpenPage
from bot.operations import web_server
from bot.operations.http import application
from bot.ui import Chart, Divider, Facts, Note, Page, Part, Picture, Point, Quote, Section, Table, Text
from bot.ui.markup import cut, esc, mention
from tests.support.html import Node, read

SECRET = "s" * 32
NOW = datetime(2026, 12, 4, 20, 0, tzinfo=UTC)
SHAPES: tuple[Literal["bars", "split", "line", "spread"], ...] = ("bars", "split", "line", "spread")
HOSTILE = st.sampled_from(
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onload='x", "]]>", "<style>*{}</style>", "<!-- "]
) | st.text(min_size=1, max_size=60).filter(lambda t: bool(esc(t).strip()))


def opened(words: str = "Youth workers", locale: str = "en") -> OpenPage:
    """Return a page with every kind of part, and typed text wherever it can be."""
    short = cut(words, 100)
    parts: tuple[Part, ...] = (
        Text(esc(words)),
        Note(esc(words)),
        Quote(words, mention(1, words)),
        Facts(((words, esc(words)),)),
        Divider(),
        Table((words, "How many"), ((words, "3"), ("a", words)), short),
        *(Chart(s, short, words, (words, "n"), (Point(words, 2, words), Point("b"), Point("c", 3))) for s in SHAPES),
        Picture("https://example.org/a.png", words),
    )
    page = Page(short, (Section(short, parts), Section("Second", parts)), esc(words))
    zone = ZoneInfo("America/New_York")
    return OpenPage(page, words, words, locale, zone, NOW, NOW + timedelta(days=7), "`/cop data links`")


def drawn(words: str) -> Node:
    return read(render.page(opened(words)))


@given(HOSTILE)
def test_typed_text_never_becomes_a_tag_or_attribute(words: str) -> None:
    assert drawn(words).shape == drawn("harmless").shape


def test_page_has_no_script_no_inline_style_and_nothing_from_elsewhere() -> None:
    page = drawn("Youth workers")
    names = {attribute for node in page.walk() for attribute in node.attributes}
    assert "style" not in names
    assert not [name for name in names if name.startswith("on")]
    assert not page.all("script")
    assert not page.all("style")
    assert not page.all("img")
    assert [n.attributes["href"] for n in page.all("link")] == ["page.css", "figures.css"]


def test_page_says_its_findings_its_numbers_and_whose_it_is() -> None:
    page = drawn("Youth workers")
    ids = [n.attributes["id"] for n in page.walk() if "id" in n.attributes]
    assert len(set(ids)) == len(ids)
    for image in page.all("svg"):
        named = image.attributes["aria-labelledby"].split()
        assert [page.one(id=name).text for name in named] == ["Youth workers", "Youth workers"]
    assert [n.name for n in page.walk() if n.name in ("h1", "h2")] == ["h1", "h2", "h2"]
    footer = page.one("footer").text
    assert "Made for Youth workers. This link works until Fri, Dec 11, 3:00\u00a0PM EST." in footer
    assert "use /cop data links in the chat" in footer


class PretendBot:
    """Knows one page and links that are closed, fails for another, and can be made to wait."""

    address = "https://bot.example.org"

    def __init__(self) -> None:
        self.may_go_on, self.asked = asyncio.Event(), 0
        self.loop = asyncio.get_running_loop()

    def open_page(self, token: str, browser: str) -> OpenPage | ClosedLink:
        self.asked += 1
        if token in list(ClosedLink):
            return ClosedLink(token)
        if token == "slow":
            asyncio.run_coroutine_threadsafe(self.may_go_on.wait(), self.loop).result(60)
        if token == "broken":
            raise ZeroDivisionError
        if token != "works":
            return ClosedLink.UNKNOWN
        return opened() if browser == SECRET else ClosedLink.ELSEWHERE if browser else ClosedLink.NO_BROWSER


@pytest.fixture
async def bot() -> PretendBot:
    return PretendBot()


@pytest.fixture
async def browser(bot: PretendBot) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    site = application()
    answer_pages(site, bot)
    # It has opened something before.
    async with TestClient(TestServer(site), cookies={COOKIE: SECRET}) as client:
        yield client


Browser = TestClient[web.Request, web.Application]


async def test_page_is_neither_stored_nor_indexed_and_names_itself_to_nobody(browser: Browser) -> None:
    for path, status in (("works", 200), ("forged", 404), ("broken", 500)):
        answer = await browser.get(f"/page/{path}")
        assert answer.status == status
        assert answer.content_type == "text/html"
        assert answer.headers["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_forged_link_gives_one_calm_page_and_no_cookie(browser: Browser) -> None:
    answers = [await browser.get(f"/page/{path}") for path in ("forged", "0" * 400, "%00", "%F0%9F%98%80")]
    assert {await answer.text() for answer in answers} == {render.closed(ClosedLink.UNKNOWN)}
    assert not [answer for answer in answers if answer.cookies]
    assert (await browser.get("/page/")).status == 404
    assert (await browser.post("/page/works")).status == 405


@pytest.mark.parametrize(
    ("reason", "status", "title"),
    [
        (ClosedLink.UNKNOWN, 404, "There’s no page here"),
        (ClosedLink.ENDED, 410, "This link was ended"),
        (ClosedLink.EXPIRED, 410, "This link is too old"),
        (ClosedLink.ELSEWHERE, 403, "This link belongs to another browser"),
        (ClosedLink.DENIED, 403, "This page isn’t open to you"),
    ],
)
async def test_each_reason_that_a_link_is_closed_has_its_page(
    browser: Browser, reason: ClosedLink, status: int, title: str
) -> None:
    answer = await browser.get(f"/page/{reason.value}")
    assert (answer.status, answer.content_type) == (status, "text/html")
    page = read(await answer.text())
    assert page.one("h1").text == title
    assert "in your chat" in page.text
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"


async def test_browser_is_asked_to_bring_back_a_cookie_before_a_link_opens(bot: PretendBot) -> None:
    site = application()
    answer_pages(site, bot)
    async with TestClient(TestServer(site), cookie_jar=DummyCookieJar()) as client:
        first = await client.get("/page/works", allow_redirects=False)
        assert (first.status, first.headers["Location"]) == (303, "?again")
        assert not await first.text()
        cookie = first.cookies[COOKIE]
        assert len(cookie.value) == 32
        assert cookie["httponly"]
        assert cookie["secure"]
        # Below the pages only, and also after a click on another site.
        assert (cookie["samesite"], cookie["path"], cookie["max-age"]) == ("Lax", "/page/", "604800")
        # One that keeps none is told, instead of being sent round in circles.
        kept_none = await client.get("/page/works?again", allow_redirects=False)
        assert kept_none.status == 403
        assert "Your browser keeps no cookies" in await kept_none.text()
        # What isn't one of ours is none.
        forged = await client.get("/page/works", headers={"Cookie": f"{COOKIE}=x"}, allow_redirects=False)
        assert forged.status == 303
        opened = await client.get("/page/works?again", headers={"Cookie": f"{COOKIE}={SECRET}"})
        assert opened.status == 200
        assert opened.cookies[COOKIE].value == SECRET
        bot.address = "http://localhost:8080/bot"
        at_home = (await client.get("/page/works", allow_redirects=False)).cookies[COOKIE]
        assert (at_home["secure"], at_home["path"]) == ("", "/bot/page/")


async def test_stylesheets_are_served_beside_the_page(browser: Browser, bot: PretendBot) -> None:
    for name in ("page.css", "figures.css"):
        answer = await browser.get(f"/page/{name}")
        assert (answer.status, answer.content_type) == (200, "text/css")
    assert bot.asked == 0


async def test_only_so_many_pages_are_drawn_at_once(browser: Browser, bot: PretendBot) -> None:
    waiting = [asyncio.create_task(browser.get("/page/slow")) for _each in range(MOST_AT_ONCE)]
    while bot.asked < MOST_AT_ONCE:
        await asyncio.sleep(0)
    answer = await browser.get("/page/works")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    bot.may_go_on.set()
    assert {(await each).status for each in waiting} == {404}
    assert (await browser.get("/page/works")).status == 200


async def test_nothing_logged_opens_a_page(bot: PretendBot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    site = application()
    answer_pages(site, bot)
    async with web_server.listening(site, "127.0.0.1", 0, stop_s=0.1) as port, ClientSession() as browser:
        for path in ("works", "forged-token", "broken"):
            await (await browser.get(f"http://127.0.0.1:{port}/page/{path}")).read()
    # The first twice, since it is sent round for its cookie.
    assert bot.asked == 4
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("asyncio")]
    assert ours == ["a page could not be shown"]
