"""`cop cadence`: reads a cadence in plain words as the bot would, and lists its dates."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.cadence import (
    ClosedDays,
    OnClosed,
    Rule,
    Unreadable,
    assumptions,
    closed_for,
    occurrences,
    read,
    read_closures,
    read_days,
    read_zone,
    say,
    say_moment,
)
from bot.i18n import gettext as _
from bot.i18n import speaking

MOST = 1000  # dates


@dataclass(frozen=True)
class CadenceQuery:
    """The phrase and the options as typed; `zone`, `country`, `region` and `closed` may be empty."""

    phrase: str
    zone: str = "UTC"
    first: str = ""
    count: int = 5
    locale: str = "en"
    country: str = ""
    region: str = ""
    closed: str = ""
    closures: Path | None = None


@dataclass(frozen=True)
class CadencePreview:
    rule: Rule
    moments: tuple[datetime, ...]  # in the rule's time zone
    warnings: tuple[str, ...]
    locale: str

    def as_json(self) -> dict[str, Any]:
        return {
            "rule": {"words": say(self.rule, self.locale), "json": json.loads(self.rule.to_json())},
            "occurrences": [moment.isoformat() for moment in self.moments],
            "warnings": list(self.warnings),
        }

    def as_lines(self) -> Iterator[str]:
        yield say(self.rule, self.locale)
        for moment in self.moments:
            yield f"  {say_moment(moment, self.rule.zone, self.locale)} ({moment.tzname()})"
        for warning in self.warnings:
            yield f"! {warning}"


def answer(query: CadenceQuery, today: date) -> CadencePreview:
    """Read the phrase and options. Raises Unreadable, in the language asked for, if one of them can't be read."""
    with speaking(query.locale):
        zone = read_zone(query.zone)
        first = _first(query.first, today)
        reading = read(query.phrase, zone=zone, today=first)
        known = ClosedDays(query.country.upper(), query.region.upper(), _closed(query, first, reading.rule.zone))
        rule, tz = reading.rule, ZoneInfo(reading.rule.zone)
        after = datetime.combine(first, time(), tz) - timedelta(seconds=1)
        count = min(max(query.count, 1), MOST)
        try:
            closed = closed_for(rule, known.country, known.region, known.closed)
            moments = tuple(m.astimezone(tz) for m in occurrences(rule, after, count=count, closed=closed))
            warnings = (*reading.warnings, *_warnings(rule, moments, known))
        except ValueError as error:
            place = f"{query.country} {query.region}".strip().upper()
            sentence = _("No public holidays are known for {country}.").format(country=place)
            raise Unreadable(sentence, "--country US --region PA") from error
    return CadencePreview(rule, moments, warnings, query.locale)


def _first(text: str, today: date) -> date:
    if not text:
        return today
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        sentence = _("--from takes a date such as {day}, not “{typed}”.").format(day=today, typed=text[:40])
        raise Unreadable(sentence, f"--from {today}") from error


def _closed(query: CadenceQuery, first: date, zone: str) -> frozenset[date]:
    closed = read_days(query.closed, first) if query.closed else frozenset()
    if query.closures:
        try:
            with query.closures.open("rb") as file:
                # One byte more than is allowed, so that a file that is too large is refused.
                closed |= read_closures(file.read(1_000_001), first, zone)
        except OSError as error:
            sentence = _("{file} cannot be read ({why}).").format(file=query.closures.name, why=error.strerror)
            raise Unreadable(sentence, "2025-12-24") from error
    return closed


def _warnings(rule: Rule, moments: tuple[datetime, ...], known: ClosedDays) -> Iterator[str]:
    """Yield what the bot would tell facilitators about closed days, and what it can't know."""
    unsaid = OnClosed.UNSAID
    if rule.closing.public is unsaid:
        for moment in moments:
            name = known.holiday(moment.date())
            if name:
                yield assumptions.stays_on_holiday(moment.date(), name)
    elif not known.country:
        yield assumptions.no_holidays_known()
    if rule.closing.own is not unsaid and rule.closing.public is unsaid and not known.closed:
        yield assumptions.no_closures_known()
