"""Members begin a check-in of the schedule before it opens; their answer joins it then, and they aren't asked again."""

import pytest
from sqlmodel import Session

from bot.core.events import Click
from bot.domain.questions import Question, Questionnaire, QuestionType, to_json
from storage.learning import checkins
from storage.learning.checkins import NOBODY_CAN_TELL, CheckIn
from tests.support.chat import Chat, words
from tests.support.community import actors
from tests.support.meetings import admin, create_meeting_community, local
from tests.support.scenes import scene

LOAD = Questionnaire(
    "Energy and load",
    (
        Question("plate", "How full is your plate?", QuestionType.SHORT, is_required=True),
        Question("gave", "What gave you energy?", QuestionType.LONG),
    ),
    minutes=2,
)
OPENS = local(2025, 10, 20, 9)


def _plan(chat: Chat, how: str = "third Monday at 9") -> None:
    id = create_meeting_community(chat)
    with Session(chat.engine) as session, session.begin():
        row = checkins.create(session, id, LOAD.name, to_json(LOAD), by=None, now=chat.clock.now())
        row.state = checkins.IN_USE
    ada = admin(chat)
    ada.types(f"schedule add energy and load {how}", root="admin")
    ada.presses("Save")
    ada.types("schedule pause reflection", root="admin")
    chat.until(local(2025, 10, 16, 9))


@scene
def planned(chat: Chat) -> None:
    """A community whose check-in opens next Monday, October 20, at 9:00; it is Thursday."""
    _plan(chat)


def _posted_since(chat: Chat, before: int) -> list[str]:
    return [post.words for post in chat.posts[before:]]


def test_check_in_is_begun_early_and_joins_when_it_opens(chat: Chat) -> None:
    planned(chat)
    before = len(chat.posts)
    mei, ben = actors(chat, "Mei", "Ben")
    assert "Energy and load opens 2025-10-20 13:00" in mei.types("home")
    form = mei.presses("Start now: Energy and load")
    assert "Read by everyone here" in form
    assert "This opens 2025-10-20 13:00" in form
    thanks = mei.fills(plate="Rather full", gave="The garden")
    assert "joins it then, and I won’t ask you again" in thanks
    assert "You’ve answered it." in mei.types("home")
    mei.presses("Change: Energy and load")
    assert "joins it then" in mei.fills(plate="Very full")

    # Until then nobody else sees anything of it.
    assert _posted_since(chat, before) == []
    assert "Energy" not in ben.types("checkin summary", root="facilitator")
    assert "Very full" not in ben.types("export", root="facilitator")

    chat.until(OPENS)
    [card] = [post for post in chat.posts[before:] if "Energy and load" in post.words]
    assert "1 heard from so far" in card.words
    assert "Energy and load" not in mei.types("home")
    chat.until(local(2025, 10, 23, 16))
    assert [post for post in mei.direct() if "Energy and load" in post.words] == []
    chat.until(local(2025, 10, 23, 18))
    assert "Very full" in next(post.words for post in chat.posts[before:] if post.message.title == "Summary")


def test_answer_is_offered_early_where_nothing_is_open(chat: Chat) -> None:
    planned(chat)
    [mei] = actors(chat, "Mei")
    assert "You can start one of these early" in mei.types("answer")
    assert "Energy and load opens 2025-10-20 13:00" in mei.types("answer early")
    mei.presses("Start now")
    assert "joins it then" in mei.fills(plate="Rather full")
    assert "You’ve answered it." in mei.types("answer early")
    assert "How full is your plate?" in mei.presses("Change it")


