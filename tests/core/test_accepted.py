"""What was acknowledged before it was handled is handled, even if the process is killed in between."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.event import listen, remove
from sqlmodel import Session, select

from bot.core.acceptance import Acceptance, Waiting
from bot.core.app import App
from bot.core.events import Command, Submission
from bot.features import ALL
from bot.ui import Form, NotSaved, Reply
from storage.learning import reflections
from storage.learning.reflections import Reflection
from storage.operations.accepted_events import AcceptedEvent
from storage.privacy import retention
from tests.support.chat import Actor, Chat
from tests.support.community import actors, create_community

WORDS = "We began in silence."
LATER = timedelta(minutes=5)


@pytest.fixture
def mei(chat: Chat) -> Actor:
    create_community(chat, ["Mei"])
    [mei] = actors(chat, "Mei")
    return mei


def form(mei: Actor, body: str = WORDS) -> Submission:
    mei.types("reflect")
    assert isinstance(mei.sees, Form)
    answers = {"body": body, "about": "", "audience": "me"}
    return Submission(mei.place(), mei.who, mei.sees.id, mei.sees.value, answers, written=("about", "body"))


def topic(mei: Actor, line: str = "topic A quieter corner") -> Command:
    return Command(mei.place(), mei.who, line, "member", "Tr1")


def accept(app: App, *events: Waiting) -> list[bool]:
    async def go() -> list[bool]:
        return list(await asyncio.gather(*(app.acceptance.accept(event, 1e6) for event in events)))

    return asyncio.run(go())


def killed(chat: Chat) -> None:
    """The process is gone, and another starts."""
    chat.app = App(ALL, chat.engine, chat.clock.now)


def take_up(chat: Chat) -> int:
    taken = chat.app.take_up(chat.clock.now() + LATER)
    chat.deliver_all()
    return taken


def rows(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [row.body for row in session.exec(select(AcceptedEvent))]


def reflected(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [row.body for row in session.exec(select(Reflection))]


def test_accepted_form_is_handled_by_the_next_process_and_answered_directly(chat: Chat, mei: Actor) -> None:
    assert accept(chat.app, form(mei)) == [True]
    assert WORDS in rows(chat.engine)[0]
    killed(chat)
    assert take_up(chat) == 1
    assert reflected(chat.engine) == [WORDS]
    assert "I had to restart" in mei.direct()[0].words
    assert len(mei.direct()) == 2
    assert rows(chat.engine) == []
    assert take_up(chat) == 0


def test_accepted_command_is_handled_by_the_next_process(chat: Chat, mei: Actor) -> None:
    accept(chat.app, topic(mei))
    killed(chat)
    assert take_up(chat) == 1
    assert "A quieter corner" in mei.direct()[-1].words
    assert rows(chat.engine) == []


def test_late_answer_shows_nobody_who_has_gone_since(chat: Chat, mei: Actor) -> None:
    [ben] = actors(chat, "Ben")
    manager = replace(ben.who, can_manage=True)
    accept(chat.app, Command(ben.place(), manager, "role map facilitator <@mei>", "admin", "Tr1"))
    killed(chat)
    take_up(chat)
    assert any("Mei is a facilitator here now" in post.words for post in ben.direct())
    mei.types("data delete")
    mei.presses("Delete my data")
    chat.deliver_all()
    assert not [post.words for post in ben.direct() if "Mei" in post.words]


def test_event_that_cannot_be_read_keeps_no_other_waiting(chat: Chat, mei: Actor) -> None:
    """As after going back to a version that knows no such event. It waits for one that does."""
    with Session(chat.engine) as session, session.begin():
        session.add(AcceptedEvent(key="slack:future", body='{"form": 7}', at=chat.clock.now()))
    accept(chat.app, form(mei))
    killed(chat)
    assert take_up(chat) == 1
    assert reflected(chat.engine) == [WORDS]
    assert rows(chat.engine) == ['{"form": 7}']


def test_event_that_no_version_could_read_goes_like_a_draft(chat: Chat) -> None:
    with Session(chat.engine) as session, session.begin():
        session.add(AcceptedEvent(key="slack:future", body='{"form": 7}', at=chat.clock.now()))
        retention.forget(session, chat.clock.now() + timedelta(days=14))
        assert session.get(AcceptedEvent, "slack:future")
        retention.forget(session, chat.clock.now() + timedelta(days=14, seconds=1))
        assert session.get(AcceptedEvent, "slack:future") is None


def test_event_whose_answer_cannot_be_posted_keeps_no_other_waiting(
    chat: Chat, mei: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept(chat.app, form(mei), form(mei, "We ended in song."))
    killed(chat)
    tell, failures = chat.app.accepted.tell, iter([True])

    def fail_once(event: Waiting, reply: Reply) -> None:
        if next(failures, False):
            raise OSError("no room")
        tell(event, reply)

    monkeypatch.setattr(chat.app.accepted, "tell", fail_once)
    assert take_up(chat) == 2
    assert sorted(reflected(chat.engine)) == [WORDS, "We ended in song."]


def test_accepted_event_that_was_handled_leaves_nothing(chat: Chat, mei: Actor) -> None:
    events: list[Waiting] = [form(mei), topic(mei), form(mei, "x" * 2_001)]
    accept(chat.app, *events)
    assert len(rows(chat.engine)) == 3
    for event in events:
        chat.app.handle(event)
    assert rows(chat.engine) == []
    killed(chat)
    assert take_up(chat) == 0


def test_event_that_is_being_handled_is_not_taken_up(chat: Chat, mei: Actor) -> None:
    accept(chat.app, form(mei))
    assert take_up(chat) == 0
    assert reflected(chat.engine) == []


def test_event_that_another_process_just_accepted_is_not_taken_up(chat: Chat, mei: Actor) -> None:
    accept(chat.app, form(mei))
    killed(chat)
    assert chat.app.take_up(chat.clock.now()) == 0


def test_event_that_was_handled_before_its_row_was_saved_is_not_handled_again(chat: Chat, mei: Actor) -> None:
    event = form(mei)
    chat.app.handle(event)
    accept(chat.app, event)
    killed(chat)
    assert take_up(chat) == 0
    assert reflected(chat.engine) == [WORDS]
    assert (rows(chat.engine), mei.direct()) == ([], [])


def test_accepted_form_with_errors_is_corrected_from_the_direct_message(chat: Chat, mei: Actor) -> None:
    accept(chat.app, form(mei, "x" * 2_001))
    killed(chat)
    take_up(chat)
    mei.presses("Correct it", on=mei.direct()[-1])
    mei.fills(body=WORDS)
    assert reflected(chat.engine) == [WORDS]


def test_accepted_form_that_fails_is_a_draft(chat: Chat, mei: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    event = form(mei)
    accept(chat.app, event)
    with monkeypatch.context() as patch:
        patch.setattr(reflections, "add", None)
        mei.sees = chat.app.handle(event)
    assert rows(chat.engine) == []
    mei.presses("Send it again")
    assert reflected(chat.engine) == [WORDS]


@contextmanager
def no_database(engine: Engine) -> Iterator[None]:
    def refuse(*_what: object) -> None:
        raise ConnectionError("the database is gone")

    listen(engine, "begin", refuse)
    try:
        yield
    finally:
        remove(engine, "begin", refuse)


def test_accepted_form_that_was_given_back_is_not_handled_later(chat: Chat, mei: Actor) -> None:
    """Its writer may have sent the words again, in another form."""
    event = form(mei)
    accept(chat.app, event)
    with no_database(chat.engine):
        assert isinstance(chat.app.handle(event), NotSaved)
    assert take_up(chat) == 0
    assert rows(chat.engine) == reflected(chat.engine) == []


def test_event_is_not_acknowledged_where_it_cannot_be_saved(chat: Chat, mei: Actor) -> None:
    event = form(mei)
    with no_database(chat.engine):
        assert accept(chat.app, event) == [False]
    assert accept(chat.app, event) == [True]


def test_nothing_is_saved_of_a_command_without_words_or_that_only_reads(chat: Chat, mei: Actor) -> None:
    assert accept(chat.app, topic(mei, "reflect"), topic(mei, "next"), topic(mei, "help join")) == [True] * 3
    assert rows(chat.engine) == []


def test_accepted_event_goes_with_its_person(chat: Chat, mei: Actor) -> None:
    accept(chat.app, form(mei))
    mei.types("data delete")
    mei.presses("Delete my data")
    assert rows(chat.engine) == []


def test_accepted_form_of_somebody_new_is_handled(chat: Chat, mei: Actor) -> None:
    """They can't be told before the bot knows them."""
    zed = chat.person("Zed")
    event = form(mei)
    accept(chat.app, Submission(zed.place(), zed.who, event.form, event.value, event.answers))
    killed(chat)
    assert take_up(chat) == 1
    assert reflected(chat.engine) == [WORDS]


async def test_events_that_wait_at_the_same_moment_share_one_commit() -> None:
    groups: list[int] = []

    def save(events: Sequence[Waiting]) -> None:
        groups.append(len(events))

    acceptance = Acceptance(save)
    event: Waiting = Submission.__new__(Submission)
    assert await asyncio.gather(*(acceptance.accept(event, 1e6) for _each in range(200))) == [True] * 200
    assert sum(groups) == 200
    assert len(groups) < 10


async def test_event_is_acknowledged_if_saving_it_takes_too_long() -> None:
    may_go_on = asyncio.Event()
    loop = asyncio.get_running_loop()

    def save(_events: Sequence[Waiting]) -> None:
        asyncio.run_coroutine_threadsafe(may_go_on.wait(), loop).result()

    assert await Acceptance(save).accept(Submission.__new__(Submission), 0.0)
    may_go_on.set()
