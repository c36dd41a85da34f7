"""The workbook: what a member thought, tried and decided over time, for their own eyes."""

import re
from datetime import datetime
from html import unescape
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from adapters.pages import render
from bot.core.app import App
from bot.core.pages import OpenPage
from bot.features import ALL
from bot.features.personal_data import workbook_views
from bot.features.personal_data.workbook_views import WorkbookEntry
from bot.features.personal_data.written_views import Item
from bot.ui import Link
from tests.support.chat import Actor, Chat
from tests.support.community import actors, create_community

ADDRESS = "https://bot.example.org"
UTC = ZoneInfo("UTC")
START = datetime(2026, 9, 1, tzinfo=UTC)
BROWSER = "the cookie of a browser"


def live_through_two_months(chat: Chat) -> Actor:
    """Let Mei answer, reflect for herself and, a month later, for everyone; Ben writes too. Return Mei."""
    create_community(chat, nudges=False)
    mei, ben = actors(chat, "Mei", "Ben")
    ben.types("checkin open What did you try?", root="facilitator")
    card = next(p for p in chat.in_channel() if "What did you try" in p.words)
    mei.presses("Answer", on=card)
    mei.fills(body="# Snack first\n\n<b>then</b> homework")
    ben.presses("Answer", on=card)
    ben.fills(body="Ben’s own words")
    chat.wait(hours=1)
    mei.types("reflect")
    mei.fills(body="Quiet starts help me", about="transitions")
    chat.wait(days=31)
    mei.types("reflect")
    mei.fills(body="Door songs work", audience="group")
    return mei


def page_of(mei: Actor) -> str:
    mei.chat.app = App(ALL, mei.chat.engine, mei.chat.clock.now)
    mei.chat.app.address = ADDRESS
    mei.types("data workbook")
    mei.presses("Open as a page")
    [link] = [action.url for action in mei.shown.actions if isinstance(action, Link)]
    opened = mei.chat.app.open_page(link.rpartition("/")[2], BROWSER)
    assert isinstance(opened, OpenPage)
    return render.page(opened)


def file_of(mei: Actor) -> str:
    mei.types("data workbook")
    mei.presses("Get the file")
    attachment = mei.shown.attachment
    assert attachment
    assert attachment.name.endswith(".md")
    return attachment.body


def test_workbook_counts_what_is_in_it_and_shows_the_latest(chat: Chat) -> None:
    mei = live_through_two_months(chat)
    said = mei.types("data workbook")
    assert "Reflections: 2, Answers: 1" in said
    assert said.index("Door songs work") < said.index("Quiet starts help me") < said.index("Snack first")
    assert "Only you can see your workbook" in said
    assert "Ben’s own words" not in said


def test_file_holds_every_word_in_order_with_its_question_and_readers(chat: Chat) -> None:
    body = file_of(live_through_two_months(chat))
    html = MarkdownIt("commonmark").render(body)
    assert html.index("Snack first") < html.index("Quiet starts help me") < html.index("Door songs work")
    assert "What did you try?" in html
    assert "only you" in html
    assert "Ben" not in html


def test_typed_words_stay_words_in_the_file(chat: Chat) -> None:
    """A line that looks like a heading or a tag is what Mei typed, and breaks where she broke it."""
    html = MarkdownIt("commonmark").render(file_of(live_through_two_months(chat)))
    assert html.count("<h1>") == 1
    assert "<b>" not in html
    assert "# Snack first" in html
    assert "&lt;b&gt;then&lt;/b&gt; homework" in html


def test_page_shows_each_month_and_nobody_elses_words(chat: Chat) -> None:
    page = page_of(live_through_two_months(chat))
    assert page.index("Snack first") < page.index("Quiet starts help me") < page.index("Door songs work")
    assert "<b>then" not in page
    assert "Ben’s own words" not in page


def test_words_taken_back_are_gone_from_the_workbook(chat: Chat) -> None:
    mei = live_through_two_months(chat)
    mei.types("data show")
    mei.chooses("Open what you wrote", "Reflections (2)")
    mei.chooses("Open one", "Door songs work")
    mei.presses("Take back")
    mei.presses("Take it back")
    assert "Door songs work" not in file_of(mei)


def test_empty_workbook_says_what_fills_it(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    assert "Your workbook is empty so far" in mei.types("data workbook")


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=30))
@example("- a list")
@example("1. a list")
@example("+1")
@example("=====")
@example("&copy; ![x](y) <script>")
def test_line_in_the_file_reads_as_it_was_typed(typed: str) -> None:
    item = Item("", START, (("", typed),), "", "", "", may_change=False, fixed="")
    html = MarkdownIt("commonmark").render(workbook_views.markdown([WorkbookEntry("Answers", START, item)], "", UTC))
    [said] = re.findall(r"<blockquote>\n<p>(.*)</p>\n</blockquote>", html)
    assert unescape(said) == typed
