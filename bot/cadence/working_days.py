"""Working days: neither on a weekend, nor a public holiday, nor a closed day of the community's own."""

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
    """Public holidays of a country ("US") and region ("PA"), and the community's own closed days: `day in closed_days`.

    Country "" has no public holidays. The first lookup raises ValueError for an unknown country or region. Pass it to
    `occurrences` as `closed`.
    """

    country: str = ""
    region: str = ""
    closed: Collection[date] = ()

    def __contains__(self, day: object) -> bool:
        return day in self.closed or self.is_holiday(day)

    def is_holiday(self, day: object) -> bool:
        return bool(self.country) and day in _public_holidays(self.country, self.region)

    def holiday(self, day: date) -> str:
        """Return the name of the public holiday on that day; "" if it is none."""
        return str(_public_holidays(self.country, self.region).get(day, "")) if self.country else ""


def closed_for(rule: Rule, country: str, region: str, closed: Collection[date]) -> ClosedDays:
    """Return the closed days that matter to a rule.

    Always the community's own. Public holidays only if the rule counts working days, or says what happens on a public
    holiday; otherwise the community meets on them.
    """
    with_holidays = isinstance(rule.days, BusinessDays) or rule.closing.public is not OnClosed.UNSAID
    return ClosedDays(country, region, closed) if with_holidays else ClosedDays(closed=closed)


def is_closed(day: date, *, country: str, region: str, closed: Collection[date]) -> bool:
    """Return whether `day` is not a working day, so that nobody should be asked for anything."""
    return day.weekday() >= SATURDAY or day in ClosedDays(country, region, closed)


def add_working_days(day: date, n: int, *, country: str, region: str, closed: Collection[date]) -> date:
    """Return the nth working day after `day`, or before it if `n` is negative; `day` itself, open or not, for 0."""
    step = timedelta(days=1 if n > 0 else -1)
    for _ in range(abs(n)):
        day += step
        while is_closed(day, country=country, region=region, closed=closed):
            day += step
    return day


@lru_cache(maxsize=16)
def _public_holidays(country: str, region: str) -> "HolidayBase":
    # Imported on first use: it takes 7 MB, and 8 more for a country, which many communities never need.
    from holidays import country_holidays

    try:
        return country_holidays(country, subdiv=region or None)
    except NotImplementedError as error:
        raise ValueError(f"no public holidays are known for {country} {region}".rstrip()) from error
