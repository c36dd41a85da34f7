"""The playground as people use it: with mouse, keyboard, and screen reader, on a phone, in light and dark colours."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, expect

from bot.core.platform import DirectMessage, InChannel
from bot.ui import Quote, card
from tests.adapters.playground.pretend import delivery, summary
from tests.browser.conftest import Served, _Server
from tests.browser.page import PHONE, Page, complaints

pytestmark = pytest.mark.browser

DESK = {"width": 1280, "height": 800}


@contextmanager
def opened(browser: Browser, url: str, person: str = "maya", room: str = "youth-workers", **how: Any) -> Iterator[Page]:
    with browser.new_context(**{"viewport": DESK, **how}) as context:
        yield Page(context.new_page(), url).open(person, room)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_no_violation(chromium: Browser, served: Served, colours: Literal["light", "dark"]) -> None:
    with opened(chromium, served.url, color_scheme=colours) as page:
        assert complaints(page, colours) == []
        page.screenshot(f"conversation-{colours}")

        page.suggestions("/")
        page.box.press("ArrowDown")
        assert complaints(page, colours) == []
        page.screenshot(f"suggestions-{colours}")

        page.type_command("/cop next")
        assert complaints(page, colours) == []
        page.screenshot(f"private-{colours}")

        page.type_command("/cop share").fill({})
        assert len(page.problems()) == 3
        assert complaints(page, colours) == []
        page.screenshot(f"form-{colours}")
        page.tab.keyboard.press("Escape")

        page.tab.get_by_role("button", name="Look through resources").click()
        assert complaints(page, colours) == []
        page.tab.keyboard.press("Escape")

        page.open_direct()
        page.clock("Next thing that happens")
        page.tab.locator("#people summary").click()
        assert complaints(page, colours) == []
        page.screenshot(f"people-{colours}")

        page.tab.keyboard.press("Escape")
        page.be("Chi Tran").open_channel("staff-leaders")
        assert complaints(page, colours) == []
        page.screenshot(f"summary-{colours}")

        page.open_channel("everybody")
        assert complaints(page, colours) == []
        page.screenshot(f"empty-{colours}")
        assert page.errors == []


def test_long_command_leaves_the_words_beside_it_whole_on_a_phone(chromium: Browser, served: Served) -> None:
    with opened(chromium, served.url, viewport=PHONE) as page:
        page.type_command("/cop help " + "third Wednesday of each month, October to June " * 2)
        label = page.tab.locator(".asked .label").last
        assert label.evaluate("label => label.getClientRects().length") == 1
        assert label.evaluate("label => label.offsetHeight < 1.9 * parseFloat(getComputedStyle(label).fontSize)")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_page_fits_a_phone(chromium: Browser, served: Served, colours: Literal["light", "dark"]) -> None:
    with opened(
        chromium,
        served.url,
        viewport=PHONE,
        has_touch=True,
        is_mobile=True,
        device_scale_factor=2,
        color_scheme=colours,
    ) as page:
        assert complaints(page, colours) == []
        page.screenshot(f"phone-{colours}")
        wide = page.tab.evaluate(
            "[document.documentElement.scrollWidth, document.querySelector('.scroll').scrollWidth]"
        )
        assert wide == [390, 390]

        rooms = page.tab.get_by_role("navigation", name="Rooms")
        assert not rooms.is_visible()
        page.tab.get_by_role("button", name="Channels and people").click()
        expect(rooms.get_by_role("link", name="youth-workers")).to_be_focused()
        assert complaints(page, colours) == []
        page.screenshot(f"phone-drawer-{colours}")
        page.tab.locator("#people summary").focus()
        page.tab.keyboard.press("Tab")
        expect(rooms).not_to_be_visible()
        page.tab.get_by_role("button", name="Channels and people").click()
        page.tab.keyboard.press("Escape")
        expect(page.tab.get_by_role("button", name="Channels and people")).to_be_focused()
        expect(rooms).not_to_be_visible()

        page.open_channel("staff-leaders").see("What we learned about arrivals")
        page.type_command("/cop share")
        assert complaints(page, colours) == []
        page.screenshot(f"phone-form-{colours}")
        assert page.errors == []


def test_form_is_answered_with_the_keyboard_alone(page: Page, served: Served) -> None:
    keys = page.tab.keyboard
    expect(page.box).to_be_focused()
    keys.type("/cop an")
    expect(page.tab.get_by_role("option")).to_have_count(1)
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.box).to_have_value("/cop answer")
    keys.press("Enter")

    body = page.form.get_by_label("What did you try?")
    expect(body).to_be_focused()
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.form.get_by_role("alert")).to_have_text("One answer needs another look.")
    expect(body).to_be_focused()
    expect(body).to_have_accessible_description("Please answer this. One recent moment is plenty")
    keys.type("We sang")
    keys.press("Tab")
    keys.press("y")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")

    reply = page.tab.locator(".post.private")
    expect(reply).to_be_focused()
    expect(reply).to_contain_text("Thank you, it is saved")
    assert vars(served.bot.received[-1])["answers"] == {"body": "We sang", "where": "youth-workers"}

    # The first stop is the button that dismisses the reply, the second the one in it.
    for _press in range(2):
        keys.press("Tab")
    expect(page.tab.get_by_role("button", name="Change it")).to_be_focused()
    keys.press("Enter")
    expect(body).to_be_focused()
    keys.press("Escape")
    expect(page.tab.get_by_role("button", name="Change it")).to_be_focused()
    assert page.errors == []


def test_menu_is_used_with_the_keyboard(page: Page, served: Served) -> None:
    keys = page.tab.keyboard
    opener = page.tab.get_by_role("button", name="Look through resources")
    opener.focus()
    keys.press("Enter")
    items = page.tab.get_by_role("menuitem")
    expect(items.nth(0)).to_be_focused()
    keys.press("ArrowUp")
    expect(items.nth(2)).to_be_focused()
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    expect(items.nth(1)).to_be_focused()
    keys.press("Escape")
    expect(opener).to_be_focused()
    expect(items).to_have_count(0)
    page.choose("Look through resources", "Families")
    assert vars(served.bot.received[-1])["chosen"] == ("families",)
    assert page.last_private() == "Nothing about families has been shared yet."


def test_message_box_suggests_commands_then_arguments(page: Page) -> None:
    assert page.suggestions("/cop s") == ["/cop share [link]", "/cop snooze <1w|2w|4w|off>"]
    expect(page.box).to_have_attribute("aria-expanded", "true")
    page.box.press("ArrowUp")
    active = page.box.get_attribute("aria-activedescendant")
    expect(page.tab.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    page.box.press("Enter")
    expect(page.tab.get_by_role("option")).to_have_text(["1w ", "2w ", "4w ", "off "])
    expect(page.tab.locator("#usage")).to_contain_text("Pause questions for a while")
    page.box.press_sequentially("2")
    expect(page.tab.get_by_role("option")).to_have_count(1)
    page.box.press("Tab")
    expect(page.box).to_have_value("/cop snooze 2w")
    expect(page.box).to_have_attribute("aria-expanded", "false")
    page.suggestions("/")
    page.box.press("Escape")
    expect(page.tab.get_by_role("listbox")).not_to_be_visible()


def test_private_answer_is_replaced_in_place_and_dismissed(page: Page) -> None:
    page.type_command("/cop next").press("I’ll be there")
    assert page.last_private().startswith("You said yes.")
    expect(page.tab.locator(".post.private")).to_be_focused()
    page.press("Change my mind").press("Maybe")
    assert page.last_private().startswith("You said maybe.")
    page.tab.get_by_role("button", name="Dismiss").click()
    expect(page.tab.locator(".post.private")).to_have_count(0)
    expect(page.box).to_be_focused()


def test_two_people_speak_in_two_tabs(chromium: Browser, page: Page, served: Served) -> None:
    with opened(chromium, served.url, "ben") as ben:
        page.type_command("/cop next").say("Shall we bring puzzles?")
        ben.see("Shall we bring puzzles?")
        assert "Youth Workers meet again" not in ben.conversation.inner_text()
        ben.shortcut("Shall we bring puzzles?", "Add to agenda")
        assert "Shall we bring puzzles?" in ben.last_private()

        asked = page.tab.locator("#posts .post").filter(has_text="Shall we bring puzzles?").last
        asked.hover()
        asked.get_by_role("button", name="Reply in thread").click()
        page.say("I have two")
        thread = ben.tab.locator("#posts > .post").filter(has_text="Shall we bring puzzles?").locator(".thread")
        expect(thread).to_contain_text("I have two")
        expect(thread.locator("summary")).to_have_text("1 reply")
        thread.locator("summary").click()
        expect(thread.get_by_text("I have two")).not_to_be_visible()


def test_clock_move_shows_what_happens_and_to_whom(page: Page) -> None:
    happened = page.clock("Next thing that happens")
    assert happened.startswith("Mon, Oct 19")
    assert page.now() == "Monday, October 19, 2026 · 4:00 PM"
    page.see("A question for the weeks between")
    page.clock("+1 day")
    assert page.now() == "Tuesday, October 20, 2026 · 4:00 PM"
    page.clock("+1 hour")
    assert page.now() == "Tuesday, October 20, 2026 · 5:00 PM"
    page.tab.locator("#people summary").click()
    expect(page.tab.locator("#people a").filter(has_text="Ben Alvarez").locator(".count")).to_contain_text("1")
    page.tab.keyboard.press("Escape")
    page.be("Ben Alvarez")
    assert page.new_count("Commonplace") == 1
    page.open_direct().see("Would you look in on the question")
    expect(page.tab.locator("[data-count=direct]")).not_to_be_visible()


def test_relative_times_follow_the_clock(page: Page) -> None:
    page.type_command("/cop next")
    time = page.tab.locator("time[data-relative]")
    expect(time).to_have_text("in 1 month")
    page.clock("Next thing that happens")
    expect(time).to_have_text("in 3 weeks")


def test_rewritten_post_keeps_its_place_and_the_readers_focus(page: Page, served: Served) -> None:
    first = served.deliver(delivery(summary(served.clock.at), InChannel("youth-workers"), "x"))
    page.see("Five of you answered")
    post = page.tab.locator(f"#p{first}")
    post.get_by_role("link", name="Read about arrivals").focus()
    served.deliver(delivery(card("Six of you answered."), InChannel("youth-workers"), "y", replaces=first))
    page.see("Six of you answered.")
    expect(post).to_be_focused()
    expect(post).to_contain_text("edited")


def test_typed_text_is_only_text(page: Page, served: Served) -> None:
    nasty = "<img src=x onerror=alert(1)> [a](https://evil.example) @everyone <b>x</b>"
    page.say(nasty)
    page.see(nasty)
    served.deliver(delivery(card("x", title=nasty), InChannel("youth-workers"), "t"))
    served.deliver(delivery(summary(served.clock.at).__class__((Quote(nasty),)), InChannel("youth-workers"), "q"))
    expect(page.conversation.get_by_text(nasty)).to_have_count(3)
    assert page.tab.locator("#posts img, #posts b:not(.author), #posts a[href*=evil]").count() == 0
    assert page.errors == []


def test_lost_connection_is_reported_calmly_and_made_up_for(chromium: Browser, file: Path) -> None:
    first = _Server(file)
    served = first.start()
    with opened(chromium, served.url) as page:
        port = int(served.url.rstrip("/").rpartition(":")[2])
        first.stop()
        expect(page.tab.locator("#away")).to_be_visible()
        page.say("Can you hear me?")
        expect(page.tab.locator(".toast")).to_have_text("The playground does not answer. Is it still running?")
        expect(page.box).to_have_value("Can you hear me?")
        page.screenshot("away-light")

        second = _Server(file, port, talked=False)
        served = second.start()
        served.deliver(delivery(card("While you were away"), InChannel("youth-workers"), "w"))
        expect(page.tab.locator("#away")).not_to_be_visible()
        page.see("While you were away")
        page.box.press("Enter")
        page.see("Can you hear me?")
        second.stop()


def test_file_can_be_downloaded(page: Page, served: Served, tmp_path: Path) -> None:
    page.type_command("/cop data download")
    with page.tab.expect_download() as download:
        page.tab.get_by_role("link", name="Download").last.click()
    assert download.value.suggested_filename == "maya’s data.md"
    download.value.save_as(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "# What I keep\n\nYour name.\n"


def test_command_in_a_message_is_ready_to_send(page: Page, served: Served) -> None:
    page.type_command("/cop data show").press("/cop next")
    expect(page.box).to_have_value("/cop next ")
    expect(page.box).to_be_focused()
    served.deliver(delivery(card("Still there?"), DirectMessage("maya"), "d"))
    expect(page.tab.locator("[data-count=direct]")).to_contain_text("2")
