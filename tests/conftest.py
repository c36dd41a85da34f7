"""Fixtures and hooks for every test: databases, the pretend platform, and no skipped tests in CI."""

import gc
import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings
from sqlalchemy import Engine
from sqlmodel import Session

from tests.support import postgres, sqlite
from tests.support.chat import Chat
from tests.support.scenes import Scenes, Stage

NEEDS = "needs: "
PATCHES = {"monkeypatch", "mocker"}

# No deadline: how long an example takes depends on the machine.
settings.register_profile("exploring", deadline=None)
# In CI, every run tries the same examples.
settings.register_profile("ci", deadline=None, derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("COP_CI") else "exploring")

# The thousands of tests that were collected stay until the end. Looking for garbage among them again and again took
# a tenth of the time.
gc.set_threshold(20_000, 10, 10)

# Unless it is told otherwise, structlog draws each fault with the variables of every frame, which takes seconds where
# a test has a fault in each of many tries. The bot itself never does (bot/telemetry/logs.py).
structlog.configure(
    processors=[
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if isinstance(processor, structlog.dev.ConsoleRenderer)
        else processor
        for processor in structlog.get_config()["processors"]
    ]
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse_skip_in_ci(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skip_in_ci(report)
    return report


def _refuse_skip_in_ci(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Fail a test that was skipped because it `needs:` something: where COP_CI is set, everything is installed."""
    if os.environ.get("COP_CI") and report.skipped and isinstance(report.longrepr, tuple):
        why = report.longrepr[2].removeprefix("Skipped: ")
        if why.startswith(NEEDS):
            report.outcome, report.longrepr = "failed", f"CI must not skip this: {why}"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", action="store_true", help="run only the tests that kill the bot")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests that open the bot's database, by their fixtures. All others are the same on SQLite and PostgreSQL.

    Where many examples of a story differ in what is shown or in rules, but not in what is stored, all but a few are
    marked `anywhere` by hand. Those few run on PostgreSQL too.
    """
    for item in items:
        if {"engine", "fresh_database"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")
    wanted = config.getoption("--kills")
    left_out = [item for item in items if (item.get_closest_marker("kills") is not None) is not wanted]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def emptied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Engine]]:
    """Empty the database and return its engine.

    Tests of one process share the engine, because it caches every statement it has compiled.
    """
    with postgres.emptied() if postgres.is_named() else sqlite.emptied(tmp_path_factory.mktemp("database")) as emptied:
        yield emptied


@pytest.fixture
def engine(emptied: Callable[[], Engine]) -> Engine:
    """An empty database: a SQLite file, or PostgreSQL if TEST_DATABASE_URL names one."""
    return emptied()


@pytest.fixture
def fresh_database(tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any tables, as at the bot's first start."""
    if postgres.is_named():
        with postgres.new_database() as url:
            yield url
    else:
        yield f"sqlite:///{tmp_path / 'commonplace.db'}"


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session, session.begin():
        yield session


@pytest.fixture(scope="session")
def scenes(emptied: Callable[[], Engine]) -> Scenes:
    return Scenes(emptied())


@pytest.fixture
def chat(engine: Engine, scenes: Scenes, request: pytest.FixtureRequest) -> Chat:
    is_patched = not PATCHES.isdisjoint(request.fixturenames)
    return Chat(engine, stage=None if is_patched else Stage(scenes))
