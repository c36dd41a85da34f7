"""A message to the bot that became an answer, and that its writer then edits or deletes."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from storage.learning.rounds import Response
from storage.messaging.answer_messages import AnswerMessage
from storage.operations.drafts import Draft
from tests.support.chat import Actor, Chat
from tests.support.community import actors, create_community
from tests.support.questions import SAID, asked, asked_two

ASKED, KEPT = "Is this your answer?", "your answer is kept"


def kept(chat: Chat, who: str = "Mei") -> list[str]:
    with Session(chat.engine) as session:
        return [row.body for row in session.exec(select(Response).order_by("id")).all()]


def answered(chat: Chat) -> tuple[Actor, Actor]:
    """Mei has written her answer in the message d1, and kept it."""
    ben, mei = asked(chat, "What did you try?")
    assert ASKED in mei.writes(SAID, "d1")
    assert KEPT in mei.presses("Keep it")
    return ben, mei


def test_edit_changes_the_answer_and_redraws_what_stands_below(chat: Chat) -> None:
    _ben, mei = answered(chat)
    posts = len(mei.direct())
    chat.wait(minutes=7)
    said = mei.edits("d1", "I greeted every child by name")
    assert KEPT in said
    assert "Changed" in said
    assert kept(chat) == ["I greeted every child by name"]
    assert len(mei.direct()) == posts
    assert mei.edits("d1", "I greeted every child by name") == ""
    mei.presses("Withdraw it")
    assert kept(chat) == []
    # Withdrawn is withdrawn: new words are asked about.
    chat.wait(minutes=1)
    assert ASKED in mei.edits("d1", "We sang at the door")
    assert kept(chat) == []


def test_words_are_stored_once(chat: Chat) -> None:
    _ben, mei = answered(chat)
    mei.edits("d1", "Blue umbrellas", at=chat.clock.now() + timedelta(minutes=1))
    with chat.engine.connect() as connection:
        bodies = "SELECT body FROM response UNION ALL SELECT body FROM draft"
        tables = connection.exec_driver_sql(bodies).scalars().all()
        posted = connection.exec_driver_sql("SELECT message FROM outgoing").scalars().all()
    assert [body for body in tables if "umbrellas" in body] == ["Blue umbrellas"]
    assert not any("umbrellas" in message or SAID in message for message in posted)


@pytest.mark.parametrize("line", ["stop", "help", "thanks", "answer", "snooze 2w", "cop home"])
def test_control_words_in_an_edit_are_the_answer(chat: Chat, line: str) -> None:
    _ben, mei = answered(chat)
    chat.wait(minutes=1)
    assert KEPT in mei.edits("d1", line)
    assert kept(chat) == [line]


def test_edit_before_the_answer_is_confirmed_is_what_is_kept(chat: Chat) -> None:
    _ben, mei = asked(chat, "What did you try?")
    mei.writes(SAID, "d1")
    chat.wait(minutes=1)
    said = mei.edits("d1", "We sang")
    assert ASKED in said
    assert "Changed" in said
    mei.presses("Keep it")
    assert kept(chat) == ["We sang"]


def test_edit_before_the_question_is_chosen_is_what_is_kept(chat: Chat) -> None:
    _ben, mei = asked_two(chat)
    mei.writes(SAID, "d1")
    chat.wait(minutes=1)
    mei.edits("d1", "We sang")
    mei.presses("How full is your plate?")
    mei.presses("Keep it")
    assert kept(chat) == ["We sang"]
    chat.wait(minutes=1)
    mei.edits("d1", "We sang twice")
    assert kept(chat) == ["We sang twice"]


def test_message_that_is_too_long_is_shortened_where_it_is(chat: Chat) -> None:
    _ben, mei = asked(chat, "What did you try?")
    assert "most" in mei.writes("x" * 4_001, "d1")
    chat.wait(minutes=1)
    assert ASKED in mei.edits("d1", "Short")
    mei.presses("Keep it")
    chat.wait(minutes=1)
    assert "most" in mei.edits("d1", "y" * 4_001)
    assert kept(chat) == ["Short"]


def test_deleted_message_leaves_the_answer_until_its_writer_says_so(chat: Chat) -> None:
    _ben, mei = answered(chat)
    chat.wait(minutes=1)
    assert "I still keep your answer" in mei.deletes("d1")
    assert KEPT in mei.presses("Keep it")
    assert kept(chat) == [SAID]
    with Session(chat.engine) as session:
        assert session.exec(select(AnswerMessage)).all() == []


def test_deleted_message_can_take_the_answer_along(chat: Chat) -> None:
    _ben, mei = answered(chat)
    chat.wait(minutes=1)
    mei.deletes("d1")
    assert "withdrawn" in mei.presses("Withdraw it")
    assert kept(chat) == []


def test_message_edited_into_nothing_is_like_a_deleted_one(chat: Chat) -> None:
    """It may get words again, or only hold a file now."""
    _ben, mei = answered(chat)
    chat.wait(minutes=1)
    assert "I still keep your answer" in mei.edits("d1", " \u200b ")
    assert kept(chat) == [SAID]
    chat.wait(minutes=1)
    mei.edits("d1", "We sang")
    assert kept(chat) == ["We sang"]


def test_message_deleted_while_it_is_asked_about_is_no_answer(chat: Chat) -> None:
    _ben, mei = asked(chat, "What did you try?")
    mei.writes(SAID, "d1")
    chat.wait(minutes=1)
    assert "I didn’t save it" in mei.deletes("d1")
    with Session(chat.engine) as session:
        assert session.exec(select(Draft)).all() == []
        assert session.exec(select(AnswerMessage)).all() == []


def test_words_given_by_another_way_since_are_not_overwritten(chat: Chat) -> None:
    """By a form, or in a newer message: the edit of an old one is asked about."""
    _ben, mei = answered(chat)
    chat.wait(minutes=1)
    mei.types("answer")
    mei.fills(body="A long story in the form")
    chat.wait(minutes=1)
    said = mei.edits("d1", "We sang")
    assert ASKED in said
    assert "It replaces the answer you gave before" in said
    assert kept(chat) == ["A long story in the form"]
    chat.wait(minutes=1)
    # Nor does the deletion of the old message say anything of an answer that isn't in it.
    assert "I didn’t save it" in mei.deletes("d1")
    assert kept(chat) == ["A long story in the form"]


def test_only_the_latest_of_several_edits_counts(chat: Chat) -> None:
    """Five in a second, reported in any order, and one of them again."""
    _ben, mei = answered(chat)
    start: datetime = chat.clock.now()
    for number in (2, 4, 1, 5, 3, 5):
        mei.edits("d1", f"Version {number}", at=start + timedelta(milliseconds=200 * number))
    assert kept(chat) == ["Version 5"]


def test_edit_after_the_close_joins_the_summary_while_late_answers_do(chat: Chat) -> None:
    _ben, mei = answered(chat)
    chat.wait(days=5)
    mei.edits("d1", "We sang")
    assert kept(chat) == ["We sang"]
    assert "Mei: We sang" in next(post.words for post in chat.posts if post.under)
    chat.wait(days=70)
    assert "closed long ago" in mei.edits("d1", "We danced")
    assert kept(chat) == ["We sang"]


def test_only_the_writer_of_a_message_changes_what_it_became(chat: Chat) -> None:
    _ben, mei = answered(chat)
    [olu] = actors(chat, "Olu")
    chat.wait(minutes=1)
    assert olu.edits("d1", "Mei is wrong") == ""
    assert olu.deletes("d1") == ""
    assert mei.edits("d2", "Another message") == ""
    assert kept(chat) == [SAID]


def test_edit_by_somebody_who_has_left_changes_nothing(chat: Chat) -> None:
    _ben, mei = answered(chat)
    mei.types("leave")
    mei.presses("Leave")
    chat.wait(minutes=1)
    assert mei.edits("d1", "We sang") == ""
    assert kept(chat) == [SAID]
    with Session(chat.engine) as session:
        assert session.exec(select(AnswerMessage)).all() == []


def test_message_reaches_the_community_that_was_chosen_for_it(chat: Chat) -> None:
    _ben, mei = asked(chat, "What did you try?")
    create_community(chat, ["Mei"], name="Quality stewards", channel="stewards", facilitator="Chi")
    [chi] = actors(chat, "Chi")
    chi.channel = "stewards"
    chi.types("checkin open What did you see?")
    assert "Which one do you mean?" in mei.writes(SAID, "d1")
    mei.presses("Quality stewards")
    mei.presses("Keep it", on=mei.direct()[-1])
    chat.wait(minutes=1)
    assert KEPT in mei.edits("d1", "Two calm doors")
    assert kept(chat) == ["Two calm doors"]
