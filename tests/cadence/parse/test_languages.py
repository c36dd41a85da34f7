"""Reading phrases in Spanish, and phrases about closed days in both languages. Dates are worked out without the bot."""

from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po
from dateutil.rrule import rrulestr

from bot.cadence import ClosedDays, Rule, Unreadable, closed_for, occurrences, read, read_days, read_moment, say
from bot.i18n import CADENCE, LOCALES, speaking
from tests.cadence.parse import phrases, phrases_closed, phrases_spanish

NEW_YORK = "America/New_York"
LABOR_DAY = date(2025, 9, 1)
BEFORE = datetime(2025, 9, 1, tzinfo=ZoneInfo(NEW_YORK)) - timedelta(seconds=1)
SCHOOL = read_days(phrases_closed.CLOSED, LABOR_DAY)


def rule(phrase: str) -> Rule:
    return read(phrase, zone=NEW_YORK, today=LABOR_DAY).rule


def shown(rule: Rule, count: int, closed: ClosedDays | None = None) -> list[datetime]:
    found = occurrences(rule, BEFORE, count=count, closed=closed or ClosedDays())
    return [moment.astimezone(ZoneInfo(rule.zone)).replace(tzinfo=None) for moment in found]


def test_at_least_150_phrases_are_tried() -> None:
    tried = {*phrases.REPEATING, *phrases.CHOSEN, *phrases_spanish.REPEATING, *phrases_spanish.CHOSEN}
    assert len({row[0] for row in (*tried, *phrases_closed.SAID)}) >= 200


@pytest.mark.parametrize(("phrase", "rrule", "at"), phrases_spanish.REPEATING)
def test_spanish_phrase_gives_the_dates_of_dateutil(phrase: str, rrule: str, at: str) -> None:
    expected = rrulestr(f"FREQ={rrule}", dtstart=datetime.fromisoformat(f"2025-09-01T{at}"))
    assert shown(rule(phrase), 12) == list(islice(expected, 12))


@pytest.mark.parametrize(("phrase", "expected"), phrases_spanish.CHOSEN)
def test_spanish_dates_are_parsed_exactly(phrase: str, expected: str) -> None:
    assert shown(rule(phrase), 99) == [datetime.fromisoformat(moment) for moment in expected.split()]


@pytest.mark.parametrize(("phrase", "start", "minutes"), phrases_spanish.HOURS)
def test_length_of_a_meeting_is_parsed_in_spanish(phrase: str, start: str, minutes: int) -> None:
    found = rule(phrase)
    assert (f"{found.at:%H:%M}", found.minutes) == (start, minutes)


@pytest.mark.parametrize("locale", ["es", "es-MX", "es_US", "en"])
@pytest.mark.parametrize("phrase", [row[0] for row in (*phrases_spanish.REPEATING, *phrases_closed.SAID)])
def test_description_in_either_language_is_parsed_back(phrase: str, locale: str) -> None:
    found = rule(phrase)
    with speaking(locale):
        assert rule(say(found, locale)) == found


@pytest.mark.parametrize(("phrase", "says", "suggestion"), phrases_spanish.REFUSED)
def test_ambiguity_is_explained_in_spanish_with_a_readable_form(phrase: str, says: str, suggestion: str) -> None:
    with speaking("es"), pytest.raises(Unreadable) as caught:
        rule(phrase)
    assert says in str(caught.value)
    assert caught.value.suggestion.startswith(suggestion)
    assert bool(caught.value.suggestion) is bool(suggestion)
    assert not suggestion or rule(caught.value.suggestion)


def test_answer_is_english_in_english_whatever_was_typed() -> None:
    with pytest.raises(Unreadable, match="can mean") as caught:
        rule("cada segundo miércoles")
    assert caught.value.suggestion.startswith("second Wednesday of each month")


@pytest.mark.parametrize(("phrase", "expected"), phrases_closed.SAID)
def test_closed_days_of_a_phrase_give_dates_worked_out_by_hand(phrase: str, expected: str) -> None:
    found = rule(phrase)
    dates = expected.split()
    closed = closed_for(found, "US", "", SCHOOL)
    assert [f"{moment:%Y-%m-%d}" for moment in shown(found, len(dates), closed)] == dates


@pytest.mark.parametrize("typed", ["el 14 de enero a las 16:00", "14 ene 16 h", "mié 14 de enero a las 4 de la tarde"])
def test_single_moment_is_parsed_in_spanish(typed: str) -> None:
    moment = read_moment(typed, zone=NEW_YORK, now=datetime(2026, 1, 5, tzinfo=ZoneInfo(NEW_YORK)))
    assert f"{moment:%Y-%m-%d %H:%M}" == "2026-01-14 21:00"


def test_spanish_translation_of_the_cadence_is_complete() -> None:
    with (LOCALES / "es" / "LC_MESSAGES" / f"{CADENCE}.po").open("rb") as file:
        assert [message.id for message in read_po(file) if message.id and (message.fuzzy or not message.string)] == []
