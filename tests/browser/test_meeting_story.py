"""A meeting's story in a browser, from the cadence to the facilitators' follow-up."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from icalendar import Calendar
from playwright.sync_api import Browser, expect

from tests.browser.page import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOM = "youth-workers"
# If the clock is moved more often, something is wrong.
MOST = 400
# Oct 14 is cancelled, Nov 3 is a closed day, and Nov 11 belonged to the old cadence.
HELD = ["Oct 6", "Oct 20", "Oct 21", "Nov 17"]


@pytest.fixture
def page(chromium: Browser, demo: str) -> Iterator[Page]:
    tab = chromium.new_page(viewport={"width": 1280, "height": 1000}, reduced_motion="reduce")
    page = Page(tab, demo).open()
    yield page
    assert page.errors == []
    tab.close()


def test_meeting_is_planned_chosen_moved_held_and_reviewed(page: Page) -> None:
    set_the_rhythm(page)
    suggest_and_vote(page)
    say_who_comes(page)
    move_it(page)
    follow_it_elsewhere(page)
    hold_it(page)
    say_how_it_was(page)
    hear_what_was_done(page)


def test_every_change_of_the_cadence_takes_effect(page: Page) -> None:
    cancel_one(page)
    plan_and_move_one(page)
    change_the_rule(page)
    close_one_day(page)
    be(page, "Mei Tanaka")
    until(page, "November 18")
    said = page.conversation.inner_text()
    assert dates("This meeting took place", said) == HELD
    assert dates("In one hour: the meeting Youth Workers,", said) == HELD
    # The first was planned only a day before.
    assert dates("Tomorrow: the meeting Youth Workers,", said) == HELD[1:]
    # The agendas.
    assert dates("For Youth Workers,", said) == HELD[2:]
    # A week before a meeting each.
    for asked_on in ("Tuesday, October 13, 2026", "Tuesday, November 10, 2026"):
        assert re.search(rf"{asked_on}\s+Commonplace\sbot\s9:00\sAM\s(edited\s)?Check-in\s", said)
    assert len(re.findall(r"\sCheck-in\s", said)) == 2
    assert in_calendar(page) == HELD
    page.screenshot("meeting-changes")


def cancel_one(page: Page) -> None:
    be(page, "Ben Okafor").type_command("/cop-facilitate meeting cancel")
    page.fill({"Which meeting?": "Wed, Oct 14, 2026, 4:00 PM, Youth Workers", "Why?": "Snow"})
    page.press("Cancel the meeting")
    page.see("Why: Snow")


def plan_and_move_one(page: Page) -> None:
    page.type_command("/cop-facilitate meeting schedule 20 Oct 4pm")
    page.type_command("/cop-facilitate meeting move 21 Oct 4pm")
    assert "check-in: Wed, Oct 14, 2026, 9:00 AM, not Tue, Oct 13" in page.last_private()
    page.screenshot("meeting-what-moves")


def change_the_rule(page: Page) -> None:
    be(page, "Ada Romero").type_command(
        "/cop-admin cadence set first and third Tuesday of each month, October to June, 4pm"
    )
    assert "Wed, Nov 11, 2026" in page.last_private().partition("No longer")[2]
    page.screenshot("meeting-new-rule")
    page.press("Save")
    page.see("From now on we meet: first and third Tuesday")


def close_one_day(page: Page) -> None:
    page.type_command("/cop-admin closure add Nov 3")
    assert "Tue, Nov 3, 2026" in page.last_private()


def dates(begun: str, said: str) -> list[str]:
    """Return the days of everything that begins like this, each once, in order."""
    found = dict.fromkeys(re.findall(rf"{begun} \w+, (\w+ \d+)", said))
    return sorted(found, key=lambda day: datetime.strptime(f"{day} 2026", "%b %d %Y").replace(tzinfo=UTC))


def in_calendar(page: Page) -> list[str]:
    """Return the days of the meetings in a member's own calendar, until the story ends."""
    page.type_command("/cop my calendar")
    page.press("Make my link")
    with page.tab.expect_download() as coming:
        page.tab.get_by_role("link", name="Open it").last.click()
    file = Calendar.from_ical(coming.value.path().read_text())
    begin, end = datetime(2026, 10, 5, tzinfo=UTC), datetime(2026, 11, 18, tzinfo=UTC)
    shown: Any = recurring_ical_events.of(file).between(begin, end)
    meant = [each for each in shown if each["SUMMARY"] == "Youth Workers" and str(each["STATUS"]) != "CANCELLED"]
    there = sorted(each.start.astimezone(ZoneInfo("America/New_York")) for each in meant)
    return [f"{at:%b} {at.day}" for at in there]


def be(page: Page, person: str) -> Page:
    return page.be(person).open_channel(ROOM)


def until(page: Page, when: str, by: str = "+1 day") -> None:
    """Let time pass until the clock matches this pattern. The playground's clock runs on between presses."""
    for _press in range(MOST):
        if re.search(when, page.now()):
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
    until(page, r"\b5:\d\d PM", by="+1 hour")
    page.see("Tomorrow")
    be(page, "Ben Okafor").type_command("/cop-facilitate meeting move 22 Oct 4pm")
    assert "Thu, Oct 22" in page.last_private()
    page.screenshot("meeting-moved")
    be(page, "Mei Tanaka")
    expect(page.conversation.get_by_text("it’s now on Thu, Oct 22").first).to_be_visible()
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
    until(page, r"\b6:\d\d PM", by="+1 hour")
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
