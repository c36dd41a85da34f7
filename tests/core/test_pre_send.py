"""Words that may tell who a student is are shown to their author before others get them, and the author decides."""

import logging

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from bot.core.routes import EVERY
from bot.domain.questions import Question, Questionnaire, QuestionType
from bot.features import ALL
from bot.ui import Form, NextForm, NotSaved, TextField
from storage.agenda import topics
from storage.learning.checkins import NOBODY_CAN_TELL
from storage.learning.reflections import Reflection
from storage.operations.drafts import Draft
from tests.support.chat import Actor, Chat, words
from tests.support.checkins import open_check_in
from tests.support.community import actors, create_community
from tests.support.renderers import assert_renders_everywhere

HARD = Questionnaire("Honest look", (Question("stuck", "What is hard right now?", QuestionType.LONG),))
SIX = ("Mei", "Olu", "Ana", "Lee", "Kim", "Jo")
ABOUT_MARISOL = "My student Marisol finally read a page aloud."


@pytest.fixture
def mei(chat: Chat) -> Actor:
    create_community(chat, ["Mei"])
    [mei] = actors(chat, "Mei")
    return mei


def reflects(who: Actor, body: str, audience: str = "group") -> str:
    """Fill in a reflection, and return what the bot then shows them."""
    who.types("reflect")
    said = who.fills(body=body, audience=audience)
    reads(who)
    return said


def reads(who: Actor) -> None:
    """Look at the card that holds back what was typed, if there is one."""
    if isinstance(who.sees, NotSaved):
        assert_renders_everywhere(who.sees.messages[0])
        who.sees = who.sees.messages[0]


def shared(chat: Chat) -> str:
    return "\n".join(post.words for post in chat.posts)


def kept(chat: Chat) -> list[str]:
    with Session(chat.engine) as session:
        return [row.body for row in session.exec(select(Reflection))]


def answered(chat: Chat) -> int:
    with chat.engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM openanswer")).scalar_one())


def test_author_sees_what_was_seen_and_nothing_is_sent(chat: Chat, mei: Actor) -> None:
    said = reflects(mei, ABOUT_MARISOL)
    assert "“Marisol”: a name" in said
    assert ABOUT_MARISOL in said
    assert "Only you can see this" in said
    assert kept(chat) == []
    assert "Marisol" not in shared(chat)


def test_author_says_a_student_instead(chat: Chat, mei: Actor) -> None:
    reflects(mei, ABOUT_MARISOL)
    assert "My student finally read a page aloud." in mei.presses("Say “a student” instead")
    assert kept(chat) == ["My student finally read a page aloud."]
    assert "Marisol" not in shared(chat)


def test_author_sends_it_as_it_is_and_is_not_asked_again(chat: Chat, mei: Actor) -> None:
    reflects(mei, ABOUT_MARISOL)
    mei.presses("Send as it is")
    assert ABOUT_MARISOL in shared(chat)
    assert "Before you send" not in reflects(mei, ABOUT_MARISOL)
    assert kept(chat) == [ABOUT_MARISOL] * 2


def test_author_changes_it_and_is_asked_about_the_new_words(chat: Chat, mei: Actor) -> None:
    reflects(mei, ABOUT_MARISOL)
    mei.presses("Change it")
    assert isinstance(mei.sees, Form)
    [field] = mei.sees.fields
    assert isinstance(field, TextField)
    assert field.initial == ABOUT_MARISOL
    assert "“Tomás”: a name" in mei.fills(**{field.name: "My student Tomás read."})
    reads(mei)
    mei.presses("Change it")
    mei.fills(**{field.name: "A child read."})
    assert kept(chat) == ["A child read."]
    assert "A child read." in shared(chat)


def test_words_that_only_their_author_reads_are_not_looked_at(chat: Chat, mei: Actor) -> None:
    reflects(mei, ABOUT_MARISOL, "me")
    assert kept(chat) == [ABOUT_MARISOL]


