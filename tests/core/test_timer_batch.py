"""Timers that are due together are done in one commit, and each community pays for its own faults alone."""

import gc
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bot.core import timer_batch
from bot.core.app import App
from bot.core.clock import StoppedClock
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import TimerFired
from bot.core.feature import Feature
from bot.ui import ToCommunity, card
from storage.communities import communities
from storage.messaging import timers
from storage.operations.incidents import Incident
from tests.support.chat import START

bells = Feature("bells")
rung: list[tuple[int, str]] = []


@bells.timer("ring")
def ring(ctx: Context, due: TimerFired) -> None:
    rung.append((ctx.community_id, due.value))
    match due.value:
        case "posts":
            ctx.post(ToCommunity(), "bells.ring", card, "Ding")
        case "breaks":
            raise KeyError(due.value)
        case "refuses":
            raise Refusal("Not now.")


@pytest.fixture
def woken() -> list[int]:
    """How many timers had fired each time that somebody was told of work."""
    return []


@pytest.fixture
def app(engine: Engine, woken: list[int], monkeypatch: pytest.MonkeyPatch) -> App:
    """An app whose batches a busy machine doesn't cut short."""
    rung.clear()
    monkeypatch.setattr(timer_batch, "LONGEST", 60.0)
    with Session(engine) as session, session.begin():
        for n in range(1, 9):
            communities.add(session, name=f"C{n}", purpose="", zone="UTC", locale="en", now=START)
            communities.bind(session, n, "pretend", "S1", f"c{n}")
    app = App([bells], engine, StoppedClock(START).now)
    app.on_work_queued = lambda: woken.append(len(rung))
    return app


def due(app: App, *values: str) -> list[TimerFired]:
    """One timer for each community from the first on, with these values."""
    with Session(app.engine) as session, session.begin():
        for n, value in enumerate(values, start=1):
            timers.put(session, n, "bells.ring", value, START)
    return left(app)


def left(app: App) -> list[TimerFired]:
    with Session(app.engine) as session:
        rows = session.exec(select(timers.Timer).order_by(col(timers.Timer.id))).all()
    return [TimerFired(row.id or 0, row.kind, row.value, row.at, row.community_id) for row in rows]


def incidents(app: App) -> list[int | None]:
    with Session(app.engine) as session:
        return list(session.exec(select(Incident.community_id)))


def test_batch_fires_each_timer_once_and_tells_of_work_once(app: App, woken: list[int]) -> None:
    assert timer_batch.run_batch(app, due(app, "posts", "quiet", "posts")) == 3
    assert (rung, left(app)) == ([(1, "posts"), (2, "quiet"), (3, "posts")], [])
    assert woken == [3]


def test_batch_without_work_tells_nobody(app: App, woken: list[int]) -> None:
    assert timer_batch.run_batch(app, due(app, "quiet", "quiet")) == 2
    assert woken == []


def test_batch_of_many_groups_tells_of_work_wherever_it_was(
    app: App, woken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timer_batch, "FEW", 2)
    monkeypatch.setattr(timer_batch, "MANY", 2)
    assert timer_batch.run_batch(app, due(app, "posts", *["quiet"] * 6)) == 7
    assert woken == [7]


@pytest.mark.parametrize("bad", ["breaks", "refuses"])
@pytest.mark.parametrize("place", [0, 2, 4])
def test_those_before_a_fault_are_done_again_and_those_after_it_left(app: App, bad: str, place: int) -> None:
    values = ["quiet"] * 5
    values[place] = bad
    moments = due(app, *values)
    assert timer_batch.run_batch(app, moments) == place + 1
    still = [n + 1 for n in range(place + 1, 5)]
    assert [m.community for m in left(app)] == ([place + 1] if bad == "breaks" else []) + still
    assert incidents(app) == ([place + 1] if bad == "breaks" else [])
    assert {community for community, _value in rung} == set(range(1, place + 2))


def test_two_faults_in_a_batch_are_each_recorded(app: App) -> None:
    assert timer_batch.run_batch(app, due(app, "breaks", "quiet", "breaks")) == 1
    assert timer_batch.run_batch(app, left(app)[1:]) == 2
    assert sorted(community or 0 for community in incidents(app)) == [1, 3]


def test_timer_that_another_process_fired_counts_for_nothing(app: App) -> None:
    moments = due(app, "quiet", "quiet")
    assert timer_batch.run_batch(app, moments[:1]) == 1
    assert timer_batch.run_batch(app, moments) == 1
    assert rung == [(1, "quiet"), (2, "quiet")]


def test_timer_of_a_deleted_community_is_done_with(app: App) -> None:
    [moment] = due(app, "quiet")
    gone = TimerFired(moment.timer_id, moment.kind, moment.value, moment.at, 99)
    assert timer_batch.run_batch(app, [gone]) == 1
    assert (rung, left(app)) == ([], [])


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        pytest.param((0.0, 0.0, 0.05, 0.2), 4, id="slow groups stay small, until LONGEST"),
        pytest.param((0.0, 0.0, 0.01, 0.2), 6, id="quick groups grow"),
    ],
)
def test_batch_takes_what_fits_into_its_time(
    app: App, monkeypatch: pytest.MonkeyPatch, seconds: tuple[float, ...], expected: int
) -> None:
    moments = iter(seconds)
    monkeypatch.setattr(timer_batch, "monotonic", lambda: next(moments))
    monkeypatch.setattr(timer_batch, "LONGEST", 0.1)
    monkeypatch.setattr(timer_batch, "FEW", 2)
    assert timer_batch.run_batch(app, due(app, *["quiet"] * 8)) == expected
    assert len(left(app)) == 8 - expected


def test_batch_that_cannot_be_done_at_all_returns_nothing(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = due(app, "quiet")
    with monkeypatch.context() as broken:
        broken.setattr(timers, "claim_all", None)
        assert timer_batch.run_batch(app, moments) == 0
    assert left(app) == moments
    assert gc.isenabled()


def test_timer_that_was_moved_meanwhile_keeps_its_new_moment(app: App) -> None:
    [moment] = due(app, "quiet")
    with Session(app.engine) as session, session.begin():
        timers.put(session, 1, "bells.ring", "quiet", START + timedelta(days=1))
    assert timer_batch.run_batch(app, [moment]) == 1
    assert [m.at for m in left(app)] == [START + timedelta(days=1)]
