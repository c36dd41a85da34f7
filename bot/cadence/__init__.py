"""Cadences: reads when a community meets from plain words, says it back, and works out the dates.

`read` turns "second Wednesday of each month, October to June, 4pm" into a `Rule`, or raises `Unreadable` with the
closest form that can be read. `say` says a rule in words, in the locale that `locale_to_read` chooses so that people
can type the words again. `occurrences` yields the dates of a rule.

`read_moment` reads one date and time, and `read_zone` a time zone; `zones_near` suggests zones for words that name
none. `read_closures` reads closed days from a list or a calendar.

`is_closed` and `add_working_days` know weekends, public holidays and the community's own closed days. `ClosedDays`
holds the last two for `occurrences`; `closed_for` picks those that matter to a rule.

No function here uses a database or asks what time it is.
"""

from bot.cadence.describe import say, say_moment, say_zone
from bot.cadence.errors import Unreadable
from bot.cadence.occurrences import occurrences
from bot.cadence.parse.closures import read_closures, read_days
from bot.cadence.parse.languages import locale_to_read
from bot.cadence.parse.parser import Reading, read
from bot.cadence.parse.single_datetime import read_moment
from bot.cadence.parse.time_zone_suggestions import zones_near
from bot.cadence.rule import (
    BusinessDays,
    Closing,
    Dates,
    Days,
    MonthDays,
    NthWeekdays,
    OnClosed,
    RelativeWeekday,
    Rule,
    Weekly,
)
from bot.cadence.time_zones import read_zone, zones_like
from bot.cadence.working_days import ClosedDays, add_working_days, closed_for, is_closed

__all__ = [
    "BusinessDays",
    "ClosedDays",
    "Closing",
    "Dates",
    "Days",
    "MonthDays",
    "NthWeekdays",
    "OnClosed",
    "Reading",
    "RelativeWeekday",
    "Rule",
    "Unreadable",
    "Weekly",
    "add_working_days",
    "closed_for",
    "is_closed",
    "locale_to_read",
    "occurrences",
    "read",
    "read_closures",
    "read_days",
    "read_moment",
    "read_zone",
    "say",
    "say_moment",
    "say_zone",
    "zones_like",
    "zones_near",
]
