"""A check-in of several questions, as members answer it: page by page, by one press, late, and on two devices."""

from dataclasses import replace

import pytest
from sqlmodel import Session, col, select

from bot.domain.questions import Condition, Option, Question, Questionnaire, QuestionType
from bot.ui import Form, FormErrors, Message, NotSaved
from storage.learning.rounds import DRAFT, Response
from tests.support.chat import Actor, Chat, words
from tests.support.checkins import open_check_in
from tests.support.community import actors, create_community

T = QuestionType
PLATE = Question("plate", "How full is your plate?", T.SCALE, is_required=True, low_end="light", high_end="too full")
HAND = Question("hand", "Would a hand help?", T.YES_NO)
WITH = Question("with", "With what?", T.SHORT, is_required=True, condition=Condition("hand", "one_of", ("yes",)))
WHERE = Question("where", "Where were you?", T.SEVERAL, options=(Option("gym", "Gym"), Option("yard", "Yard")))
SHIFTS = Question("shifts", "Shifts you could not cover", T.NUMBER)
WALK = Question("walk", "Date of the walk", T.DATE)
LAST = Question("last", "Words", T.LONG)
# Two pages: a follow-up stands on the page after the question that it follows.
EVERYTHING = Questionnaire("Energy and load", (PLATE, HAND, WITH, WHERE, SHIFTS, WALK, LAST), closing="See you Monday.")


def members(chat: Chat) -> list[Actor]:
    create_community(chat)
    return actors(chat, "Ben", "Mei", "Olu", "Ana")


def saved(chat: Chat) -> list[tuple[str, dict[str, object]]]:
    with Session(chat.engine) as session:
        return [(row.state, dict(row.by_question)) for row in session.exec(select(Response).order_by(col(Response.id)))]


def fields(who: Actor) -> list[str]:
    assert isinstance(who.sees, Form), who.sees
    return [field.name for field in who.sees.fields]


@pytest.mark.parametrize("goes_on", [True, False])
def test_questions_are_answered_page_by_page(chat: Chat, goes_on: bool) -> None:
    """Slack goes on in the same window. Elsewhere a card offers the next page."""
    chat.goes_on = goes_on
    _ben, mei, _olu, _ana = members(chat)
    card, _id = open_check_in(chat, EVERYTHING)
    assert "- How full is your plate?\n- Would a hand help?" in card.words
    mei.presses("Answer", on=card)
    assert words(mei.sees).startswith("Read by everyone here")
    assert fields(mei) == ["plate", "hand"]
    said = mei.fills(plate="4", hand="yes")
    if not goes_on:
        assert "2 of 7 answered. \nOnly you can see this" in said.replace("answered.", "answered. ")
        mei.presses("Continue")
    assert saved(chat) == [(DRAFT, {"plate": "4", "hand": "yes"})]
    assert "heard from" not in chat.posts[0].words
    assert fields(mei) == ["with", "where", "shifts", "walk", "last"]
    said = mei.fills(**{"with": "The bus"}, where="gym yard", shifts="2,5", walk="2026-01-14", last="Snack first")
    # It takes the place of the card that said "2 of 7 answered".
    assert isinstance(mei.sees, Message)
    assert mei.sees.replace
    assert "How full is your plate?: 4 of 5" in said
    assert "Where were you?: Gym, Yard" in said
    assert "Shifts you could not cover: 2.5" in said
    assert "Date of the walk: Wed, Jan 14, 2026" in said
    assert "See you Monday." in said
    assert "1 heard from so far" in chat.posts[0].words
    assert [state for state, _answers in saved(chat)] == ["sent"]


def test_continue_leads_to_the_next_page_whatever_is_answered(chat: Chat) -> None:
    """A page that was left blank isn't shown again, and to change an answer leads through every page."""
    _ben, mei, _olu, _ana = members(chat)
    card, _id = open_check_in(chat, Questionnaire("Where", (HAND, WITH, WHERE)))
    mei.presses("Answer", on=card)
    mei.fills()
    mei.presses("Continue")
    assert fields(mei) == ["where"]
    mei.fills(where="gym")
    mei.presses("Change it")
    mei.fills(hand="no")
    mei.presses("Continue")
    assert fields(mei) == ["where"]
    assert "Would a hand help?: No" in mei.fills(where="yard")


def test_follow_up_goes_when_what_it_follows_changes(chat: Chat) -> None:
    _ben, mei, _olu, _ana = members(chat)
    card, _id = open_check_in(chat, Questionnaire("Hands", (HAND, WITH)))
    mei.presses("Answer", on=card)
    mei.fills(hand="yes")
    mei.presses("Continue")
    assert fields(mei) == ["with"]
    mei.fills(**{"with": "The bus"})
    mei.presses("Change it")
    said = mei.fills(hand="no")
    assert "I removed your answer to “With what?”, because that question no longer applies." in said
    assert saved(chat) == [("sent", {"hand": "no"})]


def test_required_questions_are_named_before_sending(chat: Chat) -> None:
    _ben, mei, _olu, _ana = members(chat)
    card, _id = open_check_in(chat, EVERYTHING)
    mei.presses("Answer", on=card)
    mei.fills(plate="4", hand="yes")
    said = mei.presses("Send what I have")
    assert "This question still needs an answer:\n- With what?" in said
    mei.presses("Continue")
    assert "This question needs an answer." in mei.fills(last="Snack first")
    assert isinstance(mei.sees, FormErrors)
    assert "Thank you" in mei.fills(**{"with": "The bus"})


