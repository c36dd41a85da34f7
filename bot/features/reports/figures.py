"""Numbers, shares and days as a reader of a report writes them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from babel.numbers import format_decimal, format_percent

from bot.i18n import locale


def percent(share: float) -> str:
    return format_percent(share, locale=_locale())


def decimal(value: float, digits: int = 2) -> str:
    return format_decimal(round(value, digits), locale=_locale())


def day(at: datetime, zone: ZoneInfo) -> str:
    return format_skeleton("yMMMd", at.astimezone(zone), locale=_locale())


def short_day(at: datetime, zone: ZoneInfo) -> str:
    return format_skeleton("MMMd", at.astimezone(zone), locale=_locale())


def _locale() -> str:
    return locale().replace("-", "_")
