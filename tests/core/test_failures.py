"""What becomes of an event that broke: an incident that says where, and another try later and later."""

import ast
import inspect
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from babel import Locale
from sqlalchemy import Engine, create_engine
from sqlmodel import Session, select

from bot.core.events import Click, Command, Event, Place, PlatformUser, Submission, TimerFired
from bot.core.failures import LETTERS, record_failure
from bot.core.resolver import parse_id
from bot.ui import Message, Reply
from storage.communities import communities
from storage.messaging import timers
from storage.operations.incidents import Incident
from tests.support.chat import START, words

PLACE, MEI = Place("pretend", "S1", "general"), PlatformUser("mei", "Mei")


def fail() -> None:
    raise KeyError("what Mei typed")


def fail_in_a_library() -> None:
    ast.literal_eval("what Mei typed")


def fail_in_another_module() -> None:
    parse_id(None)  # type: ignore[arg-type]


def caught(broken: Callable[[], None]) -> Exception:
    try:
        broken()
    except Exception as error:
        return error
    raise AssertionError("it did not break")


@pytest.fixture
def community(engine: Engine) -> int:
    with Session(engine) as session, session.begin():
        row = communities.add(session, name="Youth workers", purpose="", zone="UTC", locale="en", now=START)
        return communities.key(row)


def record(engine: Engine, event: Event, error: Exception | None = None) -> Reply:
    return record_failure(engine, nullcontext(), START, event, error or caught(fail))


def incident(engine: Engine) -> Incident:
    with Session(engine) as session:
        [row] = session.exec(select(Incident)).all()
    return row


def test_incident_is_found_under_the_reference_that_the_person_is_told(engine: Engine) -> None:
    reply = record(engine, Command(PLACE, MEI, "share what Mei typed"))
    assert isinstance(reply, Message)
    row = incident(engine)
    assert row.reference in words(reply)
    assert (len(row.reference), set(row.reference) - set(LETTERS)) == (4, set())
    assert (row.event_name, row.community_id, row.at) == ("command", None, START)


@pytest.mark.parametrize(
    ("event", "doing", "about"),
    [
        (Click(PLACE, MEI, "rounds.answer", "1:3"), "rounds.answer", 1),
        (Submission(PLACE, MEI, "rounds.answer", "1:3"), "rounds.answer", 1),
        (Click(PLACE, MEI, "rounds.answer", "3"), "rounds.answer", None),
        (TimerFired(9, "rounds.close", "3", START, 1), "rounds.close", 1),
        (TimerFired(9, "housekeeping", "", START), "housekeeping", None),
    ],
)
def test_incident_names_what_was_done_and_where(
    engine: Engine, community: int, event: Event, doing: str, about: int | None
) -> None:
    record(engine, event)
    row = incident(engine)
    assert (row.event_name, row.community_id) == (doing, about)


@pytest.mark.parametrize(
    ("broken", "kind"), [(fail, "KeyError"), (fail_in_a_library, "SyntaxError"), (fail_in_another_module, "TypeError")]
)
def test_incident_names_the_innermost_line_and_not_what_was_typed(
    engine: Engine, broken: Callable[[], None], kind: str
) -> None:
    error = caught(broken)
    record(engine, Command(PLACE, MEI, "share"), error)
    assert error.__traceback__
    innermost = inspect.getinnerframes(error.__traceback__)[-1]
    where = "/".join(Path(innermost.filename).parts[-3:])
    assert incident(engine).error == f"{kind} at {where}:{innermost.lineno}"


def test_incident_names_our_line_when_an_installed_library_breaks(engine: Engine) -> None:
    def break_a_library() -> None:
        Locale.parse("not a locale")

    record(engine, Command(PLACE, MEI, "share"), caught(break_a_library))
    line = inspect.getsourcelines(break_a_library)[1] + 1
    assert incident(engine).error == f"ValueError at tests/core/test_failures.py:{line}"


def test_error_that_was_never_raised_is_named_without_a_line(engine: Engine) -> None:
    record(engine, Command(PLACE, MEI, "share"), ValueError("what Mei typed"))
    assert incident(engine).error == "ValueError"


def set_timer(engine: Engine, community: int) -> TimerFired:
    with Session(engine) as session, session.begin():
        row = timers.put(session, community, "rounds.close", "3", START)
        assert row.id
        return TimerFired(row.id, row.kind, row.value, row.at, community)


def test_failed_timer_is_tried_again_later_and_later_up_to_six_hours(engine: Engine, community: int) -> None:
    due = set_timer(engine, community)
    waits = []
    for attempt in range(1, 11):
        assert record(engine, due) is None
        with Session(engine) as session:
            [timer] = session.exec(select(timers.Timer)).all()
        assert timer.retry_at
        assert timer.attempts == attempt
        waits.append(timer.retry_at - START)
    hours = [timedelta(seconds=4**n) for n in range(1, 8)]
    assert waits == [*hours, *[timedelta(hours=6)] * 3]


def test_failed_timer_keeps_the_reference_of_its_last_failure(engine: Engine, community: int) -> None:
    record(engine, set_timer(engine, community))
    with Session(engine) as session:
        [timer] = session.exec(select(timers.Timer)).all()
    assert timer.reference == incident(engine).reference


def test_timer_that_was_moved_meanwhile_is_not_put_off(engine: Engine, community: int) -> None:
    due = set_timer(engine, community)
    with Session(engine) as session, session.begin():
        timers.put(session, community, "rounds.close", "3", START + timedelta(days=1))
    record(engine, due)
    with Session(engine) as session:
        [timer] = session.exec(select(timers.Timer)).all()
    assert (timer.attempts, timer.retry_at) == (0, None)


def test_person_is_answered_even_when_the_failure_cannot_be_saved(tmp_path: Path) -> None:
    empty = create_engine(f"sqlite:///{tmp_path / 'empty.db'}")  # without a single table
    assert "nothing was saved" in words(record(empty, Command(PLACE, MEI, "share")))
    empty.dispose()
