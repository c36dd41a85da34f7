"""Restoring a backup, told by whoever runs the bot: it works, or says why not and changes nothing."""

import os
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select
from typer.testing import CliRunner

from bot.cli import cli
from storage import database
from storage.database import UnusableDatabase
from storage.messaging import outbox
from storage.messaging.outbox import Outgoing
from storage.operations.backup import back_up, counted
from storage.operations.restore import restore
from tests.support.chat import START, Chat
from tests.support.community import actors, create_community

AT_WORK = """
import sys, sqlalchemy
from storage import database
engine = database.connect(sys.argv[1])
with engine.connect() as connection:
    connection.execute(sqlalchemy.text("select count(*) from community"))
print("at work", flush=True)
sys.stdin.read()
"""


@contextmanager
def bot_at_rest(url: str) -> Iterator[None]:
    """Run another process that has the database open and is idle."""
    with subprocess.Popen(
        [sys.executable, "-c", AT_WORK, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "at work\n"
        yield
        process.stdin.close()
        process.wait()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'data' / 'commonplace.db'}"


@pytest.fixture
def backup(url: str, tmp_path: Path) -> Path:
    """A backup of a community with an open question. The answer came after it was made."""
    engine = database.connect(url)
    database.upgrade(engine)
    chat = Chat(engine)
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open Well?")
    back_up(url, to := tmp_path / "copy.db")
    mei.types("answer")
    mei.fills(body="Said since")
    engine.dispose()
    return to


def answer_count(path: Path) -> int:
    return counted(path)["response"]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_restore_brings_everything_back_and_keeps_what_was_there(url: str, backup: Path, tmp_path: Path) -> None:
    done = restore(url, backup, START)
    data = tmp_path / "data"
    assert counted(data / "commonplace.db") == counted(backup)
    assert done.rows == sum(counted(backup).values()) > 0
    assert done.previous == data / "commonplace-before-20250922-130000.db"
    assert (answer_count(data / "commonplace.db"), answer_count(done.previous)) == (0, 1)
    assert os.stat(data / "commonplace.db").st_mode & 0o077 == 0
    assert sorted(p.name for p in data.iterdir()) == ["commonplace-before-20250922-130000.db", "commonplace.db"]


def test_bot_goes_on_after_a_restore(url: str, backup: Path) -> None:
    restore(url, backup, START)
    engine = database.connect(url)
    database.upgrade(engine)
    chat = Chat(engine)
    [mei] = actors(chat, "Mei")
    mei.types("answer")
    mei.fills(body="Said again")
    with Session(engine) as session:
        assert session.connection().execute(text("select body from response")).scalars().all() == ["Said again"]
    engine.dispose()


def test_restore_over_no_database_keeps_no_copy(url: str, backup: Path, tmp_path: Path) -> None:
    done = restore(f"sqlite:///{tmp_path / 'new' / 'commonplace.db'}", backup, START)
    assert done.previous is None
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["commonplace.db"]


def test_restore_is_refused_while_a_bot_runs(url: str, backup: Path, tmp_path: Path) -> None:
    """Even while that bot is idle."""
    with bot_at_rest(url):
        before = answer_count(tmp_path / "data" / "commonplace.db")
        with pytest.raises(UnusableDatabase, match=r"A bot works on .* Stop it first"):
            restore(url, backup, START)
        assert answer_count(tmp_path / "data" / "commonplace.db") == before == 1
    assert not list((tmp_path / "data").glob("*before*"))
    assert restore(url, backup, START).previous


def test_backup_of_a_newer_version_is_refused_in_words(url: str, backup: Path, tmp_path: Path) -> None:
    with sqlite3.connect(backup) as copy:
        copy.execute("update alembic_version set version_num = '9999'")
    before = contents(tmp_path / "data")
    with pytest.raises(UnusableDatabase, match="from a newer version of Commonplace"):
        restore(url, backup, START)
    assert contents(tmp_path / "data") == before


def spoilt(backup: Path) -> None:
    whole = backup.read_bytes()
    middle = len(whole) // 2
    backup.write_bytes(whole[:middle] + b"\xa5" * 4_096 * 4 + whole[middle + 4_096 * 4 :])


def shortened(backup: Path) -> None:
    backup.write_bytes(backup.read_bytes()[: 3 * 4_096])


def something_else(backup: Path) -> None:
    backup.write_text("Minutes of the meeting")


def another_database(backup: Path) -> None:
    backup.unlink()
    with sqlite3.connect(backup) as other:
        other.execute("create table minutes (id integer)")


def pointing_nowhere(backup: Path) -> None:
    with sqlite3.connect(backup) as copy:
        copy.execute("update channel set community_id = 999")


@pytest.mark.parametrize("damage", [spoilt, shortened, something_else, another_database, pointing_nowhere])
def test_damaged_backup_is_refused_and_nothing_changes(url: str, backup: Path, tmp_path: Path, damage: object) -> None:
    assert callable(damage)
    damage(backup)
    before = contents(tmp_path / "data")
    with pytest.raises(UnusableDatabase, match="cannot be used as a backup"):
        restore(url, backup, START)
    assert contents(tmp_path / "data") == before


def test_the_database_itself_or_a_missing_file_is_no_backup(url: str, backup: Path, tmp_path: Path) -> None:
    with pytest.raises(UnusableDatabase, match="is the database itself"):
        restore(url, tmp_path / "data" / "commonplace.db", START)
    with pytest.raises(UnusableDatabase, match="There is no file"):
        restore(url, tmp_path / "nothing.db", START)


def test_two_restores_in_a_second_keep_both_databases(url: str, backup: Path) -> None:
    kept = {restore(url, backup, START).previous for _twice in range(2)}
    assert len(kept) == 2
    assert all(each and each.exists() for each in kept)


def test_damaged_database_is_kept_too(url: str, backup: Path, tmp_path: Path) -> None:
    target = tmp_path / "data" / "commonplace.db"
    target.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5_000)
    done = restore(url, backup, START)
    assert done.previous
    assert done.previous.read_bytes().endswith(b"\xff")
    assert counted(target) == counted(backup)


