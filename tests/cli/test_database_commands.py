"""Commands and the database: looking creates nothing, every answer names the file, and trouble is said in words."""

import json
import os
import resource
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import URL, make_url

from storage import database
from storage.database import process_lock
from tests.support import forks, postgres

WORDS_ONLY = "Traceback"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "install").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "install" / ".env").write_text(
        "COP_DATA=data\nDISCORD_TOKEN=not-a-token\nDISCORD_API_BASE=http://127.0.0.1:1\nHTTP_PORT=1\n"
    )
    (tmp_path / "install" / ".env").chmod(0o600)
    return tmp_path / "install"


@pytest.fixture
def file(home: Path) -> Path:
    """A database with tables, as one that a bot has run on."""
    file = home / "data" / "commonplace.db"
    engine = database.connect(f"sqlite:///{file}")
    database.upgrade(engine)
    engine.dispose()
    return file


def cop(home: Path, *words: str, limit: Callable[[], None] | None = None, **given: str) -> CompletedProcess[str]:
    """Run a command in a folder that isn't the installation's."""
    environment = {"PATH": os.environ["PATH"], "COP_HOME": str(home), **given}
    done = forks.run(("bot", *words), home.parent / "elsewhere", environment, before=limit)
    assert WORDS_ONLY not in done.stderr + done.stdout
    return done


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("backup",),
        ("purge", "slack:T1", "--yes"),
        ("export",),
        ("keys", "rotate"),
        ("restore", "none.db"),
    ],
)
def test_command_without_a_database_creates_none_and_names_it(home: Path, words: tuple[str, ...]) -> None:
    done = cop(home, *words, COP_KEYS=Fernet.generate_key().decode())
    assert done.returncode == 1
    if words[0] != "restore":
        assert str(home / "data" / "commonplace.db") in done.stderr
    assert sorted(path.name for path in home.iterdir()) == [".env"]
    assert list((home.parent / "elsewhere").iterdir()) == []


def test_doctor_says_which_files_it_read_and_creates_none(home: Path) -> None:
    done = cop(home, "doctor")
    assert f"{home / '.env'}: " in done.stdout
    assert f"{home / 'data' / 'commonplace.db'} isn’t there yet" in done.stdout
    assert sorted(path.name for path in home.iterdir()) == [".env"]


def test_empty_file_is_not_backed_up(home: Path) -> None:
    (home / "data").mkdir()
    (home / "data" / "commonplace.db").touch()
    done = cop(home, "backup")
    assert (done.returncode, "no tables of the bot" in done.stderr) == (1, True)
    assert (home / "data" / "commonplace.db").stat().st_size == 0


def test_backup_from_another_folder_is_of_the_installation(home: Path, file: Path) -> None:
    done = cop(home, "backup")
    assert f"Backed up {file} to {home / 'data' / 'backups'}" in done.stdout
    [backup] = (home / "data" / "backups").iterdir()
    for path in (backup, file):
        assert path.stat().st_mode & 0o077 == 0
    assert backup.parent.stat().st_mode & 0o077 == 0


def test_doctor_says_who_runs_and_run_and_upgrade_refuse(home: Path, file: Path) -> None:
    with process_lock.held(f"sqlite:///{file}"):
        assert f"process {os.getpid()} on " in cop(home, "doctor").stdout
        for words in (("run",), ("db", "upgrade")):
            done = cop(home, *words)
            assert (done.returncode, f"Another bot is running on {file}" in done.stderr) == (1, True)


def test_doctor_takes_away_other_users_rights(home: Path, file: Path) -> None:
    (home / "data").chmod(0o755)
    file.chmod(0o644)
    (home / "data" / "backups").mkdir(mode=0o755)
    (copy := home / "data" / "backups" / "commonplace-20260101-000000.db").touch(0o644)
    assert f"could open {file}" in cop(home, "doctor").stdout
    for path in (file, copy, file.parent, copy.parent):
        assert path.stat().st_mode & 0o077 == 0, path
    assert "Data folder: Only you can open it." in cop(home, "doctor").stdout