def test_months_and_colleagues_are_sent_at_once(chat: Chat, mei: Actor) -> None:
    reflects(mei, "In June, Grace and Ms. Rivera tried it with the kids.")
    assert "Grace and Ms. Rivera" in shared(chat)


def test_words_behind_a_command_are_held_back_too(chat: Chat, mei: Actor) -> None:
    assert "“Marisol”: a name" in mei.types("topic My student Marisol and her glasses")
    reads(mei)
    mei.presses("Say “a student” instead")
    with Session(chat.engine) as session:
        [topic] = session.exec(select(topics.Topic)).all()
    assert topic.title == "My student and her glasses"


def test_words_behind_a_command_are_sent_as_they_are(chat: Chat, mei: Actor) -> None:
    mei.types("topic My student Marisol and her glasses")
    reads(mei)
    mei.presses("Send as it is")
    with Session(chat.engine) as session:
        assert [each.title for each in session.exec(select(topics.Topic))] == ["My student Marisol and her glasses"]


def test_words_are_never_lost(chat: Chat, mei: Actor) -> None:
    """Who closes the card finds the words in the form, the next time."""
    reflects(mei, ABOUT_MARISOL)
    assert ABOUT_MARISOL in words(mei.sees)
    mei.types("reflect")
    assert isinstance(mei.sees, Form)
    assert [f.initial for f in mei.sees.fields if f.name == "body"] == [ABOUT_MARISOL]


def test_button_acts_once_and_for_its_author_only(chat: Chat, mei: Actor) -> None:
    reflects(mei, ABOUT_MARISOL)
    asked = mei.sees
    [ben] = actors(chat, "Ben")
    for label in ("Send as it is", "Say “a student” instead", "Change it"):
        ben.sees = asked
        assert "no longer have that form" in ben.presses(label)
    mei.presses("Send as it is")
    mei.sees = asked
    assert "no longer have that form" in mei.presses("Send as it is")
    assert kept(chat) == [ABOUT_MARISOL]


def test_nothing_is_written_down_of_what_was_seen(chat: Chat, mei: Actor, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        reflects(mei, ABOUT_MARISOL)
    assert "Marisol" not in caplog.text
    mei.presses("Say “a student” instead")
    with Session(chat.engine) as session:
        assert [row.body for row in session.exec(select(Draft)) if "Marisol" in row.body] == []


def test_anonymous_answer_is_asked_about_once_and_leaves_no_draft(chat: Chat) -> None:
    create_community(chat, [*SIX])
    card, _id = open_check_in(chat, HARD, level=NOBODY_CAN_TELL)
    [mei] = actors(chat, "Mei")
    mei.presses("Answer", on=card)
    form = mei.sees
    assert "“Marisol”: a name" in mei.fills(stuck=ABOUT_MARISOL)
    assert isinstance(mei.sees, NotSaved)
    assert ABOUT_MARISOL in words(mei.sees)
    assert answered(chat) == 0
    with Session(chat.engine) as session:
        assert session.exec(select(Draft)).all() == []
    mei.sees = form
    mei.fills(stuck=ABOUT_MARISOL)
    assert answered(chat) > 0


def test_every_form_declares_which_words_others_read() -> None:
    """Else its words would go to others unseen. Say `shared=EVERY`, the names of its fields, or () for none."""
    undeclared = [name for feature in ALL for name, route in feature.forms.items() if route.shared is None]
    assert undeclared == []


def test_fields_that_others_read_ask_for_no_students_name(chat: Chat, mei: Actor) -> None:
    for line in ("reflect", "topic", "share"):
        mei.types(line)
        form = mei.sees.form if isinstance(mei.sees, NextForm) else mei.sees
        assert isinstance(form, Form)
        named = chat.app.routes.forms[form.id].shared
        assert named
        for field in form.fields:
            if isinstance(field, TextField) and (named == EVERY or field.name in named):
                assert "No student’s name" in field.hint, (form.id, field.name)
