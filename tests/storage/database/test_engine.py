"""Opening the database: created when missing, upgraded, and refused in words if it can't be used."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text
from sqlmodel import Session, SQLModel

import storage.database.metadata  # noqa: F401
from storage import database
from storage.database import UnusableDatabase
from storage.operations.backup import back_up
from tests.support.chat import Chat
from tests.support.community import actors, create_community


@pytest.fixture
def fresh(fresh_database: str) -> Iterator[Engine]:
    engine = database.connect(fresh_database)
    database.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Engine]:
    """A SQLite file, for what only SQLite must do, whatever database the other tests use."""
    engine = database.connect(f"sqlite:///{tmp_path / 'deep' / 'down' / 'fresh.db'}")
    database.upgrade(engine)
    yield engine
    engine.dispose()


def test_migrations_make_exactly_the_tables_in_the_code(fresh: Engine) -> None:
    with fresh.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_new_database_is_current_and_upgrading_again_changes_nothing(fresh: Engine) -> None:
    at, wanted = database.revision(fresh)
    assert at == wanted
    assert database.knows(wanted)
    database.upgrade(fresh)
    assert database.revision(fresh) == (at, wanted)


def test_every_migration_can_be_reversed(fresh: Engine) -> None:
    database.downgrade(fresh, "base")
    assert inspect(fresh).get_table_names() == ["alembic_version"]


def test_database_of_a_newer_version_is_refused_in_words(fresh: Engine) -> None:
    with fresh.begin() as connection:
        connection.execute(text("update alembic_version set version_num = 'from-the-future'"))
    with pytest.raises(UnusableDatabase, match="newer version of Commonplace"):
        database.upgrade(fresh)
    assert not database.knows("from-the-future")


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://localhost/x", "sqlite"])
def test_address_without_a_database_is_refused_in_words(url: str) -> None:
    with pytest.raises(UnusableDatabase, match="DATABASE_URL"):
        database.connect(url)


def test_unwritable_folder_is_refused_in_words(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("not a folder")
    with pytest.raises(UnusableDatabase, match="cannot write to the data folder"):
        database.connect(f"sqlite:///{taken / 'data.db'}")


def test_commit_is_on_disk_before_the_reply(file: Engine) -> None:
    """What was said survives a power cut once it is answered."""
    with file.connect() as connection:
        # FULL: a power cut loses nothing.
        assert connection.execute(text("pragma synchronous")).scalar() == 2
        assert connection.execute(text("pragma journal_mode")).scalar() == "wal"
        assert connection.execute(text("pragma foreign_keys")).scalar() == 1


@pytest.fixture
def story(file: Engine) -> Chat:
    chat = Chat(file)
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open Well?")
    mei.types("answer")
    mei.fills(body="In confidence")
    return chat


def test_backup_of_a_running_bot_can_be_opened_and_is_complete(story: Chat, tmp_path: Path) -> None:
    to = tmp_path / "backups" / "copy.db"
    # Another transaction is writing meanwhile.
    with Session(story.engine) as session, session.begin():
        session.connection().execute(text("update community set purpose = 'not committed yet'"))
        back_up(str(story.engine.url), to)
        session.rollback()
    copy = create_engine(f"sqlite:///{to}")
    with copy.connect() as connection:
        assert connection.execute(text("select body from response")).scalar() == "In confidence"
        assert connection.execute(text("select purpose from community")).scalar() == "Better afternoons"
    assert not list(to.parent.glob("*-wal"))
    assert os.stat(to).st_mode & 0o077 == 0
    restored = database.connect(f"sqlite:///{to}")
    assert database.revision(restored)[0] == database.revision(restored)[1]


def test_password_is_hidden_while_postgresql_is_backed_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else on the machine can see it among the running processes."""
    for program in ("pg_dump", "pg_restore"):
        (tmp_path / program).write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/seen\ntouch {tmp_path}/copy.dump\n')
        (tmp_path / program).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    back_up("postgresql+psycopg://cop:s3cret@127.0.0.1:5433/kept", tmp_path / "copy.dump")
    seen = (tmp_path / "seen").read_text()
    assert "postgresql://cop@127.0.0.1:5433/kept" in seen
    assert "s3cret" not in seen
    (tmp_path / "pg_dump").write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(UnusableDatabase) as failed:
        back_up("postgresql://cop:s3cret@127.0.0.1/kept", tmp_path / "another.dump")
    assert "s3cret" not in str(failed.value)


def test_backup_never_overwrites_and_leaves_nothing_unfinished(story: Chat, tmp_path: Path) -> None:
    to = tmp_path / "copy.db"
    to.write_text("precious")
    with pytest.raises(UnusableDatabase, match="do not overwrite"):
        back_up(str(story.engine.url), to)
    assert to.read_text() == "precious"
    with pytest.raises(UnusableDatabase, match="nothing to back up"):
        back_up(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "new.db")
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5_000)
    with pytest.raises(UnusableDatabase, match="damaged"):
        back_up(f"sqlite:///{broken}", tmp_path / "new.db")
    assert not (tmp_path / "new.db").exists()


def test_reader_does_not_wait_for_a_writer(file: Engine) -> None:
    path = file.url.database
    assert path
    with file.begin() as connection:
        connection.execute(text("insert into processedevent (key, at) values ('x', '2025-01-01 00:00:00.000000')"))
        reader = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        assert reader.execute("select count(*) from processedevent").fetchone() == (0,)
        reader.close()
