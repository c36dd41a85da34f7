"""Every rule of the source documents and many more, year by year, against dates worked out without the bot."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.cadence import ClosedDays, occurrences, read
from tests.cadence.golden import oracle

TABLES = sorted(oracle.HERE.glob("*.tsv"))
ROWS = [line.split("\t") for path in TABLES for line in path.read_text(encoding="utf-8").splitlines()[1:]]
SECOND = timedelta(seconds=1)


def test_table_is_long_enough_without_repetition() -> None:
    assert len({tuple(row[:4]) for row in ROWS}) == len(ROWS) >= 400


@pytest.mark.parametrize("name", oracle.TABLES)
def test_table_is_what_the_oracle_says(name: str) -> None:
    assert (oracle.HERE / name).read_text(encoding="utf-8") == oracle.table(name)


@pytest.mark.parametrize(("phrase", "zone", "year", "closed", "dates"), ROWS)
def test_dates_are_those_of_the_oracle(phrase: str, zone: str, year: str, closed: str, dates: str) -> None:
    there = ZoneInfo(zone)
    given = [each for each in closed.split(",") if each]
    own = {day for each in given if ".." in each for day in oracle.between(each)}
    known = ClosedDays("US" if "US" in given else "", closed=own)
    first = datetime(int(year), 1, 1, tzinfo=there)
    last = datetime(int(year) + 1, 1, 1, tzinfo=there) - SECOND
    rule = read(phrase, zone=zone, today=date(int(year), 1, 1)).rule
    found = list(occurrences(rule, first - SECOND, until=last, closed=known))
    shown = [moment.astimezone(there).isoformat(timespec="minutes") for moment in found]
    assert shown == dates.split()
    assert all(earlier < later for earlier, later in pairwise(found))
    elsewhere = occurrences(rule, (first - SECOND).astimezone(ZoneInfo("Asia/Tokyo")), until=last, closed=known)
    assert list(elsewhere) == found
