"""Formats moments in the reader's time zone and language."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from babel.dates import (
    format_date,
    format_skeleton,
    format_time,
    format_timedelta,
    get_timezone_location,
    get_timezone_name,
)

from adapters.html.writer import Html, tag
from bot.i18n import locale
from bot.ui.markup import Style


@dataclass(frozen=True)
class Reader:
    """Who a page is rendered for. `now` is aware."""

    person: str
    zone: ZoneInfo
    now: datetime

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)


def day(reader: Reader, at: datetime) -> str:
    """Format as "Wednesday, October 14, 2026"."""
    return format_date(reader.local(at).date(), "full", locale=_locale())


def near_day(reader: Reader, at: datetime) -> str:
    """Format as "Wed, Oct 14", with the year unless it is the current one."""
    local = reader.local(at)
    same = local.year == reader.local(reader.now).year
    return format_skeleton("MMMEd" if same else "yMMMEd", local, locale=_locale())


def clock_time(reader: Reader, at: datetime) -> str:
    """Format as "4:00 PM"."""
    # Babel puts a narrow no-break space before PM, which several common fonts lack.
    return format_time(at, "short", tzinfo=reader.zone, locale=_locale()).replace("\u202f", "\u00a0")


def zone(reader: Reader, at: datetime) -> str:
    """Format as "New York, Eastern Daylight Time"."""
    place = get_timezone_location(reader.zone, locale=_locale(), return_city=True)
    name = get_timezone_name(reader.local(at), width="long", locale=_locale())
    return f"{place}, {name}"


def short_zone(reader: Reader, at: datetime) -> str:
    """Format as "EDT"."""
    return get_timezone_name(reader.local(at), width="short", locale=_locale())


def distance(reader: Reader, at: datetime) -> str:
    """Format as "in 2 days"."""
    return format_timedelta(at - reader.now, add_direction=True, locale=_locale())


def words(reader: Reader, at: datetime, style: Style) -> str:
    match style:
        case "full":
            return f"{near_day(reader, at)}, {clock_time(reader, at)} {short_zone(reader, at)}"
        case "day":
            return near_day(reader, at)
        case "time":
            return f"{clock_time(reader, at)} {short_zone(reader, at)}"
        case "relative":
            return distance(reader, at)
        case _:
            assert_never(style)


def whole(reader: Reader, at: datetime) -> str:
    """Format as "Wednesday, October 14, 2026, 4:00 PM EDT"."""
    return f"{day(reader, at)}, {clock_time(reader, at)} {short_zone(reader, at)}"


def moment(reader: Reader, at: datetime, style: Style) -> Html:
    """Render a `<time>` that shows the whole moment on hover. The page's script updates relative ones."""
    return tag(
        "time",
        words(reader, at, style),
        datetime=machine(at),
        title=whole(reader, at),
        data_relative=style == "relative",
    )


def posted_at(reader: Reader, at: datetime, under: datetime | None = None) -> Html:
    """Render when a post was made: the time, and the day too if it replies to a post of another day (`under`)."""
    text = clock_time(reader, at)
    if under and reader.local(under).date() != reader.local(at).date():
        text = f"{near_day(reader, at)}, {text}"
    return tag("time", text, datetime=machine(at), title=whole(reader, at))


def machine(at: datetime) -> str:
    """Format for an HTML `datetime` attribute, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _locale() -> str:
    return locale().replace("-", "_")
