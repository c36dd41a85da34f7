"""What people typed survives every fault: kept as a draft, or given back word for word."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlalchemy.event import listen, remove
from sqlmodel import Session, select

from bot.core import unsaved
from bot.core.events import Command, Submission
from bot.ui import Form, Message, NotSaved, Quote, Reply
from storage.agenda import topics
from storage.learning import reflections
from storage.learning.reflections import Reflection
from storage.operations import drafts
from storage.operations.incidents import Incident
from tests.support.chat import Actor, Chat, words
from tests.support.community import actors, create_community
from tests.support.renderers import assert_renders_everywhere

WORDS = "We began in silence.\n\n  *Nobody* spoke, and <!channel> `fell` asleep \N{SLEEPING FACE}"
LONG = ("A line of forty characters, or about it.\n" * 70)[:2_000]


@pytest.fixture
def mei(chat: Chat) -> Actor:
    create_community(chat, ["Mei"])
    [mei] = actors(chat, "Mei")
    return mei


@contextmanager
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The handler of a reflection raises."""

    def fail(*_what: object) -> None:
        raise KeyError("a fault of our own")

    with monkeypatch.context() as patch:
        patch.setattr(reflections, "add", fail)
        yield


@contextmanager
def no_writing(engine: Engine) -> Iterator[None]:
    """Nothing can be written, as when the disk is full."""

    def refuse(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            raise OSError("no space left on device")

    listen(engine, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        remove(engine, "before_cursor_execute", refuse)


@contextmanager
def no_database(engine: Engine) -> Iterator[None]:
    def refuse(*_what: object) -> None:
        raise ConnectionError("the database is gone")

    listen(engine, "begin", refuse)
    try:
        yield
    finally:
        remove(engine, "begin", refuse)


def reflected(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [row.body for row in session.exec(select(Reflection))]


def quoted(reply: Reply) -> str:
    assert isinstance(reply, NotSaved), reply
    return "".join(part.body for message in reply.messages for part in message.parts if isinstance(part, Quote))


def filled_form(mei: Actor, **answers: str) -> Submission:
    mei.types("reflect")
    assert isinstance(mei.sees, Form)
    given = {"audience": "group", **answers}
    return Submission(mei.place(), mei.who, mei.sees.id, mei.sees.value, given, written=("about", "body"))


def test_form_that_failed_is_sent_again_from_a_button(chat: Chat, mei: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    mei.types("reflect")
    with broken(monkeypatch):
        assert "I still have what you typed" in mei.fills(body=WORDS)
    offered = mei.sees
    assert reflected(chat.engine) == []
    mei.presses("Send it again")
    assert reflected(chat.engine) == [WORDS]
    mei.sees = offered
    assert "I no longer have that form" in mei.presses("Send it again")
    assert reflected(chat.engine) == [WORDS]


def test_form_that_fails_again_can_be_sent_again_still(chat: Chat, mei: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    mei.types("reflect")
    with broken(monkeypatch):
        mei.fills(body=WORDS)
        offered = mei.sees
        mei.presses("Send it again")
    mei.sees = offered
    mei.presses("Send it again")
    assert reflected(chat.engine) == [WORDS]


def test_form_that_failed_is_filled_in_when_it_opens_the_next_time(
    chat: Chat, mei: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    mei.types("reflect")
    with broken(monkeypatch):
        mei.fills(body=WORDS)
    mei.types("reflect")
    assert isinstance(mei.sees, Form)
    assert WORDS in [field.initial for field in mei.sees.fields]
    assert "so I’ve filled it in" in words(mei.sees)
    mei.fills(body=WORDS + "!")
    assert reflected(chat.engine) == [WORDS + "!"]
    mei.types("reflect")
    assert isinstance(mei.sees, Form)
    assert WORDS not in [field.initial for field in mei.sees.fields]


def test_draft_of_one_person_is_offered_to_no_other(chat: Chat, mei: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    [ben] = actors(chat, "Ben")
    mei.types("reflect")
    with broken(monkeypatch):
        mei.fills(body=WORDS)
    ben.sees = mei.sees
    assert "I no longer have that form" in ben.presses("Send it again")
    ben.types("reflect")
    assert isinstance(ben.sees, Form)
    assert WORDS not in [field.initial for field in ben.sees.fields]
    assert reflected(chat.engine) == []


@pytest.mark.parametrize("fault", [no_writing, no_database])
def test_form_is_given_back_where_nothing_can_be_saved(
    chat: Chat, mei: Actor, fault: Callable[[Engine], object]
) -> None:
    event = filled_form(mei, about="Friday", body=WORDS)
    with fault(chat.engine):  # type: ignore[attr-defined]
        reply = chat.app.handle(event)
    assert isinstance(reply, NotSaved)
    assert reply.problem
    assert quoted(reply) == "Friday" + WORDS
    assert_renders_everywhere(reply)


def test_long_text_is_given_back_whole_in_several_messages(chat: Chat, mei: Actor) -> None:
    event = filled_form(mei, body=LONG)
    with no_database(chat.engine):
        reply = chat.app.handle(event)
    assert isinstance(reply, NotSaved)
    assert len(reply.messages) > 2
    assert quoted(reply) == LONG
    assert_renders_everywhere(reply)


def test_given_back_words_fill_no_message_beyond_its_room() -> None:
    """A message that begins with what had no room in the one before it, too."""
    for message in unsaved.given_back(("a" * unsaved.PIECE, "b" * unsaved.PIECE, "c")):
        assert sum(len(part.body) for part in message.parts if isinstance(part, Quote)) <= unsaved.PIECE


def test_command_that_failed_is_tried_again_from_a_button(
    chat: Chat, mei: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_what: object) -> None:
        raise KeyError("a fault of our own")

    with monkeypatch.context() as patch:
        patch.setattr(topics, "add", fail)
        assert "I still have what you typed" in mei.types("topic A quieter corner", root="member")
    assert "A quieter corner" in mei.presses("Try again")


def test_command_is_given_back_where_nothing_can_be_saved(chat: Chat, mei: Actor) -> None:
    line = "topic A quieter corner"
    with no_database(chat.engine):
        replies = [chat.app.handle(Command(mei.place(), mei.who, line, root)) for root in ("member", "")]
        without_words = chat.app.handle(Command(mei.place(), mei.who, "home"))
    assert list(map(quoted, replies)) == [f"/cop {line}", line]
    assert isinstance(without_words, Message)


def test_refused_form_is_given_back(chat: Chat, mei: Actor) -> None:
    [ben] = actors(chat, "Ben")
    ben.types("checkin open Well?")
    mei.presses("Answer", on=chat.posts[0])
    form = mei.sees
    mei.types("leave")
    mei.presses("Leave")
    mei.sees = form
    assert "have not joined" in mei.fills(body=WORDS)
    assert quoted(mei.sees) == WORDS


def test_incident_and_log_hold_nothing_of_what_was_typed(
    chat: Chat, mei: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    mei.types("reflect")
    with broken(monkeypatch):
        mei.fills(body=WORDS)
    with Session(chat.engine) as session:
        [incident] = session.exec(select(Incident)).all()
        [draft] = [row for row in session.exec(select(drafts.Draft)) if row.kind.startswith(unsaved.UNSENT)]
    assert "silence" not in str(incident)
    assert "silence" in draft.body


# --- once


def test_form_sent_twice_acts_once_and_is_answered_alike(chat: Chat, mei: Actor) -> None:
    event = filled_form(mei, body=WORDS)
    first = chat.app.handle(event)
    assert isinstance(first, Message)
    assert chat.app.handle(event) == first
    chat.deliver_all()
    assert reflected(chat.engine) == [WORDS]
    assert len(chat.posts) == 1


def test_form_sent_twice_with_other_words_gives_them_back(chat: Chat, mei: Actor) -> None:
    event = filled_form(mei, body=WORDS)
    chat.app.handle(event)
    again = chat.app.handle(replace(event, answers={**event.answers, "body": "And then we laughed."}))
    assert "I already had this form" in words(again)
    assert "And then we laughed." in quoted(again)
    assert reflected(chat.engine) == [WORDS]


def test_form_opened_twice_acts_twice(chat: Chat, mei: Actor) -> None:
    events = [filled_form(mei, body=WORDS), filled_form(mei, body=WORDS)]
    for event in events:
        chat.app.handle(event)
    assert reflected(chat.engine) == [WORDS, WORDS]


def test_form_that_was_corrected_acts(chat: Chat, mei: Actor) -> None:
    """Slack leaves the form open, so it's the same opening."""
    event = filled_form(mei, body="")
    chat.app.handle(event)
    chat.app.handle(replace(event, answers={**event.answers, "body": WORDS}))
    assert reflected(chat.engine) == [WORDS]


def test_form_that_failed_and_is_still_open_acts_once_with_its_button(
    chat: Chat, mei: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = filled_form(mei, body=WORDS)
    with broken(monkeypatch):
        mei.sees = chat.app.handle(event)
    offered = mei.sees
    chat.app.handle(event)
    mei.sees = offered
    mei.presses("Send it again")
    assert reflected(chat.engine) == [WORDS]


def test_form_of_another_with_the_same_name_of_its_opening_acts(chat: Chat, mei: Actor) -> None:
    [ben] = actors(chat, "Ben")
    event = filled_form(mei, body=WORDS)
    chat.app.handle(event)
    chat.app.handle(replace(event, person=ben.who))
    assert reflected(chat.engine) == [WORDS, WORDS]