def test_who_stops_halfway_finds_it_again_until_two_weeks_after_the_close(chat: Chat) -> None:
    _ben, mei, olu, _ana = members(chat)
    card, _id = open_check_in(chat, EVERYTHING)
    for who in (mei, olu):
        who.presses("Answer", on=card)
        who.fills(plate="4", hand="no")
        assert "waiting for you" in who.presses("Later")
    assert "2 of 6 answered." in mei.types("home")
    chat.wait(days=3)
    [nudge] = mei.direct()
    assert "2 of 6 answered." in nudge.words
    mei.presses("Continue", on=nudge)
    assert fields(mei) == ["where", "shifts", "walk", "last"]
    chat.wait(days=2)
    assert "You had answered 2 of 6, and not sent it." in nudge.words
    assert "You had answered 2 of 6 of Energy and load" in mei.types("home")
    assert "How full is your plate?: 4 of 5" in mei.presses("Open it: Energy and load")
    assert "Thank you" in mei.presses("Send it late")
    assert "No one had answered" not in chat.posts[0].words
    assert [state for state, _answers in saved(chat)] == ["draft", "sent"] or saved(chat)[0][0] == "sent"
    chat.wait(days=15)
    assert [state for state, _answers in saved(chat)] == ["sent"]
    assert "had answered" not in olu.direct()[0].words


def test_draft_is_deleted_at_once_when_asked(chat: Chat) -> None:
    _ben, mei, _olu, _ana = members(chat)
    card, _id = open_check_in(chat, EVERYTHING)
    mei.presses("Answer", on=card)
    mei.fills(plate="4", hand="no")
    chat.wait(days=5)
    mei.presses("Delete it", on=mei.direct()[0])
    assert saved(chat) == []


def test_newest_form_wins_only_if_it_began_from_the_newest_answer(chat: Chat) -> None:
    _ben, mei, _olu, _ana = members(chat)
    card, _id = open_check_in(chat, Questionnaire("Words", (LAST, SHIFTS)))
    phone = replace(mei)
    phone.presses("Answer", on=card)
    mei.presses("Answer", on=card)
    mei.fills(last="From my desk")
    said = phone.fills(last="From my phone")
    assert "You changed this" in said
    assert saved(chat)[0] == ("sent", {"last": "From my desk"})
    laptop = replace(phone)
    phone.presses("Keep the earlier one")
    assert saved(chat) == [("sent", {"last": "From my desk"})]
    assert "nothing unsent of yours" in laptop.presses("Take this one")
    phone.presses("Answer", on=card)
    chat.wait(minutes=1)
    mei.presses("Answer", on=card)
    mei.fills(last="From my desk again")
    phone.fills(last="From my phone again")
    phone.presses("Take this one")
    assert saved(chat) == [("sent", {"last": "From my phone again"})]


def test_one_press_answers_a_scale(chat: Chat) -> None:
    _ben, mei, _olu, _ana = members(chat)
    card, _id = open_check_in(chat, Questionnaire("Plate", (PLATE,)))
    assert "\nPlate\nHow full is your plate?\n1 is light, 5 is too full.\n" in card.words
    assert [a.label for a in card.message.actions] == [
        "1 – light", "2", "3", "4", "5 – too full", "Let this one pass",
    ]  # fmt: skip
    assert "How full is your plate?: 4 of 5" in mei.presses("4", on=card)
    mei.presses("Add words")
    mei.fills(_added="It’s the bus")
    mei.presses("2", on=card)
    assert saved(chat) == [("sent", {"plate": "2", "_added": "It’s the bus"})]
    assert "Who can see it: the facilitators only" in mei.presses("Only facilitators")
    assert "heard from" in chat.posts[0].words
    mei.presses("Withdraw it")
    assert saved(chat) == []


def test_late_answer_joins_and_the_last_one_is_given_back(chat: Chat) -> None:
    """A form that was opened before the close counts too. Beyond 60 days the words are given back."""
    _ben, mei, olu, _ana = members(chat)
    card, _id = open_check_in(chat, Questionnaire("Words", (LAST, SHIFTS)))
    mei.presses("Answer", on=card)
    olu.presses("Answer", on=card)
    chat.wait(days=10)
    assert "Thank you" in mei.fills(last="Better late")
    with Session(chat.engine) as session:
        assert [row.is_late for row in session.exec(select(Response))] == [True]
    chat.wait(days=60)
    said = olu.fills(last="A long thought about snack and about the bus")
    assert "That round closed long ago" in said
    assert "A long thought about snack and about the bus" in said
    assert isinstance(olu.sees, NotSaved)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"shifts": "1,000"}, "“1,000” could be two numbers"),
        ({"walk": "13/13/2026"}, "There’s no day “13/13/2026”"),
        ({"walk": "next Friday"}, "I didn’t understand “next Friday” as a date."),
        ({}, "Answer at least one question"),
    ],
)
def test_what_cannot_be_read_is_explained_and_kept(chat: Chat, typed: dict[str, str], problem: str) -> None:
    _ben, mei, _olu, _ana = members(chat)
    card, _id = open_check_in(chat, Questionnaire("Staffing", (SHIFTS, WALK)))
    mei.presses("Answer", on=card)
    assert problem in mei.fills(**typed)
    assert isinstance(mei.sees, FormErrors)
    for name, value in typed.items():
        assert value in [field.initial for field in mei.sees.form.fields if field.name == name]
    assert saved(chat) == []
