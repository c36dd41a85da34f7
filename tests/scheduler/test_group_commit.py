"""Changes that several lanes write in one commit: fewer commits, and each change fails alone."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, col, select

from bot.core.app import App
from scheduler.group_commit import MOST, GroupCommit
from storage import database
from storage.messaging.outbox import Outgoing

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = database.connect(f"sqlite:///{tmp_path}/outbox.db")
    database.upgrade(engine)
    return engine


@pytest.fixture
def commits(engine: Engine) -> list[int]:
    made: list[int] = []
    event.listen(engine, "commit", lambda _connection: made.append(1))
    return made


def row(key: str) -> Callable[[Session], str]:
    def change(session: Session) -> str:
        session.add(Outgoing(key=key, platform="p", space="s", address="", message="", not_before=NOW, made_at=NOW))
        session.flush()
        return key

    return change


def outbox_keys(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return list(session.exec(select(Outgoing.key).order_by(col(Outgoing.id))))


async def all_of(engine: Engine, *changes: Callable[[Session], str]) -> list[Any]:
    together = GroupCommit(App([], engine, lambda: NOW))
    return await asyncio.gather(*(together.write(change) for change in changes), return_exceptions=True)


async def test_concurrent_changes_share_commits_in_order(engine: Engine, commits: list[int]) -> None:
    keys = [f"k{n}" for n in range(3 * MOST)]
    assert await all_of(engine, *map(row, keys)) == keys
    assert len(commits) == 3
    assert outbox_keys(engine) == keys


async def test_failing_change_takes_no_other_with_it(engine: Engine) -> None:
    def fail(_session: Session) -> str:
        raise LookupError("not there")

    first, fault, last = await all_of(engine, row("first"), fail, row("last"))
    assert (first, last) == ("first", "last")
    assert isinstance(fault, LookupError)
    assert outbox_keys(engine) == ["first", "last"]


async def test_failed_commit_is_reported_to_all_and_repeats_nothing(engine: Engine) -> None:
    asked: list[str] = []

    def noted(key: str) -> Callable[[Session], str]:
        def change(session: Session) -> str:
            asked.append(key)
            return row(key)(session)

        return change

    def full(_connection: object) -> None:
        event.remove(engine, "commit", full)
        raise OSError("no space left")

    event.listen(engine, "commit", full)
    outcomes = await all_of(engine, noted("one"), noted("two"))
    assert [str(outcome) for outcome in outcomes] == ["no space left"] * 2
    assert asked == ["one", "two"]
    assert outbox_keys(engine) == []
