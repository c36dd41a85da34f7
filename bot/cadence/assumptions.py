"""Warnings about what the bot assumed while reading a cadence. People see them before they confirm it."""

from collections.abc import Iterable
from datetime import date, time

from bot.cadence.calendar_names import clock, listed, long_date, month_name
from bot.cadence.error_messages import quote
from bot.cadence.time_zones import place_of
from bot.i18n import gettext as _
from bot.i18n import locale, ngettext


def no_time_said(at: time) -> str:
    return _("No time of day was given, so I took {time}.").format(time=clock(at))


def took_morning(text: str, at: time) -> str:
    sentence = _('I took "{words}" as {time}. Write pm if you meant the evening.')
    return sentence.format(words=quote(text), time=clock(at))


def not_the_time_there(zone_words: str, zone: str, day: date, shown: str, at: time) -> str:
    sentence = _(
        '"{said}" is not the time in {zone} on {date} ({shown}). I use {zone} time: {time} there, all year round.'
    )
    when, place = long_date(day), place_of(zone, locale())
    return sentence.format(said=quote(zone_words).upper(), zone=place, date=when, shown=shown, time=clock(at))


def short_months(days: str) -> str:
    return _("Months without a {days} are passed over.").format(days=days)


def dates_passed(count: int) -> str:
    return ngettext("One of these dates has passed.", "{n} of these dates have passed.", count).format(n=count)


def far_ahead(day: date) -> str:
    sentence = _("The first date is {date}. Write the year if you meant an earlier one.")
    return sentence.format(date=long_date(day))


def not_as_many(expected: int, given: int) -> str:
    return _("You said {said} times a year and gave {given} dates.").format(said=expected, given=given)


def took_months(months: Iterable[int]) -> str:
    named = listed([month_name(month) for month in months])
    return _("I took these months: {months}. Name the months if you meant others.").format(months=named)


def leaves_nothing_out(day: date) -> str:
    return _("Leaving out {date} changes nothing: there is no meeting then.").format(date=long_date(day))


def stays_on_holiday(day: date, name: str) -> str:
    sentence = _("{date} is a public holiday ({name}). The meeting stays; say what should happen if it should not.")
    return sentence.format(date=long_date(day), name=quote(name))


def no_holidays_known() -> str:
    return _("No country is set, so I know of no public holidays.")


def no_closures_known() -> str:
    return _("No closed days are set, so I know of none.")
