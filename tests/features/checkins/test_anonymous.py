"""A check-in of which nobody can tell who answered, from its card to what everyone reads."""

from contextlib import suppress

import pytest
from sqlalchemy import text

from bot.core.events import Click
from bot.domain.questions import Question, Questionnaire, QuestionType
from bot.ui import Form, NotSaved
from storage.learning.checkins import NOBODY_CAN_TELL
from tests.support.chat import Actor, Chat, Post, words
from tests.support.checkins import open_check_in
from tests.support.community import actors, create_community

T = QuestionType
PLATE = Question("plate", "How full is your plate?", T.SCALE, is_required=True, low_end="light", high_end="too full")
STUCK = Question("stuck", "What is hard right now?", T.LONG)
HARD = Questionnaire("Honest look", (PLATE, STUCK), closing="Thanks for being open.")


def opened(chat: Chat, *names: str) -> tuple[Post, list[Actor]]:
    """Open an anonymous check-in among Ben, who facilitates, and these members."""
    create_community(chat, [*names])
    card, _id = open_check_in(chat, HARD, level=NOBODY_CAN_TELL)
    return card, actors(chat, "Ben", *names)


SIX = ("Mei", "Olu", "Ana", "Lee", "Kim", "Jo")


def answers(who: Actor, card: Post, plate: int, stuck: str) -> str:
    who.presses("Answer", on=card)
    return who.fills(plate=str(plate), stuck=stuck)


def count(chat: Chat, table: str) -> int:
    with chat.engine.connect() as connection:
        found = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608
    assert isinstance(found, int)
    return found


def test_card_and_form_promise_that_nobody_can_tell(chat: Chat) -> None:
    card, [_ben, mei, *_others] = opened(chat, *SIX)
    assert "Nobody can tell who wrote an answer, not even me." in card.words
    said = mei.presses("Answer", on=card)
    assert said.startswith("Nobody can tell")
    assert "In a group of 7, people may guess from what you write." in said
    assert "Thanks for being open." in mei.fills(plate="4", stuck="Too many forms")
    assert count(chat, "response") == 0
    # What they have answered isn't open for them any longer, nor skipped.
    assert "Honest look" not in mei.whispers("help me")
    assert "skipped" not in mei.whispers("not this week")


def test_answers_are_read_at_the_close_without_names_or_order(chat: Chat) -> None:
    card, [ben, *members] = opened(chat, *SIX)
    for number, who in enumerate(members, 1):
        answers(who, card, 1 + number % 5, f"Thing {number}")
    assert "Answers so far: 5 or more." in chat.posts[0].words
    assert "in steps of five" in ben.types("checkin summary")
    chat.wait(days=9)
    summary = next(post for post in chat.posts if post.under)
    assert all(f"Thing {number}" in summary.words for number in range(1, 7))
    assert not any(who.who.name in summary.words for who in members)
    assert "6 people were heard from." in chat.posts[0].words
    assert "6 heard from." in ben.types("checkin summary")
    said = ben.presses("Read the answers", on=chat.posts[0])
    assert all(f"Thing {number}" in said for number in range(1, 7))
    assert not any(who.who.name in said for who in members)


def test_fewer_than_five_answers_are_deleted_and_all_are_told(chat: Chat) -> None:
    card, [_ben, *members] = opened(chat, *SIX)
    for who in members[:4]:
        answers(who, card, 3, "Alone with this")
    chat.wait(days=9)
    assert "Fewer than five people answered" in chat.posts[0].words
    assert not any("Alone with this" in post.words for post in chat.posts)
    assert count(chat, "openanswer") + count(chat, "anonymousanswer") == 0


def test_too_small_a_group_is_not_asked(chat: Chat) -> None:
    create_community(chat, ["Mei", "Olu"])
    [ben] = actors(chat, "Ben")
    with suppress(IndexError):  # there is no card
        open_check_in(chat, HARD, level=NOBODY_CAN_TELL)
    assert chat.in_channel() == []
    assert "nobody can be anonymous in a group of 3" in ben.direct()[-1].words


def test_second_answer_is_refused_and_given_back(chat: Chat) -> None:
    card, [_ben, mei, *_others] = opened(chat, *SIX)
    mei.presses("Answer", on=card)
    form = mei.sees
    mei.fills(plate="2", stuck="First words")
    mei.sees = form
    said = mei.fills(plate="5", stuck="Other words")
    assert "You’ve answered this." in said
    assert "Other words" in said
    assert "You’ve answered this." in mei.presses("Answer", on=card)
    assert count(chat, "openanswer") == 3


def test_what_is_missing_is_named_and_what_was_typed_given_back(chat: Chat) -> None:
    card, [_ben, mei, *_others] = opened(chat, *SIX)
    mei.presses("Answer", on=card)
    said = mei.fills(plate="", stuck="Long words that took a while")
    assert "How full is your plate? This question needs an answer." in said
    assert isinstance(mei.sees, NotSaved)
    assert "Long words that took a while" in said
    assert count(chat, "draft") == 0


@pytest.mark.parametrize("how", ["command", "message"])
def test_answer_with_a_name_is_led_to_the_button(chat: Chat, how: str) -> None:
    _card, [_ben, mei, *_others] = opened(chat, *SIX)
    said = mei.types("answer") if how == "command" else mei.whispers("Too many forms, and nobody reads them")
    assert "answer by this button, not in a message" in said
    mei.presses("Answer")
    assert isinstance(mei.sees, Form)
    assert count(chat, "response") == 0


def test_nudge_goes_to_who_is_not_known_to_have_answered(chat: Chat) -> None:
    card, [_ben, *members] = opened(chat, *SIX)
    answers(members[0], card, 3, "Said it")
    chat.wait(days=3)
    nudged = [who.who.name for who in members if any("Honest look" in post.words for post in who.direct())]
    assert nudged == [who.who.name for who in members[1:]]
    assert "If you’ve answered, please ignore this" in members[1].direct()[-1].words
    chat.wait(days=3)
    assert "Late" not in members[1].direct()[-1].words


def test_facilitators_are_not_told_who_has_not_answered(chat: Chat) -> None:
    card, [ben, mei, *_others] = opened(chat, *SIX)
    answers(mei, card, 3, "Said it")
    click = Click(ben.place(), ben.who, "rounds.unheard", "1:1")
    assert "I can’t say who has answered" in words(chat.app.handle(click))


def test_home_shows_it_until_it_is_answered(chat: Chat) -> None:
    card, [_ben, mei, *_others] = opened(chat, *SIX)
    assert "Honest look" in mei.types("home")
    answers(mei, card, 3, "Said it")
    assert "Honest look" not in mei.types("home")


def test_who_joins_later_is_not_asked(chat: Chat) -> None:
    card, _people = opened(chat, *SIX)
    new = Actor(chat, chat.person("Ray").who)
    new.types("join")
    new.presses("Join")
    assert "asked before you joined" in new.presses("Answer", on=card)