def destroyed(file: Path) -> None:
    file.write_bytes(b"\xff" * 20_000)


def page_lost(file: Path) -> None:
    with sqlite3.connect(file) as copy:
        copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [page] = copy.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'reflection'").fetchone()
    with file.open("r+b") as opened:
        opened.seek((page - 1) * 4_096)
        opened.write(b"\xff" * 4_096)


def folder_is_a_file(file: Path) -> None:
    for path in file.parent.iterdir():
        path.unlink()
    file.parent.rmdir()
    file.parent.touch()


@pytest.mark.parametrize("words", [("run",), ("status",), ("db", "upgrade"), ("backup",), ("doctor",)])
@pytest.mark.parametrize("damage", [destroyed, folder_is_a_file])
def test_damaged_database_is_said_in_words(
    home: Path, file: Path, damage: Callable[[Path], None], words: tuple[str, ...]
) -> None:
    damage(file)
    done = cop(home, *words)
    assert done.returncode == 1
    assert str(home / "data") in done.stderr + done.stdout


def test_doctor_finds_a_destroyed_page(home: Path, file: Path) -> None:
    page_lost(file)
    done = cop(home, "doctor")
    assert (done.returncode, "The database is damaged" in done.stdout) == (1, True)


def no_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, 4_096))


def test_full_disk_is_said_in_words(home: Path) -> None:
    """The file may not grow, as where the disk is full."""
    done = cop(home, "db", "upgrade", limit=no_room)
    assert done.returncode == 1
    assert "disk" in done.stderr


def test_status_does_not_wait_for_a_writer(home: Path, file: Path) -> None:
    holding = sqlite3.connect(file, isolation_level=None)
    holding.execute("BEGIN EXCLUSIVE")
    done = cop(home, "status")
    holding.close()
    # A reader of a database in WAL mode doesn't wait for a writer.
    assert "No bot answers" in done.stdout


@pytest.mark.parametrize(
    ("words", "url", "said"),
    [
        *(
            (words, "postgresql://bot:hunter2@127.0.0.1:1/cop", "No PostgreSQL answers there")
            for words in (("run",), ("status",), ("db", "upgrade"), ("export",), ("doctor",))
        ),
        (("run",), "postgresql://bot:hunter2@no-such-host.invalid/cop", "No machine of that name"),
        (("doctor",), "mysql://bot:hunter2@127.0.0.1/cop", "Use sqlite:///… or postgresql://…"),
    ],
)
def test_unreachable_database_is_said_in_words(home: Path, words: tuple[str, ...], url: str, said: str) -> None:
    done = cop(home, *words, DATABASE_URL=url)
    assert done.returncode == 1
    assert said in done.stderr + done.stdout
    assert "hunter2" not in done.stderr + done.stdout


@pytest.fixture
def server() -> Iterator[str]:
    if not postgres.is_named():
        pytest.skip("TEST_DATABASE_URL names no PostgreSQL")
    with postgres.new_database() as url:
        yield url


@pytest.mark.parametrize("words", [("run",), ("status",), ("doctor",)])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda url: url.set(database="no_such_database"), "no database of that name"),
        (lambda url: url.set(username="no_such_user", password="hunter2"), "user"),
    ],
)
def test_refusal_of_postgresql_is_said_in_words(
    home: Path, server: str, change: Callable[[URL], URL], said: str, words: tuple[str, ...]
) -> None:
    url = change(make_url(server)).render_as_string(hide_password=False)
    done = cop(home, *words, DATABASE_URL=url)
    assert (done.returncode, said in done.stderr + done.stdout) == (1, True)


def test_status_as_json_still_is_json(home: Path, file: Path) -> None:
    assert json.loads(cop(home, "status", "--json").stdout)["database"].startswith("sqlite")
