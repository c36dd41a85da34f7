"""Reading time zones: people say where they are in many ways, and the bot keeps one lasting name."""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from bot.cadence import Unreadable, read, read_zone, say, say_zone, zones_like, zones_near
from bot.cadence.time_zones import names
from bot.i18n import speaking


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("America/New_York", "America/New_York"),
        ("america/new york", "America/New_York"),
        ("new york", "America/New_York"),
        ("New York time", "America/New_York"),
        ("Eastern", "America/New_York"),
        ("Eastern Standard Time", "America/New_York"),
        ("EST", "America/New_York"),
        ("EDT", "America/New_York"),
        ("US/Eastern", "America/New_York"),
        ("Philadelphia", "America/New_York"),
        ("pacific", "America/Los_Angeles"),
        ("Europe/berlin", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("CET", "Europe/Berlin"),
        ("GB", "Europe/London"),
        ("BST", "Europe/London"),
        ("Istanbul", "Europe/Istanbul"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Kolkata", "Asia/Kolkata"),
        ("utc", "UTC"),
        ("HST", "Pacific/Honolulu"),
    ],
)
def test_zone_is_known_by_its_common_names(typed: str, zone: str) -> None:
    assert read_zone(typed) == zone


@pytest.mark.parametrize(
    ("zone", "locale", "said"),
    [
        ("America/New_York", "en", "New York"),
        ("America/New_York", "es", "Nueva York"),
        ("America/New_York", "es-MX", "Nueva York"),
        ("America/Argentina/Buenos_Aires", "en", "Buenos Aires"),
        ("Africa/Sao_Tome", "en", "São Tomé"),
        ("US/Eastern", "en", "New York"),
        ("Asia/Ho_Chi_Minh", "en", "Ho Chi Minh"),  # not "Ho Chi Minh City", which can't be read
        ("Europe/Rome", "de", "Rome"),  # "Rom" can't be read
        ("UTC", "en", "UTC"),
        ("Etc/GMT+5", "en", "Etc/GMT+5"),
    ],
)
def test_zone_is_named_by_its_city(zone: str, locale: str, said: str) -> None:
    assert say_zone(zone, locale) == said


@pytest.mark.parametrize("locale", ["en", "es"])
def test_rule_with_the_city_of_any_zone_round_trips(locale: str) -> None:
    reading = partial(read, zone="Asia/Kathmandu", today=date(2025, 9, 1))
    rule = reading("2nd Wednesday 16:00").rule
    rules = [replace(rule, zone=zone) for zone in sorted(set(names().values()))]
    assert len(rules) > 400
    assert [reading(say(rule, locale)).rule for rule in rules] == rules


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("Amercia/New_York", "America/New_York"),
        ("Berln", "Europe/Berlin"),
        ("IST", "UTC"),
        ("Narnia", "UTC"),
        ("../../etc/passwd", "UTC"),
        ("Etc/GMT+5", "UTC"),
        ("", "UTC"),
        ("\ud800", "UTC"),
        ("x" * 10_000, "UTC"),
    ],
)
def test_unknown_zone_is_refused_with_the_closest(typed: str, suggestion: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_zone(typed)
    assert caught.value.suggestion == suggestion
    assert len(str(caught.value)) < 150


def test_typing_suggests_names_of_zones() -> None:
    assert "Europe/Berlin" in zones_like("ber")
    assert zones_like("new y") == ["America/New_York"]
    assert zones_like("nwe york") == ["America/New_York"]
    assert zones_like("europe/lis") == ["Europe/Lisbon"]
    assert zones_like("zzzz") == []


def test_at_most_25_zones_are_suggested_common_ones_first() -> None:
    offered = zones_like("")
    assert len(offered) == len(set(offered)) == 25
    assert offered[0] == "America/New_York"
    assert zones_like("a", limit=3) == zones_like("a")[:3]


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("Berln", ["Europe/Berlin"]),
        ("new yrok city", ["America/New_York"]),
        ("los angeles ca", ["America/Los_Angeles"]),
        ("Kenya", ["Africa/Nairobi"]),
        ("Germany", ["Europe/Berlin"]),
        ("Untied States", ["America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"]),
        ("california", ["America/Los_Angeles"]),
        ("Georgia", ["America/New_York", "Asia/Tbilisi"]),  # the state, and the country
        ("Brazil", ["America/Sao_Paulo", "America/Cuiaba", "America/Eirunepe", "America/Noronha"]),
        ("Spain", ["Europe/Madrid", "Atlantic/Canary"]),
        ("ist", ["Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"]),
        ("us", ["America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"]),
        ("rom", []),  # of three letters, too many names are similar
        ("x", []),
        ("", []),
        ("../../etc/passwd", []),
        ("\ud800", []),
        ("x" * 10_000, []),
    ],
)
def test_words_without_a_zone_suggest_possible_ones(typed: str, near: list[str]) -> None:
    assert zones_near(typed) == near


def test_country_is_known_in_the_language_of_the_person() -> None:
    assert "Europe/Berlin" not in zones_near("Alemania")
    with speaking("es"):
        assert zones_near("Alemania") == zones_near("Germany") == ["Europe/Berlin"]


def test_every_suggestion_can_be_parsed() -> None:
    for typed in ("Narnia", "Russia", "Canada", "Australia", "Antarctica", "France", "Kiribati", "Mexico"):
        assert all(read_zone(zone) == zone for zone in zones_near(typed, 25))
