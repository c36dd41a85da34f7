"""Free text that members write to the bot as their answer, and the few phrases that it understands."""

import pytest

from bot.core.events import Click, Command
from bot.ui import Form
from storage.learning import rounds
from tests.support.chat import Chat, words
from tests.support.community import actors, create_community
from tests.support.questions import SAID, asked, asked_two


def test_words_to_the_bot_alone_are_kept_as_the_answer(chat: Chat) -> None:
    _ben, mei = asked(chat, "What did you try?")
    said = mei.whispers(SAID)
    assert "What did you try?\nIs this your answer?" in said
    assert SAID in said
    assert "Who can see it: everyone in this community" in said
    assert "heard from" not in chat.posts[0].words
    assert "Thank you, your answer is kept." in mei.presses("Keep it")
    assert "1 heard from so far" in chat.posts[0].words
    assert "It replaces the answer you gave before" in mei.whispers("We sang at the door")
    assert "I didn’t save it" in mei.presses("No")
    chat.wait(days=4)
    assert f"Mei: {SAID}" in chat.last.words


def test_words_behind_a_slash_command_are_asked_about_too_unless_a_command_is_near(chat: Chat) -> None:
    _ben, mei = asked(chat, "What did you try?")
    said = words(chat.app.handle(Command(mei.place(), mei.who, SAID, "member")))
    assert "Is this your answer?" in said
    slip = words(chat.app.handle(Command(mei.place(), mei.who, "snoze 2w", "member")))
    assert "Did you mean" in slip
    assert "snooze" in slip


def test_words_that_begin_like_a_command_are_no_command(chat: Chat) -> None:
    _ben, mei = asked(chat, "What did you try?")
    assert "Is this your answer?" in mei.whispers("Next week we try quiet arrivals")
    assert "Is this your answer?" not in mei.whispers("next")
    mei.whispers("answer")
    assert isinstance(mei.sees, Form)
    assert "Is this your answer?" not in mei.whispers("snooze 2w")


def test_with_several_questions_open_the_bot_asks_which(chat: Chat) -> None:
    _ben, mei = asked_two(chat)
    assert "Which question does this answer?" in mei.whispers(SAID)
    said = mei.presses("How full is your plate?")
    assert "How full is your plate?\nIs this your answer?" in said
    assert SAID in said
    mei.presses("Keep it")
    # One is left, so there is nothing to ask.
    assert "What did you try?\nIs this your answer?" in mei.whispers("A song")
    mei.presses("Keep it")
    # Both are answered: either may be meant.
    assert "Which question" in mei.whispers("Another song")
    assert "I didn’t save it" in mei.presses("None of them")


def test_words_of_somebody_in_several_communities_reach_the_one_that_asked(chat: Chat) -> None:
    ben, mei = asked(chat, "What did you try?")
    create_community(chat, ["Mei"], name="Quality stewards", channel="stewards", facilitator="Chi")
    assert "What did you try?\nIs this your answer?" in mei.whispers(SAID)
    assert "is kept" in mei.presses("Keep it")
    [chi] = actors(chat, "Chi")
    chi.channel = "stewards"
    chi.types("checkin open What did you see?")
    ben.types("checkin close")
    said = mei.whispers("Two calm doors")
    assert "What did you see?\nIs this your answer?" in said


def test_several_communities_that_ask_are_offered(chat: Chat) -> None:
    _ben, mei = asked(chat, "What did you try?")
    create_community(chat, ["Mei"], name="Quality stewards", channel="stewards", facilitator="Chi")
    [chi] = actors(chat, "Chi")
    chi.channel = "stewards"
    chi.types("checkin open What did you see?")
    assert "Which one do you mean?" in mei.whispers(SAID)
    said = mei.presses("Quality stewards")
    assert "What did you see?\nIs this your answer?" in said
    assert SAID in said
    assert "is kept" in mei.presses("Keep it")


def test_words_are_only_asked_about_where_a_question_waits_for_this_person(chat: Chat) -> None:
    ben, mei = asked(chat)
    [eve] = actors(chat, "Eve")
    assert "I don’t know" in mei.whispers(SAID)
    ben.types("checkin open What did you try?")
    assert "Is this your answer?" not in eve.whispers(SAID)
    # In a channel, people talk to each other.
    assert "Is this your answer?" not in mei.types(SAID)
    assert "most" in mei.whispers("x" * 4_001)


def test_button_for_words_is_checked_as_if_typed_by_a_stranger(chat: Chat) -> None:
    _ben, mei = asked_two(chat)
    [olu] = actors(chat, "Olu")
    mei.whispers(SAID)
    for who, value in ((olu, "1:1.1"), (mei, "1:1.77"), (mei, "1:99.1"), (mei, "1:"), (mei, "1:x.y")):
        said = words(chat.app.handle(Click(who.place(), who.who, "rounds.free_text_for", value)))
        assert SAID not in said, value
    chat.wait(days=90)
    assert SAID not in words(chat.app.handle(Click(mei.place(), mei.who, "rounds.free_text_for", "1:1.1")))


def test_words_are_not_lost_when_asking_about_them_fails(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    _ben, mei = asked(chat, "What did you try?")
    monkeypatch.setattr(rounds, "unanswered", lambda *_of: 1 / 0)
    said = words(chat.app.handle(Command(mei.place(), mei.who, SAID, "member")))
    monkeypatch.undo()
    assert "I still have what you typed" in said
    mei.sees = chat.app.handle(Click(mei.place(), mei.who, "commands.again", "1"))
    assert SAID in words(mei.sees)


def test_thanks_and_stop_are_understood(chat: Chat) -> None:
    _ben, mei = asked(chat, "What did you try?")
    for line in ("thanks!", "Thank you.", "¡Gracias!"):
        mei.whispers(line)
    assert [post.words for post in mei.direct()] == ["\nYou’re welcome."], "once a day"
    chat.wait(days=1)
    mei.whispers("thx")
    assert [post.words for post in mei.direct()] == ["\nYou’re welcome."] * 2
    for line in ("stop", "Unsubscribe", "basta!"):
        assert "What should stop?" in mei.whispers(line)
    mei.presses("Private messages until …")
    assert "I ask you nothing until" in mei.presses("Pause for two weeks")
    forged = words(chat.app.handle(Click(mei.place(), mei.who, "pace.pause", "99")))
    assert "one, two or four weeks" in forged
    # To others, the words may mean anything.
    assert "Is this your answer?" in mei.whispers("Stop and listen before speaking")
