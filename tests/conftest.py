"""What every test may count on: in CI a part that could not be tried is a failure, not a shrug."""

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine
from sqlmodel import Session

from tests.support import postgres, sqlite
from tests.support.chat import Chat

NEEDS = "needs: "

settings.register_profile("exploring", deadline=None)  # how long an example takes is the machine's affair
settings.register_profile("ci", deadline=None, derandomize=True, database=None)  # no lottery: the same every time
settings.load_profile("ci" if os.environ.get("COP_CI") else "exploring")


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
    """Where COP_CI is set, whatever a test `needs:` is there, so a skip for want of it is a fault."""
    if os.environ.get("COP_CI") and report.skipped and isinstance(report.longrepr, tuple):
        why = report.longrepr[2].removeprefix("Skipped: ")
        if why.startswith(NEEDS):
            report.outcome, report.longrepr = "failed", f"CI must not skip this: {why}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what opens the bot's database, by what it asks for: all else is the same on SQLite and PostgreSQL.

    Where many examples of one story differ in what is shown or in the rules, and not in what is kept, all but a few
    are marked `anywhere` by hand: those few are tried on PostgreSQL too.
    """
    for item in items:
        if {"engine", "fresh_database"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")


@pytest.fixture(scope="session")
def emptied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Engine]]:
    """Gives each test the same engine, on a database that has just been emptied.

    One for each process that runs tests: an engine remembers every statement that it has had to put into SQL.
    """
    with postgres.emptied() if postgres.is_named() else sqlite.emptied(tmp_path_factory.mktemp("database")) as emptied:
        yield emptied


@pytest.fixture
def engine(emptied: Callable[[], Engine]) -> Engine:
    """An empty database of one's own: a SQLite file, or PostgreSQL where TEST_DATABASE_URL names one."""
    return emptied()


@pytest.fixture
def fresh_database(tmp_path: Path) -> Iterator[str]:
    """The address of a database in which nothing has been made yet, not one table: as at the bot's first start."""
    if postgres.is_named():
        with postgres.new_database() as url:
            yield url
    else:
        yield f"sqlite:///{tmp_path / 'commonplace.db'}"


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session, session.begin():
        yield session


@pytest.fixture
def chat(engine: Engine) -> Chat:
    return Chat(engine)
