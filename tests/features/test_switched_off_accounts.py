"""An account that its platform switches off: its person counts nowhere, until it is back."""

import pytest
from sqlmodel import Session

from bot.operations import accounts
from storage.people import people
from tests.support.chat import Actor, Chat
from tests.support.community import actors
from tests.support.deliveries import person_id
from tests.support.meetings import create_meeting_community, local


@pytest.fixture
def ben(chat: Chat) -> Actor:
    """Mei and Olu said yes to the meeting of 8 October, Mei to all."""
    create_meeting_community(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    chat.until(local(2025, 10, 1, 16, 1))
    mei.types("rsvp yes")
    mei.presses("The same for all dates")
    olu.types("rsvp yes")
    return ben


def switch(chat: Chat, *, off: bool, who: str = "mei") -> None:
    accounts.change(chat.app, chat.name, who, off=off)
    chat.deliver_all()


def card(chat: Chat) -> str:
    return next(p for p in chat.in_channel() if p.message.title == "Meeting: Monthly circle").words


def notices(ben: Actor) -> list[str]:
    return [p.words for p in ben.direct() if p.message.title == "An account is off"]


def test_person_whose_account_is_off_is_not_counted_and_facilitators_are_told_once(chat: Chat, ben: Actor) -> None:
    assert "2 yes" in card(chat)
    switch(chat, off=True)
    switch(chat, off=True)
    assert "1 yes" in card(chat)
    [notice] = notices(ben)
    assert "The account of Mei was switched off" in notice


def test_person_whose_account_is_off_is_neither_asked_nor_reminded(chat: Chat, ben: Actor) -> None:
    [mei] = actors(chat, "Mei")
    switch(chat, off=True)
    before = len(mei.direct())
    ben.types("checkin open What did you try?")
    chat.until(local(2025, 10, 30, 12))
    assert len(mei.direct()) == before


def test_all_is_as_it_was_when_the_account_is_back(chat: Chat, ben: Actor) -> None:
    switch(chat, off=True)
    switch(chat, off=False)
    assert "2 yes" in card(chat)
    with Session(chat.engine) as session:
        assert people.get(session, person_id(chat, "Mei")).away_since is None  # type: ignore[union-attr]


def test_person_who_acts_is_back(chat: Chat, ben: Actor) -> None:
    switch(chat, off=True)
    [mei] = actors(chat, "Mei")
    mei.types("home")
    mei.types("rsvp yes")
    assert "2 yes" in card(chat)


def test_person_with_another_account_goes_on_counting(chat: Chat, ben: Actor) -> None:
    mei = person_id(chat, "Mei")
    with Session(chat.engine) as session, session.begin():
        session.add(people.Account(person_id=mei, platform="elsewhere", space="", external="m2", name="Mei"))
    switch(chat, off=True)
    assert "2 yes" in card(chat)
    assert notices(ben) == []


def test_standing_yes_waits_for_the_person(chat: Chat, ben: Actor) -> None:
    """The card of the next meeting comes while they are away, and counts them when they are back."""
    switch(chat, off=True)
    chat.until(local(2025, 11, 6, 12))
    later = [p for p in chat.in_channel() if p.message.title == "Meeting: Monthly circle"][-1]
    assert "1 yes" not in later.words
    switch(chat, off=False)
    assert "1 yes" in later.words


def test_account_that_the_bot_never_met_changes_nothing(chat: Chat, ben: Actor) -> None:
    posts = len(chat.posts)
    switch(chat, off=True, who="stranger")
    assert len(chat.posts) == posts


def test_facilitator_who_is_away_is_no_longer_written_to(chat: Chat, ben: Actor) -> None:
    """Then the admins are, as where nobody facilitates."""
    switch(chat, off=True, who="ben")
    with Session(chat.engine) as session:
        assert [p.name for p in people.facilitators(session, 1)] == []


def test_refused_direct_message_to_a_switched_off_account_says_the_same(chat: Chat, ben: Actor) -> None:
    chat.unreachable["mei"] = "person gone"
    chat.until(local(2025, 10, 8, 15, 30))
    assert "1 yes" in card(chat)
    assert len(notices(ben)) == 1
