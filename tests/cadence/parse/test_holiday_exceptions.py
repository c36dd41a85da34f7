"""Which months, days and closed days a phrase leaves out or keeps."""

from datetime import date

import pytest

from bot.cadence import OnClosed, Rule, read

LABOR_DAY = date(2025, 9, 1)  # a Monday


def rule(phrase: str) -> Rule:
    return read(phrase, zone="America/New_York", today=LABOR_DAY).rule


@pytest.mark.parametrize(
    ("phrase", "public", "own"),
    [
        ("public holidays too", "keep", ""),
        ("holidays too", "keep", "keep"),
        ("school holidays too", "", "keep"),
        ("except holidays", "skip", "skip"),
        ("except public holidays", "skip", ""),
        ("except vacations", "", "skip"),
    ],
)
def test_word_for_closed_days_says_which_of_them(phrase: str, public: str, own: str) -> None:
    closing = rule(f"every Tuesday 4pm, {phrase}").closing
    assert (closing.public, closing.own) == (public, own)


@pytest.mark.parametrize(
    ("phrase", "months", "left_out"),
    [
        ("except July", (1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12), ()),
        ("except July to August", (1, 2, 3, 4, 5, 6, 9, 10, 11, 12), ()),
        ("except December to January", tuple(range(2, 12)), ()),
        ("except July and Dec 24", (1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12), (("2025-12-24", "2025-12-24"),)),
        ("except Dec 22 to 26", tuple(range(1, 13)), (("2025-12-22", "2025-12-26"),)),
        ("except 22 to 26 December", tuple(range(1, 13)), (("2025-12-22", "2025-12-26"),)),
        ("except Dec 22 to Dec 26 and Dec 24 to Jan 2", tuple(range(1, 13)), (("2025-12-22", "2026-01-02"),)),
        ("except Dec 22 to Dec 26 and Dec 24", tuple(range(1, 13)), (("2025-12-22", "2025-12-26"),)),
        (
            "except Nov 4 and Dec 22 to Dec 26 and Dec 24",
            tuple(range(1, 13)),
            (("2025-11-04", "2025-11-04"), ("2025-12-22", "2025-12-26")),
        ),
        (
            "except Dec 24, and holidays",
            tuple(range(1, 13)),
            (("2025-12-24", "2025-12-24"),),
        ),
        ("except holidays and October to June", (1, 2, 3, 4, 5, 6, 10, 11, 12), ()),
        (
            "except Dec 22 and Dec 24",
            tuple(range(1, 13)),
            (("2025-12-22", "2025-12-22"), ("2025-12-24", "2025-12-24")),
        ),
    ],
)
def test_rule_leaves_out_the_months_and_days_that_are_listed(
    phrase: str, months: tuple[int, ...], left_out: tuple[tuple[str, str], ...]
) -> None:
    found = rule(f"every Tuesday 4pm {phrase}")
    assert found.months == months
    assert tuple((str(first), str(last)) for first, last in found.closing.dates) == left_out


def test_season_after_a_list_of_closed_days_is_no_part_of_it() -> None:
    found = rule("every Tuesday 4pm except Dec 24, October 7 to December 16")
    assert (found.start, found.until) == (date(2025, 10, 7), date(2025, 12, 16))
    assert found.closing.dates == ((date(2025, 12, 24), date(2025, 12, 24)),)


def test_holidays_after_a_comma_and_an_and_are_left_out_too() -> None:
    closing = rule("every Tuesday 4pm except Dec 24, and holidays").closing
    assert (closing.public, closing.own) == (OnClosed.SKIP, OnClosed.SKIP)