def test_who_began_what_never_opens_keeps_it_as_a_draft(chat: Chat) -> None:
    """An admin pauses it; Mei and nobody else is told, and goes on from her draft when it opens after all."""
    planned(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    mei.types("answer early")
    mei.presses("Start now")
    mei.fills(plate="Rather full")
    ada = admin(chat)
    ada.types("schedule pause energy and load until November 10", root="admin")
    before = len(chat.posts)
    chat.until(local(2025, 10, 21, 10))
    [told] = [post for post in chat.posts[before:] if "Energy and load" in post.words]
    assert told.person == mei.who.id
    assert "didn’t open as planned" in told.words
    assert "a draft that only you can see, until" in told.words
    assert "Rather full" in mei.presses("Show it", told)
    assert "You had answered 1 of 2 of Energy and load" in mei.types("home")
    assert "Energy" not in olu.types("home")

    [ben] = actors(chat, "Ben")
    ben.types("checkin open Energy and load", root="facilitator")
    mei.types("home")
    assert "How full is your plate?" in mei.presses("Continue")
    assert "Thank you" in mei.fills()
    assert "1 heard from" in ben.types("checkin summary", root="facilitator")


def test_draft_of_what_never_opens_is_deleted_in_the_end(chat: Chat) -> None:
    planned(chat)
    [mei] = actors(chat, "Mei")
    mei.types("answer early")
    mei.presses("Start now")
    mei.fills(plate="Rather full")
    ada = admin(chat)
    ada.types("schedule pause energy and load", root="admin")
    chat.until(local(2025, 11, 6, 10))
    assert "Energy" not in mei.types("home")


def test_questions_changed_since_are_looked_at_again(chat: Chat) -> None:
    """What Mei answered early was another question, so it counts only once she has seen the new one."""
    planned(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    mei.types("answer early")
    mei.presses("Start now")
    mei.fills(plate="Rather full", gave="The garden")
    # Olu has sent nothing, and is told nothing.
    olu.types("answer early")
    olu.presses("Start now")
    changed = Questionnaire(LOAD.name, (Question("plate", "How full is your week?", QuestionType.SHORT),), minutes=2)
    with Session(chat.engine) as session, session.begin():
        row = session.get(CheckIn, 1)
        assert row
        checkins.add_version(session, row, to_json(changed), by=None, now=chat.clock.now())
    chat.until(OPENS)
    [card] = [post for post in chat.posts if "Energy and load" in post.words and post.channel]
    assert "heard from" not in card.words
    assert "1 of 1 answered" in mei.types("home")
    [told] = [post for post in mei.direct() if "changed since you answered early" in post.words]
    assert [post for post in olu.direct() if "Energy and load" in post.words] == []
    mei.presses("Continue", on=told)
    assert "Rather full" in mei.fills(plate="Rather full")
    assert "1 heard from so far" in card.words
    chat.until(local(2025, 10, 23, 18))
    assert "Closed" in told.words
    assert told.message.actions == ()
    assert len([post for post in mei.direct() if "Energy and load" in post.words]) == 1


def test_nobody_begins_early_what_nobody_can_attribute(chat: Chat) -> None:
    planned(chat)
    [mei] = actors(chat, "Mei")
    mei.types("answer early")
    offered = mei.shown
    with Session(chat.engine) as session, session.begin():
        row = session.get(CheckIn, 1)
        assert row
        row.level = NOBODY_CAN_TELL
    assert "No check-in opens in the next 7 days" in mei.types("answer early")
    assert "Energy" not in mei.types("home")
    mei.sees = offered
    assert "doesn’t open in the next 7 days" in mei.presses("Start now")


@pytest.mark.parametrize(("name", "opens"), [("Mei", True), ("Olu", False)])
def test_private_check_in_is_begun_by_who_is_asked(chat: Chat, name: str, opens: bool) -> None:
    _plan(chat, "third Monday at 9 privately, for Mei")
    [who] = actors(chat, name)
    assert ("Energy and load opens" in who.types("answer early")) == opens
    if opens:
        who.presses("Start now")
        who.fills(plate="Rather full")
        chat.until(local(2025, 10, 21, 9))
        assert [post for post in who.direct() if "Energy and load" in post.words] == []


def test_nobody_reads_or_closes_what_has_not_opened(chat: Chat) -> None:
    planned(chat)
    mei, ben = actors(chat, "Mei", "Ben")
    mei.types("answer early")
    mei.presses("Start now")
    mei.fills(plate="Rather full")
    for action in ("rounds.read", "rounds.close", "rounds.unheard", "rounds.themes", "rounds.skip"):
        assert "Rather full" not in words(chat.app.handle(Click(ben.place(), ben.who, action, "1")))
