"""Deleted means gone: no file of the database, and no new backup, holds what a person had deleted."""

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from time import sleep

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from bot.bootstrap.process import own_database
from bot.settings import load
from storage import database
from storage.database import remnants
from storage.operations import drafts
from storage.operations.backup import back_up, copy_sqlite
from storage.people import people
from storage.privacy import personal_data, quotes
from tests.support import marked_words, postgres
from tests.support.chat import Chat
from tests.support.community import actors, create_community
from tests.support.deliveries import person_id

AGAIN, TRIES = 1, 60  # seconds, and times
MARKERS = [f"zanzibar{n:02}lighthouse" for n in range(20)]


@pytest.fixture
def wrote(chat: Chat) -> Chat:
    """Mei has written all markers, in several places; Ben quotes one of them in a draft."""
    create_community(chat, ["Mei", "Olu"])
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open What did you try?")
    mei.types("answer")
    mei.fills(body=MARKERS[0])
    for marker in MARKERS[1:15]:
        mei.types("reflect")
        mei.fills(body=f"I noticed {marker} on Tuesday", audience="me")
    for marker in MARKERS[15:]:
        mei.types("share")
        mei.fills(title=f"About {marker}", note=f"How {marker} helped")
    ben_id, olu_id = person_id(chat, "Ben"), person_id(chat, "Olu")
    with Session(chat.engine) as session, session.begin():
        form = {"form": {"fields": [{"value": f"We saw how {MARKERS[19]} helped, and more"}]}}
        drafts.save(session, ben_id, "form", json.dumps(form), chat.clock.now())
        drafts.save(session, olu_id, "form", json.dumps({"value": "Something else"}), chat.clock.now())
    return chat


def left_in(path: Path) -> list[str]:
    content = path.read_bytes() if path.exists() else b""
    return [marker for marker in MARKERS if marker.encode() in content]


@pytest.mark.parametrize("how", ["delete everything", "leave and delete"])
def test_no_file_and_no_new_backup_holds_deleted_words(wrote: Chat, tmp_path: Path, how: str) -> None:
    if postgres.is_named():
        pytest.skip("SQLite’s files")
    file = Path(str(wrote.engine.url.database))
    log = file.with_name(f"{file.name}-wal")
    assert set(left_in(file)) | set(left_in(log)) == set(MARKERS)
    [mei] = actors(wrote, "Mei")
    if how == "delete everything":
        mei.types("data delete")
        mei.presses("Delete my data")
    else:
        mei_id = person_id(wrote, "Mei")
        with Session(wrote.engine) as session, session.begin():
            personal_data.leave(session, mei_id, 1, "Someone", delete_too=True)
    assert left_in(file) == left_in(log) == []
    back_up(str(wrote.engine.url), tmp_path / "copy.db")
    assert left_in(tmp_path / "copy.db") == []


def test_draft_of_another_that_quotes_the_deleted_person_goes(wrote: Chat) -> None:
    mei_id, ben_id, olu_id = (person_id(wrote, name) for name in ("Mei", "Ben", "Olu"))
    with Session(wrote.engine) as session, session.begin():
        personal_data.forget(session, mei_id, "Someone")
    with Session(wrote.engine) as session:
        assert drafts.find(session, ben_id, "form") is None
        assert drafts.find(session, olu_id, "form") is not None
        assert people.get(session, olu_id)


def test_draft_of_another_with_the_same_choices_stays(wrote: Chat) -> None:
    """Readers, platforms and states are our own words, so having them in common quotes nobody."""
    [mei] = actors(wrote, "Mei")
    mei.types("reflect")
    mei.fills(body="It rained", audience="facilitators")
    mei_id, olu_id = person_id(wrote, "Mei"), person_id(wrote, "Olu")
    typed = {"answers": {"body": "Our community met on the playground", "audience": "facilitators"}}
    with Session(wrote.engine) as session, session.begin():
        drafts.save(session, olu_id, "unsent", json.dumps(typed), wrote.clock.now())
        personal_data.forget(session, mei_id, "Someone")
        assert drafts.find(session, olu_id, "unsent") is not None


@pytest.mark.parametrize(
    ("text", "draft", "is_quote"),
    [
        ("We planted beans by the windmill", {"body": "Yesterday WE planted beans, by the windmill!"}, True),
        ("We planted beans by the windmill", {"body": "We bought beans at the market"}, False),
        ("lighthouse", {"a": [{"b": "the lighthouse"}]}, True),
        ("yes", {"body": "yes"}, False),
        ("“Größe” à la carte now", {"body": json.dumps({"inner": "größe à la carte now"})}, True),
        ("", {"body": "anything"}, False),
    ],
)
def test_quote_is_a_run_of_words(chat: Chat, text: str, draft: object, is_quote: bool) -> None:
    create_community(chat, ["Mei"])
    with Session(chat.engine) as session, session.begin():
        drafts.save(session, 1, "form", json.dumps(draft), chat.clock.now())
        quotes.delete_quoting_drafts(session, [text])
        assert (drafts.find(session, 1, "form") is None) is is_quote


