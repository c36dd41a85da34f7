"""`cop closures`: whoever runs the bot reads a school district's calendar into a community."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session
from typer.testing import CliRunner

from bot.cli import cli
from storage import database as storage_database
from storage.communities import communities
from storage.messaging import timers
from storage.operations import audit_log

NOW = datetime.now(UTC)
SOON = (NOW + timedelta(days=30)).date()


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'commonplace.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("COP_DATA", str(tmp_path))
    engine = storage_database.connect(url)
    storage_database.upgrade(engine)
    with Session(engine) as session, session.begin():
        communities.add(session, name="Youth workers", purpose="", zone="UTC", locale="en", now=NOW)
    engine.dispose()
    return url


def asked(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["closures", *words])
    return result.exit_code, result.output


def event(lines: str) -> str:
    return f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{lines}\nEND:VEVENT\nEND:VCALENDAR"


def calendar(folder: Path) -> Path:
    file = folder / "district.ics"
    last = SOON + timedelta(days=3)
    file.write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:Break\r\n"
        f"DTSTART;VALUE=DATE:{SOON:%Y%m%d}\r\nDTEND;VALUE=DATE:{last:%Y%m%d}\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nSUMMARY:Past\r\nDTSTART;VALUE=DATE:20200101\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    return file


def test_closures_are_added_once_and_meetings_planned_again(database: str, tmp_path: Path) -> None:
    """The days to come are closed, once even if the file is read twice, and meetings are planned again."""
    file = str(calendar(tmp_path))
    assert asked(file) == (
        0,
        "Youth workers is closed on 3 more days. Its meetings follow within a minute if the bot runs.\n",
    )
    assert "on 0 more days" in asked(file, "--community", "youth workers")[1]
    engine = storage_database.connect(database)
    with Session(engine) as session:
        assert communities.closures(session, 1) == {SOON + timedelta(days=n) for n in range(3)}
        assert timers.find(session, 1, "meetings.plan", "")
        assert [note.action for note in audit_log.notes(session, 1, 9)] == ["closure.add"]
    engine.dispose()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (event("DTSTART:nonsense"), "broken"),
        ("x" * 1_000_001, "too big"),
        (
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY\nEND:VEVENT\nEND:VCALENDAR",
            "without",
        ),
        ("someday", "someday"),
    ],
)
def test_unreadable_file_adds_no_closure(database: str, tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "days.ics"
    file.write_text(text)
    code, said = asked(str(file))
    assert code == 1
    assert why in said
    assert asked(str(tmp_path / "none.ics"))[0] == 1
    assert "There is: Youth workers" in asked(str(calendar(tmp_path)), "--community", "Leaders")[1]
    engine = storage_database.connect(database)
    with Session(engine) as session:
        assert communities.closures(session, 1) == frozenset()
    engine.dispose()
