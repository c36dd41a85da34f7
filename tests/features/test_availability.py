"""Time zone, quiet hours, and snooze."""

import pytest
from sqlmodel import Session, select

from bot.cadence import say_zone
from bot.core.events import AutocompleteQuery
from bot.features.availability.rules import NoHours, read_hours
from storage.people.people import Person
from tests.support.chat import Chat
from tests.support.community import create_community


def person(chat: Chat, name: str) -> Person:
    with Session(chat.engine) as session:
        return session.exec(select(Person).where(Person.name == name)).one()


def test_member_snoozes_questions_and_resumes(chat: Chat) -> None:
    create_community(chat)
    mei = chat.person("Mei", zone="America/New_York")
    assert "I ask you nothing until 2025-10-06 13:00 UTC" in mei.types("snooze 2w")
    assert person(chat, "Mei").snoozed_until is not None
    assert "You are back" in mei.presses("Resume now")
    assert person(chat, "Mei").snoozed_until is None


def test_unknown_length_is_answered_with_those_offered(chat: Chat) -> None:
    mei = chat.person("Mei")
    assert "3w is not one of 1w, 2w, 4w, off." in mei.types("snooze 3w")
    assert "needs one of 1w, 2w, 4w, off" in mei.types("snooze")


def test_time_zone_is_found_by_its_city(chat: Chat) -> None:
    mei = chat.person("Mei", zone="Europe/Berlin")
    said = mei.types("timezone new york")
    assert "Your time zone is New York, where it is Mon, Sep 22, 2025, 9:00 AM now" in said
    mei.types("home")
    # The platform's guess no longer changes it.
    assert person(chat, "Mei").zone == "America/New_York"


def test_unknown_zone_is_answered_with_the_nearest(chat: Chat) -> None:
    mei = chat.person("Mei")
    assert "Like this: /cop timezone America/New_York" in mei.types("timezone New Yrok")
    assert "Your time zone is New York" in mei.presses("Run /cop timezone America/New_York")
    assert person(chat, "Mei").zone == "America/New_York"


@pytest.mark.parametrize(
    ("typed", "own", "offered"),
    [
        ("Narnia", "", ["Asia/Yerevan"]),  # Armenia
        ("Narnia", "Europe/Berlin", ["Europe/Berlin", "Asia/Yerevan"]),
        ("Kenya", "Africa/Nairobi", ["Africa/Nairobi"]),
        ("usa", "", ["America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"]),
        ("IST", "", ["Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"]),
        ("zzzzz", "", []),
        ("zzzzz", "Europe/Berlin", ["Europe/Berlin"]),
    ],
)
def test_word_that_names_no_zone_is_answered_with_real_ones(
    chat: Chat, typed: str, own: str, offered: list[str]
) -> None:
    mei = chat.person("Mei", zone=own)
    said = mei.types(f"timezone {typed}")
    assert "UTC" not in said
    assert [action.label for action in mei.shown.actions] == [f"Run /cop timezone {zone}" for zone in offered]
    assert all(zone in said for zone in offered)
    if offered:
        assert f"Your time zone is {say_zone(offered[-1])}, " in mei.presses(f"Run /cop timezone {offered[-1]}")
        assert person(chat, "Mei").zone == offered[-1]


def test_zones_are_suggested_while_typing(chat: Chat) -> None:
    mei = chat.person("Mei")
    found = chat.app.complete(AutocompleteQuery(mei.place(), mei.who, "timezone ber"))
    assert "Europe/Berlin" in found
    assert len(found) <= 25


def test_quiet_hours_are_said_back(chat: Chat) -> None:
    mei = chat.person("Mei", zone="America/New_York")
    assert "from 10:00 PM to 7:00 AM, New York time" in mei.types("quiet 10pm 7am")
    assert "no quiet hours now" in mei.types("quiet off")
    assert "I cannot read “25 8”" in mei.types("quiet 25 8")
    assert "from 8:00 PM to 8:00 AM" in mei.presses("Run /cop quiet 20 8")


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("20 8", (20, 8)),
        ("8pm 8am", (20, 8)),
        ("8 pm to 8 am", (20, 8)),
        ("from 22:00 to 7:00", (22, 7)),
        ("22-7", (22, 7)),
        ("12am 12pm", (0, 12)),
        ("24 6", (0, 6)),
        ("OFF", (0, 0)),
    ],
)
def test_hours_are_read_as_people_write_them(typed: str, hours: tuple[int, int]) -> None:
    assert read_hours(typed) == hours


@pytest.mark.parametrize("typed", ["", "8", "20:30 8", "8 8", "13pm 8am", "25 8", "night", "20 8 9", "٢٠ 8x", "-1 5"])
def test_impossible_hours_are_refused(typed: str) -> None:
    with pytest.raises(NoHours):
        read_hours(typed)
