"""Reads a cadence that is a list of dates: "Oct 14, Jan 13, Apr 14 and Jun 9 at 3pm"."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.cadence import assumptions, error_messages
from bot.cadence.describe import say
from bot.cadence.parse import dates, times
from bot.cadence.parse.dates import TypedDate
from bot.cadence.parse.time_zone_words import Zoned
from bot.cadence.parse.tokens import Word, WordList
from bot.cadence.rule import Dates, Rule

MOST = 50  # dates in one list
FAR = timedelta(days=300)


def chosen_dates(words: WordList, lengths: list[Word], zoned: Zoned, today: date) -> tuple[Rule, list[str]]:
    """Return the rule for dates and their times, and warnings about it."""
    listed = list(dates.items(words))
    if len(listed) > MOST:
        raise error_messages.too_many_dates(MOST)
    days = dates.resolve([item for item, _beside in listed], today)
    for (item, _beside), day in zip(listed, days, strict=True):
        dates.check_weekday(item, day, zoned.text)
    slots = _slots(words, [beside for _item, beside in listed], lengths)
    moments = sorted({datetime.combine(day, slot.at) for day, slot in zip(days, slots, strict=True)})
    rule = Rule(Dates(tuple(moments)), moments[0].time(), zoned.zone, slots[0].minutes)
    yearly, passed = words.has("S"), sum(moment.date() < today for moment in moments)
    if passed == len(moments):
        raise error_messages.past(zoned.text, _in_coming_years([item for item, _beside in listed], rule, today))
    warnings = [*slots[0].warnings]
    if passed:
        warnings.append(assumptions.dates_passed(passed))
    if yearly and yearly.number and yearly.number != len(moments):
        warnings.append(assumptions.not_as_many(yearly.number, len(moments)))
    if listed[0][0].year is None and days[0] - today > FAR:
        warnings.append(assumptions.far_ahead(days[0]))
    return rule, warnings


def _slots(words: WordList, beside: list[Word | None], lengths: list[Word]) -> list[times.Slot]:
    """Return the time of each date: its own, or else that of the date before it. A single time is for all dates."""
    given = [word for word in words.left if word.sign == "t"]
    if len(given) < 2:
        return [times.slot(given[0] if given else None, lengths)] * len(beside)
    if len(given) > sum(word is not None for word in beside):
        raise error_messages.two_times(given[0].text, given[1].text)
    if beside[0] is None:
        raise error_messages.time_missing()
    slots: list[times.Slot] = []
    for word in beside:
        slots.append(times.slot(word, lengths) if word else slots[-1])
    if len({slot.minutes for slot in slots}) > 1:
        raise error_messages.two_times(given[0].text, given[1].text)
    return slots


def _in_coming_years(listed: list[TypedDate], rule: Rule, today: date) -> str:
    """Say the same days in the coming years, for a suggestion."""
    coming = dates.resolve([replace(item, year=None) for item in listed], today)
    moments = sorted({datetime.combine(day, rule.at) for day in coming})
    return say(replace(rule, days=Dates(tuple(moments))))
