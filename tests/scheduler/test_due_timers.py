"""Timers of many communities due at once, as at nine on a Monday: fired together, each failing alone."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, event
from sqlmodel import Session, col, select

from bot.core.app import App
from bot.core.clock import StoppedClock
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import TimerFired
from bot.core.feature import Feature
from bot.ui import ToCommunity, card
from scheduler import due_timers
from scheduler.due_timers import fire_due
from storage.communities import communities
from storage.messaging import timers
from storage.messaging.outbox import Outgoing
from storage.messaging.timers import Timer
from tests.support.chat import START

COMMUNITIES = 40
bells = Feature("bells")
rung: list[tuple[int, str]] = []


@bells.timer("ring")
def ring(ctx: Context, due: TimerFired) -> None:
    ctx.post(ToCommunity(), f"bells.{due.value}", card, due.value)
    rung.append((ctx.community_id, due.value))
    match due.value:
        case "broken":
            raise KeyError("a fault of the bot's own")
        case "refused":
            raise Refusal("Not now.")
        case "cancels":
            ctx.cancel_timer("bells.ring", "cancelled")
        case "again":
            ctx.schedule_timer("bells.ring", "again", at=ctx.now + timedelta(days=7))


@pytest.fixture
def app(engine: Engine) -> App:
    rung.clear()
    clock = StoppedClock(START)
    with Session(engine) as session, session.begin():
        for n in range(1, COMMUNITIES + 1):
            communities.add(session, name=f"C{n}", purpose="", zone="UTC", locale="en", now=START)
            communities.bind(session, n, "pretend", "S1", f"c{n}")
    return App([bells], engine, clock.now)


def due(app: App, community: int, value: str, seconds: float = 0.0) -> None:
    with Session(app.engine) as session, session.begin():
        timers.put(session, community, "bells.ring", value, START - timedelta(seconds=60 - seconds))


def outbox_keys(app: App) -> list[str]:
    with Session(app.engine) as session:
        return sorted(session.exec(select(Outgoing.key)))


def left(app: App) -> list[Timer]:
    with Session(app.engine) as session:
        return list(session.exec(select(Timer).order_by(col(Timer.id))))


def test_timers_due_at_once_share_commits(app: App) -> None:
    """What is due at once in many communities doesn't take a commit each."""
    for n in range(1, COMMUNITIES + 1):
        due(app, n, "nine")
    written: list[object] = []

    @event.listens_for(app.engine, "commit")
    def commit(connection: Connection) -> None:
        written.append(connection)

    fired = 0
    # One commit on a fast machine, a few on a busy one.
    while n := fire_due(app):
        fired += n
    event.remove(app.engine, "commit", commit)
    assert fired == COMMUNITIES
    assert len(outbox_keys(app)) == COMMUNITIES
    assert left(app) == []
    assert len(written) < COMMUNITIES / 2


@pytest.mark.parametrize("bad", ["broken", "refused"])
def test_failing_community_undoes_nothing_of_the_others(app: App, bad: str) -> None:
    for n in range(1, 6):
        due(app, n, bad if n == 3 else "nine")
    while fire_due(app):
        pass
    assert outbox_keys(app) == sorted(f"bells.nine@{n}" for n in (1, 2, 4, 5))
    assert [(t.community_id, t.attempts) for t in left(app)] == ([(3, 1)] if bad == "broken" else [])


def test_failure_costs_two_commits_whatever_the_size_of_the_batch(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.core import timer_batch

    monkeypatch.setattr(timer_batch, "LONGEST", 60.0)
    for n in range(1, COMMUNITIES + 1):
        due(app, n, "broken" if n in (7, 30) else "nine")
    written: list[object] = []

    @event.listens_for(app.engine, "commit")
    def commit(connection: Connection) -> None:
        written.append(connection)

    while fire_due(app):
        pass
    event.remove(app.engine, "commit", commit)
    assert len(outbox_keys(app)) == COMMUNITIES - 2
    assert [(t.community_id, t.attempts, bool(t.reference)) for t in left(app)] == [(7, 1, True), (30, 1, True)]
    assert len(written) < COMMUNITIES / 2
    # Those before the failing one were undone and fired again, and the failing one was tried twice.
    assert len(rung) == len(set(rung)) + 6 + 22 + 2


def test_power_cut_in_a_batch_loses_and_repeats_nothing(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    class PowerCut(BaseException): ...

    from bot.core import timer_batch

    monkeypatch.setattr(timer_batch, "FEW", 5)
    monkeypatch.setattr(timer_batch, "MANY", 5)
    monkeypatch.setattr(timer_batch, "LONGEST", 60.0)
    for n in range(1, COMMUNITIES + 1):
        due(app, n, "nine")
    take, calls = timers.claim_all, 0

    def cut(session: Session, wanted: dict[int, tuple[str, str, datetime]]) -> set[int]:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise PowerCut
        return take(session, wanted)

    monkeypatch.setattr(timers, "claim_all", cut)
    with pytest.raises(PowerCut):
        fire_due(app)
    assert (outbox_keys(app), len(left(app))) == ([], COMMUNITIES)
    while fire_due(app):
        pass
    assert (len(outbox_keys(app)), left(app)) == (COMMUNITIES, [])


def test_timer_sees_what_an_earlier_one_of_its_community_did(app: App) -> None:
    due(app, 1, "cancels")
    due(app, 1, "cancelled", seconds=1)
    due(app, 2, "again")
    due(app, 2, "nine", seconds=1)
    assert fire_due(app) == 4
    assert rung == [(1, "cancels"), (2, "again"), (2, "nine")]
    assert [(t.value, t.at) for t in left(app)] == [("again", START + timedelta(days=7))]


def test_earliest_timer_of_a_community_fires_first(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due_timers, "BATCH", 7)
    for n in range(30):
        due(app, 1 + n % 3, f"{n:02}", seconds=n)
    while fire_due(app):
        pass
    for community in (1, 2, 3):
        mine = [value for c, value in rung if c == community]
        assert mine == sorted(mine)
    assert len(rung) == 30


def test_timer_left_over_from_a_batch_is_not_overtaken(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """A later timer never fires before an earlier one for which the batch had no time."""
    from bot.core import timer_batch

    # Time for one.
    monkeypatch.setattr(timer_batch, "LONGEST", 0.000_1)
    monkeypatch.setattr(timer_batch, "FEW", 1)
    for community in (1, 2, 3):
        for n in range(3):
            due(app, community, f"{n}", seconds=n)
    while fire_due(app):
        pass
    for community in (1, 2, 3):
        assert [value for c, value in rung if c == community] == ["0", "1", "2"]


def test_timer_moved_meanwhile_is_left_alone(app: App) -> None:
    from bot.core import timer_batch

    due(app, 1, "nine")
    due(app, 2, "nine")
    [first, second] = left(app)
    moments = [TimerFired(t.id or 0, t.kind, t.value, t.at, t.community_id) for t in (second, first)]
    due(app, 1, "nine", seconds=90)
    assert timer_batch.run_batch(app, moments) == 2
    assert rung == [(2, "nine")]
    assert [t.community_id for t in left(app)] == [1]


def test_database_that_refuses_writes_causes_no_busy_loop(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    due(app, 1, "nine")
    monkeypatch.setattr(app, "handle", lambda event: None)
    assert fire_due(app) == 0
    assert len(left(app)) == 1
