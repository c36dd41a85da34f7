"""`cop cadence`: an admin, or a script, asks on the command line how a phrase is read."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cadence import Rule
from bot.cli import cli

SEASON = "second Wednesday of each month, October to June, 4pm"
RUN = CliRunner()


def asked(phrase: str, *options: str, code: int = 0) -> dict[str, Any]:
    result = RUN.invoke(cli, ["cadence", phrase, "--json", "--from", "2025-09-01", *options])
    assert result.exit_code == code, result.output
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def test_season_is_printed_with_dates_and_offsets() -> None:
    found = asked(SEASON, "--zone", "America/New_York", "--count", "9")
    assert found["rule"]["words"] == "second Wednesday of each month, October to June, 4:00 PM, New York time"
    assert Rule.from_json(json.dumps(found["rule"]["json"])).months == (1, 2, 3, 4, 5, 6, 10, 11, 12)
    assert found["occurrences"][:2] == ["2025-10-08T16:00:00-04:00", "2025-11-12T16:00:00-05:00"]
    assert len(found["occurrences"]) == 9
    assert found["warnings"] == []


def test_first_day_is_counted() -> None:
    assert asked("every Monday at 9am", "--count", "1")["occurrences"] == ["2025-09-01T09:00:00+00:00"]


@pytest.mark.parametrize(
    ("phrase", "error"),
    [
        ("every five months on the first Monday", "does not fit a year"),
        ("every Tuesday 4pm to 3pm", "ends before it starts"),
    ],
)
def test_phrase_without_a_near_reading_suggests_none(phrase: str, error: str) -> None:
    found = asked(phrase, "--zone", "America/New_York", code=2)
    assert error in found["error"]
    assert found["suggestion"] == ""


@pytest.mark.parametrize(
    ("phrase", "error"),
    [
        ("every second Wednesday", "can mean"),
        ("5/6 at 4pm", "two readings"),
        ("next Friday at 4pm", "this week or the week after"),
        ("the 3rd", "a single date or a day of every month"),
        ("February 30", "has no day 30"),
        ("every Tuesday except my birthday", "cannot read that exception"),
    ],
)
def test_ambiguous_phrase_exits_with_two_and_a_readable_form(phrase: str, error: str) -> None:
    found = asked(phrase, "--zone", "America/New_York", code=2)
    assert error in found["error"]
    assert asked(found["suggestion"], "--zone", "America/New_York")["occurrences"]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (["--zone", "Narnia"], "Narnia"),
        (["--from", "September"], "--from takes a date"),
        (["--country", "ZZ"], "No public holidays are known for ZZ"),
        (["--country", "US", "--region", "Narnia"], "NARNIA"),
        (["--closed", "5/6"], "two readings"),
        (["--closures", "there-is-none.ics"], "there-is-none.ics cannot be read"),
    ],
)
def test_impossible_option_exits_with_two_in_words(options: list[str], error: str) -> None:
    found = asked("last business day at 4pm", *options, code=2)
    assert error in found["error"]
    assert found["suggestion"]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (["--zone", "Narnia"], "No conozco la zona horaria"),
        (["--from", "septiembre"], "--from lleva una fecha como"),
        (["--country", "ZZ"], "No se conocen feriados de ZZ"),
        (["--closures", "no-hay.ics"], "no-hay.ics no se puede leer"),
    ],
)
def test_refusal_is_in_spanish_when_asked_in_spanish(options: list[str], error: str) -> None:
    assert error in asked("último día hábil a las 16:00", "--locale", "es", *options, code=2)["error"]


def test_holidays_and_closures_follow_the_phrase(tmp_path: Path) -> None:
    calendar = tmp_path / "district.ics"
    calendar.write_text(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20251217\r\nDTEND;VALUE=DATE:20260103\r\n"
        "SUMMARY:Winter break\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    phrase = "second Tuesday and third Wednesday unless it is a holiday, then the next day, 4pm"
    found = asked(phrase, "--country", "US", "--region", "PA", "--closed", "2025-10-14", "--closures", str(calendar))
    days = [moment[:10] for moment in found["occurrences"]]
    assert days == ["2025-09-09", "2025-09-17", "2025-10-15", "2025-11-12", "2025-11-19"]
    later = asked(phrase, "--from", "2025-12-10", "--count", "1", "--closures", str(calendar))
    assert [moment[:10] for moment in later["occurrences"]] == ["2026-01-05"]
    assert later["warnings"] == ["No country is set, so I know of no public holidays."]


def test_meeting_on_an_unmentioned_holiday_stays_with_a_remark() -> None:
    """If a phrase says nothing about holidays, a meeting on one stays, with a remark."""
    found = asked(SEASON, "--from", "2026-11-01", "--count", "1", "--country", "US", "--region", "PA")
    assert found["occurrences"] == ["2026-11-11T16:00:00+00:00"]
    (warning,) = found["warnings"]
    assert "November 11, 2026 is a public holiday (Veterans Day). The meeting stays" in warning


def test_closed_days_without_a_name_are_asked_for() -> None:
    assert asked("every Friday at 3pm except school holidays")["warnings"] == [
        "No closed days are set, so I know of none."
    ]


def test_est_in_october_means_new_york_with_a_warning() -> None:
    found = asked("October 14th, 2025, 3:00–4:30 p.m., EST")
    assert found["occurrences"] == ["2025-10-14T15:00:00-04:00"]
    assert '"EST" is not the time' in found["warnings"][0]


def test_spanish_phrase_is_answered_in_spanish() -> None:
    found = asked("segundo miércoles, de octubre a junio, a las 4 de la tarde", "--locale", "es", "--count", "1")
    assert found["rule"]["words"] == "segundo miércoles de cada mes, de octubre a junio, 16:00, hora de UTC"
    refused = asked("cada segundo miércoles", "--locale", "es", code=2)
    assert refused["error"].startswith("«cada segundo miercoles» puede ser «segundo miércoles de cada mes» o")
    assert refused["suggestion"] == "segundo miércoles de cada mes, 16:00, hora de UTC"


def test_output_is_readable_without_json() -> None:
    shown = RUN.invoke(cli, ["cadence", "last Friday", "--from", "2025-09-01", "--count", "2", "--zone", "Berlin"])
    assert shown.stdout.splitlines() == [
        "last Friday of each month, 4:00 PM, Berlin time",
        "  Fri, Sep 26, 2025, 4:00 PM (CEST)",
        "  Fri, Oct 31, 2025, 4:00 PM (CET)",
        "! No time of day was given, so I took 4:00 PM.",
    ]
    refused = RUN.invoke(cli, ["cadence", "the 3rd"])
    assert refused.exit_code == 2
    assert "-> 3rd of each month" in refused.stderr


def test_command_runs_without_settings() -> None:
    command = [sys.executable, "-m", "bot", "cadence", "every day at noon", "--count", "1", "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout)["rule"]["words"] == "every day, 12:00 PM, UTC time"
