"""A meeting in a browser, from the words that set the rhythm to what was done about what people said."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.page import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOM = "youth-workers"
MOST = 400  # presses of the clock before something is amiss


@pytest.fixture
def page(chromium: Browser, demo: str) -> Iterator[Page]:
    tab = chromium.new_page(viewport={"width": 1280, "height": 1000})
    page = Page(tab, demo).open()
    yield page
    assert page.faults == []
    tab.close()


def test_a_meeting_is_set_chosen_for_moved_held_and_answered(page: Page) -> None:
    set_the_rhythm(page)
    suggest_and_vote(page)
    say_who_comes(page)
    move_it(page)
    follow_it_elsewhere(page)
    hold_it(page)
    say_how_it_was(page)
    hear_what_was_done(page)


def be(page: Page, person: str) -> Page:
    return page.be(person).open_channel(ROOM)


def until(page: Page, when: str, by: str = "+1 day") -> None:
    """Let time pass until the clock shows these words."""
    for _press in range(MOST):
        if when in page.now():
            return
        page.clock(by)
    raise AssertionError(f"it never was {when}: {page.now()}")


def set_the_rhythm(page: Page) -> None:
    be(page, "Ada Romero").type_command(
        "/cop-admin cadence set third Wednesday of each month, October to June, 4pm to 5:30pm"
    )
    understood = page.last_private()
    assert "I understood: third Wednesday of each month, October to June, 4:00 PM to 5:30 PM" in understood
    assert "Wed, Oct 21, 2026, 4:00 PM" in understood
    assert "Wed, Oct 14, 2026, 4:00 PM" in understood.partition("No longer")[2]
    page.screenshot("meeting-rhythm")
    page.press("Save")
    page.see("From now on we meet: third Wednesday")


def suggest_and_vote(page: Page) -> None:
    be(page, "Mei Tanaka").type_command("/cop topic Quiet arrivals")
    page.shortcut("How do the rest of you manage the late bus", "Add to agenda")
    page.fill({})
    be(page, "Olu Adeyemi").type_command("/cop topic Snack money")
    until(page, "October 9")
    page.see("You have three dots")
    for person, dots in (("Mei Tanaka", 3), ("Olu Adeyemi", 1)):
        be(page, person).type_command("/cop vote")
        page.fill(dict.fromkeys(("First dot", "Second dot", "Third dot")[:dots], "Quiet arrivals"), send=False)
        page.screenshot("meeting-dots")
        page.fill({})
        assert "Quiet arrivals" in page.last_private()
    be(page, "Ben Okafor")
    assert "4 dots" not in page.conversation.inner_text()
    until(page, "October 15")
    page.see("4 dots")
    page.screenshot("meeting-vote-closed")


def say_who_comes(page: Page) -> None:
    be(page, "Mei Tanaka").press("Yes, I’ll come", on="Meeting: Youth Workers")
    page.press("Add a note")
    page.fill({"Your note": "Ten minutes late, the bus"})
    assert "Only the facilitators read it" in page.last_private()
    page.screenshot("meeting-rsvp")


def move_it(page: Page) -> None:
    until(page, "October 20")
    until(page, "5:00 PM", by="+1 hour")
    page.see("Tomorrow")
    be(page, "Ben Okafor").type_command("/cop-facilitate meeting move 22 Oct 4pm")
    assert "Thu, Oct 22" in page.last_private()
    page.screenshot("meeting-moved")
    be(page, "Mei Tanaka")
    expect(page.conversation.get_by_text("it is now on Thu, Oct 22").first).to_be_visible()
    assert "Tomorrow" not in page.conversation.inner_text()
    card = page.tab.locator("#posts > .post").filter(has_text="Meeting: Youth Workers").last
    assert "Thu, Oct 22" in card.inner_text()
    card.scroll_into_view_if_needed()
    page.screenshot("meeting-edited-in-place")


def follow_it_elsewhere(page: Page) -> None:
    page.type_command("/cop my calendar")
    page.press("Make my link")
    assert ".ics" in page.last_private()
    page.screenshot("meeting-calendar-link")
    with page.tab.expect_download() as coming:
        page.tab.get_by_role("link", name="Open it").last.click()
    calendar = coming.value.path().read_text()
    assert "RECURRENCE-ID;TZID=America/New_York:20261021T160000" in calendar
    assert "DTSTART;TZID=America/New_York:20261022T160000" in calendar


def hold_it(page: Page) -> None:
    until(page, "October 22")
    until(page, "6:00 PM", by="+1 hour")
    page.press("I was there", on="Meeting: Youth Workers")
    assert "Noted: you were at Youth Workers" in page.last_private()
    be(page, "Ben Okafor").type_command("/cop-facilitate meeting attendance")
    page.press("Mark who came")
    page.fill({}, send=False)
    page.screenshot("meeting-attendance-list")
    page.form.get_by_label("Olu Adeyemi").check()
    page.fill({})
    page.type_command("/cop-facilitate meeting attendance")
    there = page.last_private().partition("There:")[2]
    assert "Mei Tanaka" in there
    assert "Olu Adeyemi" in there
    page.screenshot("meeting-attendance")


def say_how_it_was(page: Page) -> None:
    for person in ("Mei Tanaka", "Olu Adeyemi", "Ana Ruiz", "Jon Park", "Priya Raman"):
        be(page, person).press("Answer", on="After the meeting")
        page.fill({"What worked?": "The quiet corner", "What should we change?": "A longer break"}, send=False)
        if person == "Mei Tanaka":
            page.screenshot("meeting-after")
        page.fill({})
    until(page, "October 30")
    be(page, "Ben Okafor").type_command("/cop-facilitate feedback show")
    assert page.last_private().count("A longer break") >= 5
    page.screenshot("meeting-feedback")


def hear_what_was_done(page: Page) -> None:
    page.type_command("/cop-facilitate feedback reply")
    page.fill({"You said": "A longer break", "We did": "Ten minutes more, from now on"})
    until(page, "November 12")
    be(page, "Mei Tanaka").see("Ten minutes more, from now on")
    page.screenshot("meeting-you-said")
