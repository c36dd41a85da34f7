"""Names of days and months, and formatted dates and times, in the current locale (`bot.i18n`)."""

import re
from collections.abc import Sequence
from datetime import date, time

from babel.core import Locale
from babel.dates import format_date, format_skeleton, format_time, get_day_names, get_month_names
from babel.lists import format_list

from bot.i18n import locale

# Babel puts this before AM and PM. People type and copy a plain space.
_NARROW_SPACE = "\u202f"


def weekday_name(weekday: int) -> str:
    """Say a weekday; Monday is 0."""
    return str(get_day_names("wide", locale=_spoken())[weekday])


def month_name(month: int) -> str:
    """Say a month; January is 1."""
    return str(get_month_names("wide", locale=_spoken())[month])


def long_date(day: date) -> str:
    """Say a date: "October 8, 2025"."""
    return format_date(day, "long", locale=_spoken())


def short_date(day: date) -> str:
    """Say a date in short: "Wed, Oct 8, 2025"."""
    return format_skeleton("yMMMEd", day, locale=_spoken())


def clock(at: time) -> str:
    """Say a time: "4:00 PM", or in 24-hour locales "04:00", because "4:00" may be taken for the afternoon."""
    shown = format_time(at, "short", locale=_spoken()).replace(_NARROW_SPACE, " ")
    return f"0{shown}" if re.fullmatch("[0-9]:[0-9]{2}", shown) else shown


def listed(items: Sequence[str]) -> str:
    """Join words: "first, third, and fifth"."""
    return format_list(list(items), locale=_spoken())


def _spoken() -> Locale:
    return Locale.parse(locale())