def test_log_is_truncated_even_if_somebody_was_reading(wrote: Chat) -> None:
    if postgres.is_named():
        pytest.skip("SQLite’s files")
    file = Path(str(wrote.engine.url.database))
    reading = sqlite3.connect(file, isolation_level=None)
    reading.execute("BEGIN")
    reading.execute("SELECT count(*) FROM person").fetchone()
    mei_id = person_id(wrote, "Mei")
    with Session(wrote.engine) as session, session.begin():
        personal_data.forget(session, mei_id, "Someone")
    assert not remnants.truncate_log(file)
    reading.close()
    assert remnants.truncate_log(file)
    assert left_in(file) == left_in(file.with_name(f"{file.name}-wal")) == []


def test_log_is_truncated_while_others_truncate_it(tmp_path: Path) -> None:
    """As threads do that a reader had kept from it, all at once when that reader is done."""
    file = tmp_path / "busy.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE word (word)")
        with ThreadPoolExecutor(8) as threads:
            tried = [threads.submit(remnants.truncate_log, file) for _time in range(400)]
            assert all(each.result() for each in tried)


def test_deletion_is_done_even_if_the_log_cannot_be_truncated(wrote: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person would read that it failed, though everything is gone."""
    if postgres.is_named():
        pytest.skip("SQLite’s files")

    def full(*_args: object, **_kwargs: object) -> sqlite3.Connection:
        raise sqlite3.OperationalError("database or disk is full")

    mei_id = person_id(wrote, "Mei")
    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", full)
        with Session(wrote.engine) as session, session.begin():
            personal_data.forget(session, mei_id, "Someone")
    with Session(wrote.engine) as session:
        assert people.get(session, mei_id) is None


def test_file_of_an_earlier_version_is_rebuilt_once(wrote: Chat, tmp_path: Path) -> None:
    """What was deleted before deleted rows were overwritten goes too."""
    if postgres.is_named():
        pytest.skip("SQLite’s files")
    (data := tmp_path / "data").mkdir()
    file = data / "commonplace.db"
    copy_sqlite(Path(str(wrote.engine.url.database)), file)
    earlier = sqlite3.connect(file)
    earlier.execute("PRAGMA secure_delete=OFF")
    earlier.execute("PRAGMA user_version=0")
    for table in ("reflection", "response", "draft"):
        earlier.execute(f"DELETE FROM {table}")  # noqa: S608
    earlier.commit()
    earlier.close()
    deleted = set(left_in(file)) & set(MARKERS[:15])
    assert deleted
    with own_database(load(env_file=None, cop_data=data, database_url="")):
        assert not deleted & set(left_in(file))
    with own_database(load(env_file=None, cop_data=data, database_url="")) as engine:
        assert database.revision(engine)[0]


def test_nothing_of_every_feature_is_left_in_a_file(chat: Chat, tmp_path: Path) -> None:
    """The file, its log, and a new backup, with words and a name that passed through every feature."""
    if postgres.is_named():
        pytest.skip("SQLite’s files")
    marked_words.tell_story(chat)
    words = [marked_words.NAME, *marked_words.WORDS.values()]
    file = Path(str(chat.engine.url.database))
    files = file, file.with_name(f"{file.name}-wal")
    assert [word for word in words if not any(word.encode() in read(path) for path in files)] == []
    marked_words.delete_everything(chat)
    back_up(str(chat.engine.url), tmp_path / "copy.db")
    for path in (*files, tmp_path / "copy.db"):
        assert [word for word in words if word.encode() in read(path)] == [], path.name


@pytest.mark.parametrize("way", ["delete everything", "leave and delete"])
def test_no_table_holds_the_words_of_a_person_who_went(chat: Chat, way: str) -> None:
    """On both databases. Who only leaves is still known by name."""
    marked_words.tell_story(chat)
    if way == "delete everything":
        marked_words.delete_everything(chat)
    else:
        marked_words.leave(chat, "delete")
    stored = marked_words.kept(chat)
    left = {place for place, word in marked_words.WORDS.items() if word in stored}
    assert left == set()
    assert (marked_words.NAME in stored) is (way == "leave and delete")


def test_no_page_of_postgresql_holds_the_words_after_a_vacuum(chat: Chat) -> None:
    if not postgres.is_named():
        pytest.skip("TEST_DATABASE_URL names no PostgreSQL")
    marked_words.tell_story(chat)
    marked_words.delete_everything(chat)
    words = [marked_words.NAME, *marked_words.WORDS.values()]
    try:
        for _try in range(TRIES):
            pages = vacuumed(chat.engine)
            left = [word for word in words if word.encode() in pages]
            # A vacuum keeps what a transaction that is open anywhere on the server, such as another test's, might see.
            if not left:
                break
            sleep(AGAIN)
    except OSError:
        pytest.skip("needs: PostgreSQL’s own files")
    assert left == []


def vacuumed(engine: Engine) -> bytes:
    """Return every page of PostgreSQL's tables and indexes after a vacuum."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM FULL")
        connection.exec_driver_sql("CHECKPOINT")
        folder = Path(connection.exec_driver_sql("SHOW data_directory").scalar_one())
        files = connection.exec_driver_sql(
            "SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 'i', 't') AND relnamespace NOT IN "
            "(SELECT oid FROM pg_namespace WHERE nspname IN ('pg_catalog', 'information_schema'))"
        )
        return b"".join((folder / name).read_bytes() for (name,) in files)


def read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""
