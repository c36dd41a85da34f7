"""Which days are working days: not at the weekend, not a public holiday, not a day the community is closed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.cadence.rule import BusinessDays, OnClosed, Rule

if TYPE_CHECKING:
    from holidays import HolidayBase

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """
    The public holidays of a country ("US") and region ("PA"), and the community's own closures: `day in closed_days`.

    Country "" has no public holidays. An unknown country or region raises ValueError at the first question.
    Give it to `occurrences` as `closed` to pass over these days, or to do with them what the rule says.
    """

    country: str = ""
    region: str = ""
    closed: Collection[date] = ()

    def __contains__(self, day: object) -> bool:
        return day in self.closed or self.is_holiday(day)

    def is_holiday(self, day: object) -> bool:
        return bool(self.country) and day in _public_holidays(self.country, self.region)

    def holiday(self, day: date) -> str:
        """The name of the public holiday on that day; "" if it is none."""
        return str(_public_holidays(self.country, self.region).get(day, "")) if self.country else ""


def closed_for(rule: Rule, country: str, region: str, closed: Collection[date]) -> ClosedDays:
    """
    The closed days that matter to a rule: always the community's own.

    Public holidays only where the rule counts working days or says what becomes of them: otherwise it meets on them.
    """
    minds = isinstance(rule.days, BusinessDays) or rule.closing.public is not OnClosed.UNSAID
    return ClosedDays(country, region, closed) if minds else ClosedDays(closed=closed)


def is_closed(day: date, *, country: str, region: str, closed: Collection[date]) -> bool:
    """Whether nobody should be asked for anything on `day`: a weekend, a public holiday or a closure."""
    return day.weekday() >= SATURDAY or day in ClosedDays(country, region, closed)


def add_working_days(day: date, n: int, *, country: str, region: str, closed: Collection[date]) -> date:
    """The nth working day after `day`, or before it if `n` is negative; `day` itself, open or not, if `n` is 0."""
    step = timedelta(days=1 if n > 0 else -1)
    for _ in range(abs(n)):
        day += step
        while is_closed(day, country=country, region=region, closed=closed):
            day += step
    return day


@lru_cache(maxsize=16)
def _public_holidays(country: str, region: str) -> "HolidayBase":
    # Imported when first asked: it takes 7 MB, and 8 more with a country, which many communities never need.
    from holidays import country_holidays

    try:
        return country_holidays(country, subdiv=region or None)
    except NotImplementedError as error:
        raise ValueError(f"no public holidays are known for {country} {region}".rstrip()) from error
