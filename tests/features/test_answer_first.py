"""A check-in may hide what others answered until it closes, or until one has answered oneself."""

from sqlmodel import Session, select

from bot.core.events import Click, Command
from storage.learning.checkins import CheckIn
from storage.learning.rounds import Round
from tests.support.chat import Actor, Chat, Post, words
from tests.support.community import actors, create_community
from tests.support.scenes import scene

ASKED = "What did you try?"


def _open(chat: Chat, first: str) -> tuple[list[Actor], Post]:
    create_community(chat)
    people = actors(chat, "Ben", "Mei", "Olu")
    people[0].types("checkin open", root="facilitator")
    people[0].fills(question=ASKED, first=first)
    return people, chat.last


@scene
def hidden_until_close(chat: Chat) -> tuple[list[Actor], Post]:
    return _open(chat, "close")


@scene
def read_after_answering(chat: Chat) -> tuple[list[Actor], Post]:
    return _open(chat, "answered")


def _reads(actor: Actor) -> str:
    return words(actor.chat.app.handle(Click(actor.place(), actor.who, "rounds.read", "1")))


def test_nothing_is_shown_before_the_close_where_asked(chat: Chat) -> None:
    (ben, mei, olu), card = hidden_until_close(chat)
    assert "Answer first: no answers and no count until this closes" in card.words
    assert "everyone sees a reply here" in card.words
    form = mei.presses("Answer", on=card)
    assert "Everyone reads it when this closes" in form
    assert "when it closes" in mei.fills(body="Quiet arrivals")
    assert "heard from" not in chat.posts[0].words
    for who in (mei, olu):
        assert "Answers are shown to everyone when this closes" in _reads(who)
    assert "Quiet arrivals" in _reads(ben)
    chat.wait(days=4)
    assert "1 person was heard from" in chat.posts[0].words
    assert "Quiet arrivals" in _reads(olu)


def test_who_has_answered_reads_what_was_shared(chat: Chat) -> None:
    (ben, mei, olu), card = read_after_answering(chat)
    assert "Answer first: once you have, you can read what others shared" in card.words
    mei.presses("Answer", on=card)
    assert "people here who’ve answered too" in mei.fills(body="Quiet arrivals")
    ben.presses("Answer", on=card)
    ben.fills(body="Only for us")
    ben.presses("Only facilitators")
    assert "heard from" not in chat.posts[0].words

    assert "Answer first, and then read" in olu.presses("Read the answers", on=card)
    olu.presses("Let this one pass", on=card)
    assert "Answer first, and then read" in _reads(olu)
    form = olu.presses("Answer", on=card)
    assert "People who’ve answered read it at once" in form
    olu.fills(body="Music at the door")
    shown = olu.presses("Read the answers")
    assert "Mei: Quiet arrivals" in shown
    assert "Only for us" not in shown
    olu.types("answer")
    assert "withdrawn" in words(chat.app.handle(Click(olu.place(), olu.who, "rounds.withdraw", "1")))
    assert "Answer first, and then read" in _reads(olu)


def test_reply_in_the_thread_is_kept_out_of_sight_with_a_word_about_it(chat: Chat) -> None:
    (_ben, mei, olu), card = hidden_until_close(chat)
    event = Command(mei.place(), mei.who, "Quiet arrivals", replies_to=("m0", card.id))
    said = mei._saw(chat.app.handle(event))
    assert "your reply in the thread can be seen already" in said
    assert "Is this your answer?" in said
    mei.presses("Keep it")
    assert "heard from" not in chat.posts[0].words
    assert "Quiet arrivals" not in _reads(olu)


def test_reply_to_a_usual_card_needs_no_such_word(chat: Chat) -> None:
    (_ben, mei, _olu), card = _open(chat, "usual")
    event = Command(mei.place(), mei.who, "Quiet arrivals", replies_to=("m0", card.id))
    assert "seen already" not in mei._saw(chat.app.handle(event))


def test_saved_check_in_hides_answers_as_it_says(chat: Chat) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin new", root="facilitator")
    ben.chooses("Choose a template", "Friday close · about 2 minutes")
    ben.presses("Name and readers")
    refused = ben.fills(first="answered", level="facilitators")
    assert "only where answers have names" in refused
    ben.fills(level="named")
    ben.presses("Use it")
    with Session(chat.engine) as session:
        assert session.exec(select(CheckIn.answer_first)).one() == "answered"
    ben.types("checkin open Friday close", root="facilitator")
    form = mei.presses("Answer", on=chat.last)
    assert "People who’ve answered read it at once" in form
    ben.types("checkin edit Friday close", root="facilitator")
    ben.presses("Name and readers")
    ben.fills(first="usual")
    ben.presses("Save changes")
    # What is open stays as it was when people were asked.
    with Session(chat.engine) as session:
        assert session.exec(select(CheckIn.answer_first)).one() == ""
        assert session.exec(select(Round.answer_first)).one() == "answered"
