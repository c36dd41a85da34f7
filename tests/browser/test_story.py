"""A community's first month in a browser, from setup to the summary of everyone's answers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import check_ins
from tests.browser.page import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def page(chromium: Browser, demo: str) -> Iterator[Page]:
    tab = chromium.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = Page(tab, demo).open()
    yield page
    assert page.errors == []
    tab.close()


def test_community_is_set_up_and_lives_through_its_first_month(page: Page) -> None:
    set_up(page)
    for person in check_ins.PEOPLE:
        join(page, person)

    see_the_check_in(page)
    answer(page, "Kit Larsen", "Name games at the door changed the whole first hour")
    answer(page, "Mei Tanaka", "We moved name games to snack time and everybody stayed")

    share_and_find(page)
    for happens in check_ins.CHAPTERS:
        happens(page)
        page.look_around()

    page.be("Ben Okafor").open_channel("new-community")
    for _day in range(18):
        page.clock("+1 day")
    text = page.conversation.inner_text()
    for said in ("Summary", "2 people shared this with everyone", "name", "games", "Reflection prompt"):
        assert said in text
    assert "Kit Larsen" in text
    page.screenshot("story-month")
    page.press("Read all answers", on="2 people shared this with everyone")
    expect(page.tab.locator(".post.private").filter(has_text="Name games at the door")).to_be_visible()
    page.screenshot("story-answers")


def set_up(page: Page) -> None:
    page.open_channel("new-community").be("Ada Romero")
    page.type_command("/cop-admin setup")
    page.fill({"What is the community called?": "Mentors", "What for?": "Better mentoring, together"})
    page.screenshot("story-setup-1")
    page.press("Next: where and who leads")
    page.fill({"In which channel?": "new-community", "Who facilitates?": ["Ben Okafor"]})
    page.press("Next: when you meet")
    page.screenshot("story-setup-2")
    page.fill({"When do you meet? In plain words": "second wensday of the month"}, send=True)
    assert page.problems()
    page.screenshot("story-setup-problem")
    page.fill({"When do you meet? In plain words": "second Wednesday of each month, October to June, 4pm"})
    assert "Wed, Oct 14, 2026" in page.last_private()
    page.screenshot("story-setup-3")
    page.press("Right: show the first month")
    page.screenshot("story-setup-4")
    page.press("Start")
    page.see("Welcome to Mentors")
    page.screenshot("story-setup-5")


def join(page: Page, person: str) -> None:
    page.be(person).open_channel("new-community")
    page.press("Join", on="Welcome to Mentors")
    page.press("Join", on="Join Mentors?")
    assert "You have joined Mentors" in page.last_private()


def see_the_check_in(page: Page) -> None:
    for _try in range(60):
        if "Check-in" in page.conversation.inner_text():
            return
        page.clock("Next thing that happens")
    raise AssertionError("no check-in came")


def answer(page: Page, person: str, words: str) -> None:
    page.be(person).open_channel("new-community")
    page.press("Answer", on="Check-in")
    page.fill({"Your answer": words})
    expect(page.conversation.get_by_text("your answer is kept")).to_be_visible()


def share_and_find(page: Page) -> None:
    page.type_command("/cop share https://example.org/name-games")
    page.screenshot("story-share")
    page.fill({"Why it helped": "Shy children join in from the second round", "Topics, up to five": "arrivals, play"})
    page.see("Shy children join in")
    page.be("Kit Larsen").open_channel("new-community")
    page.type_command("/cop find shy chidlren")
    assert "Name games" in page.last_private()
    assert "looked for" in page.last_private()
    page.type_command("/cop find #play")
    assert "Name games" in page.last_private()
    page.press("This helped me too", on="Shy children join in")
    page.screenshot("story-find")
