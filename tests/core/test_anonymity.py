"""An anonymous route leaves nothing that says who acted, and what was done is written down for several at once."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, nullcontext
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random
from shutil import copyfile
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, SQLModel, col, func, select, update
from structlog.testing import capture_logs

from bot.core.anonymity import AT_ONCE, AnonymousAct, Unmarked
from bot.core.app import App
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Submission
from bot.core.feature import Feature
from bot.features import ALL
from bot.ui import Form, Reply, TextField, card
from storage.database import foreign_keys, remnants
from storage.learning import anonymous_answers, rounds
from storage.learning.checkins import NOBODY_CAN_TELL
from storage.learning.rounds import Round
from storage.operations.backup import back_up
from storage.people.people import Account, Person
from tests.support import postgres
from tests.support.chat import Actor, Chat
from tests.support.meetings import create_meeting_community, join_members

NAMES = ("Lee", "Kim", "Jo", "Sam", "Max", "Eli", "Noa", "Kai", "Ray", "Bo", "Mo", "Ty")
WORDS = {name: f"quokka{number:02}lighthouse" for number, name in enumerate(NAMES)}
poll = Feature("poll")


@poll.click("ask", anonymous=True)
def ask(ctx: Context, event: Click) -> Reply:
    return Form("poll.answer", "Nobody can tell", (TextField("body", "Your answer"),), value=event.value)


@poll.form("answer", anonymous=True)
def answer(ctx: Context, event: Submission) -> Reply:
    round, body = int(event.value), event.answers["body"]
    if body == "refuse this":
        raise Refusal("Too sad.")
    if anonymous_answers.asked(ctx.session, round)[ctx.me] or ctx.unmarked.has(f"round.{round}", ctx.me):
        raise Refusal("You have answered.")

    def save(session: Session) -> None:
        if body == "fail on this":
            raise OSError("The disk is full.")
        anonymous_answers.save(session, round, {"q1": body})

    ctx.act = AnonymousAct(f"round.{round}", ctx.me, save, partial(_mark, round))
    return card("Thanks.")


def _mark(round: int, session: Session, people: Any) -> None:
    anonymous_answers.mark_answered(session, round, people)


@pytest.fixture
def people(chat: Chat) -> list[Actor]:
    """Twelve people were asked something that nobody can tell who answered."""
    id = create_meeting_community(chat)
    found = join_members(chat, id, *NAMES)
    chat.app = App((*ALL, poll), chat.engine, chat.clock.now)
    with Session(chat.engine) as session, session.begin():
        now = chat.clock.now()
        round = rounds.open_round(
            session, id, rounds.CHECKIN, "How is it?", now=now, closes_at=now, level=NOBODY_CAN_TELL
        )
        assert round.id
        ids = session.exec(select(Person.id).where(col(Person.name).in_(NAMES))).all()
        anonymous_answers.ask(session, round.id, [id for id in ids if id])
        # So long ago that any other click would write that they were seen.
        session.exec(update(Account).values(seen_at=now - timedelta(days=30)))
    return found


def value(chat: Chat) -> str:
    [id] = rows(chat.engine, "SELECT id FROM round WHERE level = 'nobody'")
    return f"1:{id[0]}"


def rows(engine: Engine, statement: str) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text(statement)))


def answers(chat: Chat, actor: Actor, body: str) -> str:
    actor.sees = chat.app.handle(Click(actor.place(), actor.who, "poll.ask", value(chat)))
    return actor.fills(body=body)


def content(engine: Engine) -> Mapping[str, Mapping[Any, Any]]:
    """Every row of every table, by table and key."""
    found = {}
    with engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            keys = [column.name for column in table.primary_key]
            all_rows = connection.execute(table.select()).mappings()
            found[table.name] = {tuple(row[key] for key in keys): dict(row) for row in all_rows}
    return found


def changed(before: Mapping[str, Mapping[Any, Any]], after: Mapping[str, Mapping[Any, Any]]) -> set[str]:
    return {name for name in after if before[name] != after[name]}


def test_answer_changes_nothing_but_itself(chat: Chat, people: list[Actor]) -> None:
    for number, actor in enumerate(people[: AT_ONCE * 2], 1):
        before = content(chat.engine)
        assert "Thanks." in answers(chat, actor, WORDS[actor.who.name])
        after = content(chat.engine)
        expected = {"openanswer"} | ({"askedanonymously"} if number % AT_ONCE == 0 else set())
        assert changed(before, after) == expected
        marked = sum(row["has_answered"] for row in after["askedanonymously"].values())
        assert marked == number // AT_ONCE * AT_ONCE


def test_who_has_answered_is_known_before_it_is_written_down(chat: Chat, people: list[Actor]) -> None:
    answers(chat, people[0], "one")
    assert "You have answered." in answers(chat, people[0], "two")
    for actor in people[1:AT_ONCE]:
        answers(chat, actor, "more")
    assert "You have answered." in answers(chat, people[0], "three")
    assert rows(chat.engine, "SELECT count(*) FROM openanswer")[0][0] == 2 * AT_ONCE


def test_what_is_refused_or_fails_is_given_back_and_kept_nowhere(chat: Chat, people: list[Actor]) -> None:
    before = content(chat.engine)
    assert "refuse this" in answers(chat, people[0], "refuse this")
    assert changed(before, content(chat.engine)) == set()
    with capture_logs() as logged:
        assert "fail on this" in answers(chat, people[0], "fail on this")
    after = content(chat.engine)
    assert changed(before, after) == {"incident"}
    assert [entry["event"] for entry in logged] == ["event failed"]
    said = f"{after['incident']}{logged}"
    assert "fail on this" not in said
    assert people[0].who.id not in said
    # Who failed may try again.
    assert "Thanks." in answers(chat, people[0], "a word")


def test_who_does_not_belong_there_is_refused(chat: Chat, people: list[Actor]) -> None:
    stranger = Actor(chat, chat.person("Stranger").who)
    before = content(chat.engine)
    stranger.sees = chat.app.handle(Click(stranger.place(), stranger.who, "poll.ask", value(chat)))
    assert not isinstance(stranger.sees, Form)
    assert changed(before, content(chat.engine)) == set()


# --- Whoever holds every state that the database has had


def commits(file: Path, scratch: Path) -> Iterator[Mapping[str, Mapping[Any, Any]]]:
    """Yield the database before its write-ahead log, and after each commit in that."""
    log = file.with_name(f"{file.name}-wal").read_bytes()
    size = int.from_bytes(log[8:12], "big")
    frame = 24 + size
    ends = [
        at + frame
        for at in range(32, len(log) - frame + 1, frame)
        # The last frame of a commit holds the size of the file after it.
        if int.from_bytes(log[at + 4 : at + 8], "big")
    ]
    for number, end in enumerate([0, *ends]):
        copy = scratch / f"{number}.db"
        copyfile(file, copy)
        copy.with_name(f"{copy.name}-wal").write_bytes(log[:end])
        with sqlite3.connect(copy) as connection:
            connection.row_factory = sqlite3.Row
            found = {}
            for table in SQLModel.metadata.sorted_tables:
                keys = [column.name for column in table.primary_key]
                found[table.name] = {
                    tuple(row[key] for key in keys): tuple(row) for row in connection.execute(str(table.select()))
                }
        connection.close()
        yield found


def test_log_of_the_database_joins_no_answer_with_its_writer(chat: Chat, people: list[Actor], tmp_path: Path) -> None:
    if postgres.is_named():
        pytest.skip("SQLite’s log")
    file = Path(str(chat.engine.url.database))
    assert remnants.truncate_log(file)
    # A reader that stays keeps the log from being truncated, so that it holds every commit.
    with sqlite3.connect(file) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM person").fetchone()
        for actor in Random(7).sample(people, len(people)):
            answers(chat, actor, WORDS[actor.who.name])
        states = list(commits(file, tmp_path))
    reader.close()
    about_people = {table.name for table, _column in foreign_keys.to_people()} | {"person", "account"}
    given = marked = 0
    for before, after in pairwise(states):
        new = after["openanswer"].keys() - before["openanswer"].keys()
        touched = changed(before, after) & about_people
        assert not (new and touched), f"{touched} changed in the commit of an answer"
        given += len(new) // 2
        if touched:
            assert touched == {"askedanonymously"}
            flags = [key for key, row in after["askedanonymously"].items() if row != before["askedanonymously"][key]]
            assert len(flags) >= AT_ONCE
            marked += len(flags)
    assert (given, marked) == (len(NAMES), len(NAMES))


def test_log_is_empty_after_each_answer(chat: Chat, people: list[Actor]) -> None:
    if postgres.is_named():
        pytest.skip("SQLite’s log")
    file = Path(str(chat.engine.url.database))
    for actor in people[:AT_ONCE]:
        answers(chat, actor, WORDS[actor.who.name])
        assert file.with_name(f"{file.name}-wal").stat().st_size == 0


def test_postgresql_joins_no_answer_with_its_writer(chat: Chat, people: list[Actor]) -> None:
    if not postgres.is_named():
        pytest.skip("PostgreSQL’s transaction ids")
    for actor in people:
        answers(chat, actor, WORDS[actor.who.name])
    wrote = {row[0] for row in rows(chat.engine, "SELECT xmin::text FROM openanswer")}
    assert len(wrote) == len(NAMES)
    for table in SQLModel.metadata.sorted_tables:
        if table.name != "openanswer":
            named = {row[0] for row in rows(chat.engine, str(select(text("xmin::text")).select_from(table)))}
            assert not wrote & named, table.name
    flags = [row[0] for row in rows(chat.engine, "SELECT xmin::text FROM askedanonymously")]
    assert min(map(flags.count, flags)) >= AT_ONCE


def close(chat: Chat) -> int:
    with Session(chat.engine) as session, session.begin():
        [round] = session.exec(select(Round).where(Round.level == NOBODY_CAN_TELL))
        return anonymous_answers.seal(session, round)


def test_nothing_tells_the_order_of_writing_once_it_is_closed(chat: Chat, people: list[Actor]) -> None:
    # PostgreSQL's VACUUM keeps what a transaction that is open anywhere on the server might still see.
    with postgres.open_transaction() if postgres.is_named() else nullcontext():
        for actor in people:
            answers(chat, actor, WORDS[actor.who.name])
        written = [WORDS[name] for name in NAMES]
        assert close(chat) == len(NAMES)
    by_key = [row[0] for row in rows(chat.engine, "SELECT value FROM anonymousanswer ORDER BY key")]
    assert sorted(by_key) == sorted(f'"{word}"' for word in written)
    assert rows(chat.engine, "SELECT count(*) FROM askedanonymously")[0][0] == 0
    if postgres.is_named():
        placed = rows(chat.engine, "SELECT value, xmin::text FROM anonymousanswer ORDER BY ctid")
        assert [value for value, _transaction in placed] == by_key
        assert len({transaction for _value, transaction in placed}) == 1
        # Not even the rows that were deleted are left in these tables.
        assert rows(chat.engine, "SELECT pg_relation_size('openanswer'), pg_relation_size('askedanonymously')") == [
            (0, 0)
        ]
        return
    file = Path(str(chat.engine.url.database))
    held = file.read_bytes()
    assert file.with_name(f"{file.name}-wal").stat().st_size == 0
    assert [held.count(word.encode()) for word in written] == [1] * len(written)
    # SQLite fills a page from its end.
    places = sorted(written, key=lambda word: held.index(word.encode()), reverse=True)
    assert [f'"{word}"' for word in places] == by_key


def test_closing_one_round_keeps_what_another_holds(chat: Chat, people: list[Actor]) -> None:
    now = chat.clock.now()
    with Session(chat.engine) as session, session.begin():
        other = rounds.open_round(session, 1, rounds.CHECKIN, "And now?", now=now, closes_at=now, level=NOBODY_CAN_TELL)
        id = other.id
        assert id
        anonymous_answers.ask(session, id, [1, 2])
    with Session(chat.engine) as session, session.begin():
        anonymous_answers.save(session, id, {"body": "still to be read"})
    with Session(chat.engine) as session, session.begin():
        [first] = session.exec(select(Round).where(Round.id != id, Round.level == NOBODY_CAN_TELL))
        anonymous_answers.seal(session, first)
    with Session(chat.engine) as session, session.begin():
        assert anonymous_answers.asked(session, id) == {1: False, 2: False}
        anonymous_answers.ask(session, id, [3])
        assert anonymous_answers.count(session, id) == 1


def test_fewer_than_five_answers_are_read_by_nobody(chat: Chat, people: list[Actor]) -> None:
    for actor in people[:4]:
        answers(chat, actor, WORDS[actor.who.name])
    assert close(chat) == 4
    for table in ("openanswer", "anonymousanswer"):
        assert rows(chat.engine, str(select(func.count()).select_from(text(table))))[0][0] == 0
    if not postgres.is_named():
        held = Path(str(chat.engine.url.database)).read_bytes()
        assert not any(word.encode() in held for word in WORDS.values())


def test_backup_holds_no_answer_of_a_round_that_is_open(chat: Chat, people: list[Actor], tmp_path: Path) -> None:
    for actor in people[:6]:
        answers(chat, actor, WORDS[actor.who.name])
    address = chat.engine.url.render_as_string(hide_password=False)
    back_up(address, early := tmp_path / "early")
    assert not any(word.encode() in early.read_bytes() for word in WORDS.values())
    assert close(chat) == 6
    back_up(address, late := tmp_path / "late")
    if postgres.is_named():
        listed = subprocess.run(["pg_restore", "--list", early], check=True, capture_output=True, text=True).stdout
        assert "TABLE DATA public anonymousanswer" in listed
        assert not {name for name in ("openanswer", "askedanonymously") if f"TABLE DATA public {name}" in listed}
        return
    assert sum(word.encode() in late.read_bytes() for word in WORDS.values()) == 6
    with closing(sqlite3.connect(early)) as reader:
        assert reader.execute("SELECT count(*) FROM askedanonymously").fetchone() == (0,)


def test_backup_alone_knows_what_to_leave_out() -> None:
    """As in `cop backup`, which loads nothing else of the bot."""
    asks = "from storage.operations.backup import left_out; print(*sorted(left_out()))"
    told = subprocess.run([sys.executable, "-c", asks], check=True, capture_output=True, text=True)
    assert told.stdout.split() == ["askedanonymously", "openanswer"]


# --- Who has acted and isn't written down


def test_nobody_acts_twice_at_the_same_time() -> None:
    unmarked = Unmarked()
    assert unmarked.begin("round.1", 7)
    assert not unmarked.begin("round.1", 7)
    assert unmarked.begin("round.2", 7)
    unmarked.undo("round.1", 7)
    assert unmarked.begin("round.1", 7)


def test_people_are_written_down_several_at_once() -> None:
    unmarked = Unmarked()
    told = []
    for person in range(1, 10):
        assert unmarked.begin("round.1", person)
        told.append(sorted(unmarked.done("round.1", person)))
    assert [each for each in told if each] == [[1, 2, 3, 4], [5, 6, 7, 8]]
    assert not unmarked.has("round.1", 8)
    assert unmarked.has("round.1", 9)
