"""A community lowers how often it is asked, and its members read which limit holds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from bot.core.events import Submission
from bot.domain.between_meetings import period
from storage.communities import request_quota
from storage.communities.request_quota import WeeklyRequest
from tests.support.chat import Actor, Chat, words
from tests.support.community import actors
from tests.support.meetings import admin, local
from tests.support.schedules import set_up


def limit(ada: Actor, community: str = "half", private: str = "1") -> str:
    ada.types("schedule show", root="admin")
    ada.presses("Limits")
    return ada.fills(limit=community, private=private)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 4))
def test_weeks_that_share_a_limit_are_the_same_to_the_plan_and_to_the_quota(day: date, count: int) -> None:
    weeks = request_quota.weeks_of(day.strftime("%G-W%V"), count)
    assert day.strftime("%G-W%V") in weeks
    mondays = [date.fromisocalendar(int(week[:4]), int(week[-2:]), 1) for week in weeks]
    assert {period(monday + timedelta(n), count) for monday in mondays for n in range(7)} == {period(day, count)}


def test_one_question_in_two_weeks(chat: Chat) -> None:
    set_up(chat)
    ada = admin(chat)
    said = limit(ada, private="2")
    assert "I plan at most 1 question every 2 weeks here." in said
    assert "What gives way" in said
    chat.deliver_all()
    chat.until(local(2025, 12, 20))
    with Session(chat.engine) as session:
        weeks = session.exec(select(WeeklyRequest.week)).all()
    fortnights = [request_quota.weeks_of(week, 2)[0] for week in weeks]
    assert len(fortnights) >= 4
    assert len(set(fortnights)) == len(fortnights)


def test_open_question_stays_open_when_the_limit_is_lowered(chat: Chat) -> None:
    set_up(chat)
    ada, [ben, mei] = admin(chat), actors(chat, "Ben", "Mei")
    ben.types("checkin open How is the week?")
    assert "A question that is open stays open" in limit(ada)
    assert "How is the week?" in mei.types("home")


def test_lower_limit_holds_for_what_reaches_a_member(chat: Chat) -> None:
    """Two check-ins come privately in one week. The second reaches nobody."""
    set_up(chat)
    ada, [mei] = admin(chat), actors(chat, "Mei")
    line = "energy and load every Monday and Thursday at 9 privately, open 1 day, no nudge"
    assert "I understood" in ada.types(f"schedule add {line}", root="admin")
    ada.presses("Save")
    chat.deliver_all()
    said = limit(ada, "1")
    assert "At most 1 private question a week comes from here, and 2 from all your communities together" in said
    assert "Privately, Energy and load would come more often than that" in said
    refused = ada.types("schedule set energy and load every Tuesday and Friday privately, open 1 day", root="admin")
    assert "at most 1 private question a week" in refused
    assert "At most 1 private question a week comes from here" in mei.types("schedule")
    assert "At most 1 private question a week comes from here" in mei.types("settings pace")
    chat.until(local(2025, 10, 18))
    got = [post for post in mei.direct() if "Energy and load" in post.words]
    assert len(got) == 4


def test_welcome_and_what_people_agree_to_say_which_limit_holds(chat: Chat) -> None:
    ada = admin(chat)
    ada.types("setup", root="admin")
    ada.fills(name="Youth workers", purpose="")
    ada.presses("Next: where and who leads")
    ada.fills(facilitators="ben ada")
    ada.presses("Next: when you meet")
    ada.fills(phrase="second Wednesday of each month, October to June, 4pm")
    ada.presses("Right: show the first month")
    ada.presses("Start")
    chat.deliver_all()
    [welcome] = chat.in_channel()
    assert "I plan at most 1 question a week here. A facilitator" in welcome.words
    assert "Set up by Ada" in welcome.words
    limit(ada)
    chat.deliver_all()
    assert "I plan at most 1 question every 2 weeks here. A facilitator" in welcome.words
    assert "Set up by Ada" in welcome.words
    ada.types("schedule set check-in every Thursday no matter what", root="admin")
    ada.presses("Save")
    chat.deliver_all()
    assert "every 2 weeks here. An admin has scheduled some on top." in welcome.words
    said = chat.person("Zed").types("join")
    assert "every 2 weeks here. An admin has scheduled some on top. At most 1 private question" in said


@pytest.mark.parametrize(
    ("community", "private"), [("9", "1"), ("1", "0"), ("1", "3"), ("", ""), ("half", "x"), ("0", "1")]
)
def test_limit_that_no_form_offers_is_refused(chat: Chat, community: str, private: str) -> None:
    set_up(chat)
    ada = admin(chat)
    form = Submission(ada.place(), ada.who, "schedule.limit", "1:", {"limit": community, "private": private})
    assert "no longer there" in words(chat.app.handle(form))