def test_waiting_message_is_looked_up_before_it_is_sent_after_a_restore(url: str, backup: Path, tmp_path: Path) -> None:
    """It may have been sent since the backup, so its platform is asked first."""
    engine = database.connect(url)
    with Session(engine) as session, session.begin():
        for number, state, receipt in ((1, outbox.WAITING, ""), (2, outbox.SENDING, ""), (3, outbox.WAITING, "m1")):
            row = outbox.put(session, key=f"k@{number}", platform="x", space="", address="", message="", now=START)
            row.state, row.receipt = state, receipt
    back_up(url, to := tmp_path / "later.db")
    engine.dispose()
    restore(url, to, START + timedelta(seconds=1))
    engine = database.connect(url)
    with Session(engine) as session:
        rows = session.exec(select(Outgoing).where(Outgoing.platform == "x").order_by("id"))
        assert [row.state for row in rows] == [outbox.UNCERTAIN, outbox.UNCERTAIN, outbox.WAITING]
    engine.dispose()


def instructions(url: str, backup: Path) -> list[list[str]]:
    """Return the commands that a user of PostgreSQL is told to type."""
    with pytest.raises(UnusableDatabase, match="Stop all bots") as refused:
        restore(url, backup, START)
    return [shlex.split(line) for line in str(refused.value).splitlines() if line.startswith("    ")]


def test_postgresql_instructions_hold_no_password(tmp_path: Path) -> None:
    """The commands to type are shown without the password."""
    make, fill, doubt = instructions(
        "postgresql+psycopg://cop:s3cret@db.example:5433/kept", tmp_path / "of monday.dump"
    )
    assert make == ["createdb", "--maintenance-db", "postgresql://cop@db.example:5433/kept", "kept_restored"]
    assert fill[-3:] == ["--dbname", "postgresql://cop@db.example:5433/kept_restored", f"{tmp_path / 'of monday.dump'}"]
    assert doubt[-1] == fill[-2]
    with pytest.raises(UnusableDatabase, match="put kept_restored in the place of kept in DATABASE_URL"):
        restore("postgresql://cop:s3cret@db.example/kept", tmp_path / "x.dump", START)


@pytest.mark.skipif("TEST_DATABASE_URL" not in os.environ, reason="TEST_DATABASE_URL names no PostgreSQL")
def test_postgresql_instructions_restore_and_mark_waiting_messages(engine: Engine, tmp_path: Path) -> None:
    """The commands that are shown go back to the backup, and have waiting messages looked up."""
    chat = Chat(engine)
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open Well?")
    with Session(engine) as session, session.begin():
        outbox.put(session, key="k@1", platform="x", space="", address="", message="{}", now=START)
    url = engine.url.render_as_string(hide_password=False)
    back_up(url, copy := tmp_path / "of monday.dump")
    mei.types("answer")
    mei.fills(body="Said since")
    restored = database.connect(
        engine.url.set(database=f"{engine.url.database}_restored").render_as_string(hide_password=False)
    )
    try:
        for command in instructions(url, copy):
            subprocess.run(command, check=True)
        database.upgrade(restored)
        with Session(restored) as session:
            assert session.connection().execute(text("select count(*) from response")).scalar_one() == 0
            waiting = session.exec(select(Outgoing).where(Outgoing.platform == "x")).one()
            assert waiting.state == outbox.UNCERTAIN
            assert session.connection().execute(text("select count(*) from community")).scalar_one() == 1
    finally:
        restored.dispose()
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {restored.url.database} WITH (FORCE)"))


def test_restore_works_from_the_terminal(
    url: str, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    terminal = CliRunner()
    made = terminal.invoke(cli, ["backup", "again.db"])
    assert "rows were read back from it" in made.stdout
    done = terminal.invoke(cli, ["restore", "again.db"])
    assert (done.exit_code, f"Restored {tmp_path}/again.db to {url.removeprefix('sqlite:///')}" in done.stdout) == (
        0,
        True,
    )
    assert "-before-" in done.stdout
    with bot_at_rest(url):
        refused = terminal.invoke(cli, ["restore", "again.db"])
    assert refused.exit_code == 1
    assert "Stop it first" in refused.stderr
