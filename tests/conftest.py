"""What every test may count on: in CI a part that could not be tried is a failure, not a shrug."""

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, SQLModel

from storage import db
from tests.chat import Chat

NEEDS = "needs: "


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


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table, made once; each test gets a copy."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    engine = db.connect(f"sqlite:///{path}")
    make_tables(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Engine]:
    """The PostgreSQL that TEST_DATABASE_URL names, with every table. Whatever it held is lost."""
    engine = db.connect(os.environ["TEST_DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    make_tables(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of one's own: a SQLite file, or PostgreSQL where TEST_DATABASE_URL names one."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        request.getfixturevalue("postgresql")
        engine = db.connect(url)
        tables = ", ".join(f'"{name}"' for name in SQLModel.metadata.tables)
        with engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    else:
        copy = tmp_path / "commonplace.db"
        shutil.copy(request.getfixturevalue("empty_database"), copy)
        engine = db.connect(f"sqlite:///{copy}")
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session, session.begin():
        yield session


@pytest.fixture
def chat(engine: Engine) -> Chat:
    return Chat(engine)


def make_tables(engine: Engine) -> None:
    db.upgrade(engine)
