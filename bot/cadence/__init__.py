"""
When a community meets, in plain words.

`read` turns "second Wednesday of each month, October to June, 4pm" into a `Rule`, or raises `Unreadable` with the
nearest form that can be read; `say` says the rule back, and `occurrences` gives its dates; `locale_to_read` is the
language to say it in so that whoever reads it can type it again. `read_moment` and
`read_zone` read one date and one time zone; `zones_near` says which zones other words may mean. `is_closed` and
`add_working_days` know weekends, public holidays and the community's own closures; `ClosedDays` holds the last two
for `occurrences`, and `closed_for` those of them that matter to a rule. `read_closures` reads them from a list or a
calendar.

Nothing here touches a database or asks what time it is.
"""

from bot.cadence.describe import say, say_moment, say_zone
from bot.cadence.errors import Unreadable
from bot.cadence.occurrences import occurrences
from bot.cadence.parse.closures import read_closures, read_days
from bot.cadence.parse.languages import locale_to_read
from bot.cadence.parse.parser import Reading, read
from bot.cadence.parse.single_datetime import read_moment
from bot.cadence.parse.time_zone_suggestions import zones_near
from bot.cadence.rule import BusinessDays, Closing, Dates, Days, MonthDays, NthWeekdays, OnClosed, Rule, Weekly
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
