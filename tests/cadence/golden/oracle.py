"""Works out the golden tables without the bot: `python -m tests.cadence.golden.oracle` writes them.

Days come from dateutil's RRULE or from lists made by hand, clocks from the tz database, federal holidays from the law
that names them (5 U.S.C. 6103), and moved meetings from a walk over the calendar day by day.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

HERE = Path(__file__).parent
YEARS = range(2019, 2033)
NEW_YORK, BERLIN, SYDNEY = "America/New_York", "Europe/Berlin", "Australia/Sydney"
SECOND_WEDNESDAY = "MONTHLY;BYDAY=2WE;BYMONTH=10,11,12,1,2,3,4,5,6"
SCHOOL_MONTHS = "10,11,12,1,2,3,4,5,6"
Row = tuple[str, str, int, str, str]


def days_of(rrule: str, year: int) -> list[date]:
    """Return the days of one year. With an interval, weeks are counted from the year's first such day."""
    first = datetime(year, 1, 1)  # noqa: DTZ001, a day has no zone
    if "INTERVAL" in rrule:
        first = datetime.combine(days_of(rrule.replace("INTERVAL=2;", ""), year)[0], time())
    last = datetime(year, 12, 31)  # noqa: DTZ001
    return [moment.date() for moment in rrulestr(f"FREQ={rrule}", dtstart=first).between(first, last, inc=True)]


def row(phrase: str, zone: str, year: int, days: Iterable[date], at: str, closed: str = "") -> Row:
    """Return a row. A time that the clocks skip gets the offset from before, and of two the first counts (RFC 5545)."""
    there = ZoneInfo(zone)
    local = (datetime.combine(day, time.fromisoformat(at), there) for day in sorted(days))
    shown = (moment.astimezone(UTC).astimezone(there) for moment in local)
    return phrase, zone, year, closed, " ".join(moment.isoformat(timespec="minutes") for moment in shown)


# Phrase, RRULE, time: the rules of the source documents, and phrases that people use for them.
REPEATED = [
    ("second Wednesday of each month, October to June, 4pm", SECOND_WEDNESDAY, "16:00"),
    ("segundo miércoles de cada mes, de octubre a junio, a las 4 de la tarde", SECOND_WEDNESDAY, "16:00"),
    ("quarterly, first Monday at 9am", "MONTHLY;BYDAY=1MO;BYMONTH=1,4,7,10", "09:00"),
    ("trimestral, el primer lunes a las 9:00", "MONTHLY;BYDAY=1MO;BYMONTH=1,4,7,10", "09:00"),
    ("monthly on the third Thursday at 3:30pm", "MONTHLY;BYDAY=3TH", "15:30"),
    ("first Tuesday of each month, February to May, noon", "MONTHLY;BYDAY=1TU;BYMONTH=2,3,4,5", "12:00"),
    ("first and third Thursday at 3:30pm", "MONTHLY;BYDAY=1TH,3TH", "15:30"),
    ("last Friday of each month at noon", "MONTHLY;BYDAY=-1FR", "12:00"),
    ("fifth Friday 10am", "MONTHLY;BYDAY=5FR", "10:00"),
    ("second to last Monday of each month 4pm", "MONTHLY;BYDAY=-2MO", "16:00"),
    ("monthly on the last business day at 2pm", "MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "14:00"),
    ("first business day of the month at 8:30am", "MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", "08:30"),
    ("last day of each month at noon", "MONTHLY;BYMONTHDAY=-1", "12:00"),
    ("29th of each month in February, 9am", "MONTHLY;BYMONTH=2;BYMONTHDAY=29", "09:00"),
    ("31st of each month 9am", "MONTHLY;BYMONTHDAY=31", "09:00"),
    ("quarterly on the 15th at noon", "MONTHLY;BYMONTHDAY=15;BYMONTH=1,4,7,10", "12:00"),
    ("every other Tuesday 9:30 to 11", "WEEKLY;INTERVAL=2;BYDAY=TU", "09:30"),
    ("cada dos martes a las 9:30", "WEEKLY;INTERVAL=2;BYDAY=TU", "09:30"),
    ("every Tuesday at 4pm except in July and August", "WEEKLY;BYDAY=TU;BYMONTH=1,2,3,4,5,6,9,10,11,12", "16:00"),
]


def repeated() -> Iterator[Row]:
    for phrase, rrule, at in REPEATED:
        for year in YEARS:
            days = days_of(rrule, year)
            # Some years have no 29 February. A phrase is refused only if five years have none.
            if days:
                yield row(phrase, NEW_YORK, year, days, at)


# Chosen, not computed: near the start of each season, as an organiser would put them in the calendar.
SEASONS = {
    2019: "09-25 12-11", 2020: "03-11 06-03 09-23 12-09", 2021: "03-10 06-02 09-22 12-08", 2022: "03-09 06-01",
}  # fmt: skip
# Phrase, and the local time of each date: the dates of the source documents, as they are written there.
TIMELINE = [
    ("September 12th, 2019 at 9am", "2019-09-12T09:00"),
    ("October 3rd, 2019 at 9am", "2019-10-03T09:00"),
    ("October 10th, 2019 at 9am", "2019-10-10T09:00"),
    ("October 17th, 2019 at 9am", "2019-10-17T09:00"),
    ("November 14th, 2019 at 9am", "2019-11-14T09:00"),
    ("December 9th, 2019 at 4pm", "2019-12-09T16:00"),
    ("January 30th, 2020, 8am – 12pm", "2020-01-30T08:00"),
    ("May 8, 2020 at 5pm", "2020-05-08T17:00"),
    ("June 9th, 2020 at 9am", "2020-06-09T09:00"),
    ("July 9th, 2020 at 9am", "2020-07-09T09:00"),
    ("October 2nd, 2020 at 9am", "2020-10-02T09:00"),
    ("October 14th, 2020, 3:00 – 4:30 p.m., EST", "2020-10-14T15:00"),
    ("Feb 14, Mar 16, Apr 15, May 15, Jun 15, 2020 at 4pm", "2020-02-14 2020-03-16 2020-04-15 2020-05-15 2020-06-15"),
    ("14 de octubre de 2020 a las 3 de la tarde", "2020-10-14T15:00"),
]
NAMES = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
         "December")  # fmt: skip


def chosen() -> Iterator[Row]:
    for phrase, listed in TIMELINE:
        moments = [datetime.fromisoformat(each if "T" in each else f"{each}T16:00") for each in listed.split()]
        yield row(phrase, NEW_YORK, moments[0].year, [m.date() for m in moments], f"{moments[0]:%H:%M}")
    for year, listed in SEASONS.items():
        days = [date.fromisoformat(f"{year}-{each}") for each in listed.split()]
        said = ", ".join(f"{NAMES[day.month - 1]} {day.day}" for day in days)
        yield row(f"seasonally: {said} at 10am", NEW_YORK, year, days, "10:00")
    for year in YEARS:
        four = [date(year, *each) for each in ((1, 13), (4, 14), (6, 9), (10, 14))]
        yield row(
            f"Oct 14 {year}, Jan 13 {year}, Apr 14 {year} and Jun 9 {year} at 3pm Eastern",
            NEW_YORK,
            year,
            four,
            "15:00",
        )


# Zone, and the months in which its clocks go forward and back.
CLOCKS = [
    (NEW_YORK, "March", "November"), (BERLIN, "March", "October"), ("Europe/London", "March", "October"),
    (SYDNEY, "October", "April"), ("Pacific/Auckland", "September", "April"),
    ("America/Santiago", "September", "April"),
    ("Australia/Adelaide", "October", "April"), ("Australia/Lord_Howe", "October", "April"),
    ("America/Phoenix", "March", "November"), ("Asia/Kolkata", "March", "October"),
]  # fmt: skip


def clocks() -> Iterator[Row]:
    for zone, *months in CLOCKS:
        for month in months:
            number = NAMES.index(month) + 1
            for year in (2024, 2025, 2026):
                for at, said in (("02:30", "2:30am"), ("16:00", "4pm")):
                    days = days_of(f"WEEKLY;BYDAY=SU;BYMONTH={number}", year)
                    yield row(f"every Sunday in {month} at {said}", zone, year, days, at)


def weeks() -> Iterator[Row]:
    """Yield weeks counted through years with 53 ISO weeks: 2020, 2026, and 2032."""
    for start, phrase, step in (
        (date(2020, 12, 14), "every other Monday starting December 14, 2020 at 10am", 14),
        (date(2026, 12, 14), "every other Monday starting December 14, 2026 at 10am", 14),
        (date(2026, 12, 28), "every 3 weeks on Monday starting December 28, 2026 at 10am", 21),
        (date(2032, 12, 20), "every other Monday starting December 20, 2032 at 10am", 14),
        (date(2019, 12, 30), "every 5 weeks on Monday starting December 30, 2019 at 10am", 35),
    ):
        for year in (start.year, start.year + 1):
            days = (start + timedelta(days=step * n) for n in range(80))
            yield row(phrase, BERLIN, year, [day for day in days if day.year == year], "10:00")


def federal(year: int) -> set[date]:
    """Return the holidays of 5 U.S.C. 6103, and the Friday before or Monday after for one on a weekend."""
    nth = {"BYDAY=3MO;BYMONTH=1", "BYDAY=3MO;BYMONTH=2", "BYDAY=-1MO;BYMONTH=5", "BYDAY=1MO;BYMONTH=9",
           "BYDAY=2MO;BYMONTH=10", "BYDAY=4TH;BYMONTH=11"}  # fmt: skip
    found = {day for each in nth for day in days_of(f"MONTHLY;{each}", year)}
    for month, day in ((1, 1), (7, 4), (11, 11), (12, 25), *(((6, 19),) if year >= 2021 else ())):
        on = date(year, month, day)
        found |= {on, on + timedelta(days={5: -1, 6: 1}.get(on.weekday(), 0))}
    return found | ({date(year, 12, 31)} if date(year + 1, 1, 1).weekday() == 5 else set())


def moved(day: date, how: str, closed: set[date]) -> date | None:
    """Return where a meeting on a closed day goes, searching one day at a time."""
    if how == "skip":
        return None
    tried = day
    while tried in closed or (how != "week" and tried.weekday() >= 5):
        tried += timedelta(days={"week": 7, "after": 1, "before": -1}[how])
    return tried


# What is said, and what becomes of the meeting.
ON_HOLIDAYS = [
    ("third Monday except public holidays, 4pm", "skip", "MONTHLY;BYDAY=3MO"),
    ("third Monday unless it is a public holiday, then the week after, 4pm", "week", "MONTHLY;BYDAY=3MO"),
    ("fourth Thursday unless it is a holiday, then the next day, 4pm", "after", "MONTHLY;BYDAY=4TH"),
    (
        "second Wednesday unless it falls on a federal holiday, in which case the day before, 4pm",
        "before",
        "MONTHLY;BYDAY=2WE",
    ),
    ("tercer lunes, salvo que sea feriado, entonces la semana siguiente, a las 16:00", "week", "MONTHLY;BYDAY=3MO"),
]


def on_holidays() -> Iterator[Row]:
    for phrase, how, rrule in ON_HOLIDAYS:
        for year in YEARS:
            closed = federal(year) | federal(year + 1)
            days = [moved(day, how, closed) if day in closed else day for day in days_of(rrule, year)]
            yield row(phrase, NEW_YORK, year, [day for day in days if day], "16:00", "US")


# First and last day of Ramadan and of the two feasts as one community announced them: they follow the moon, so they
# are given as dates and cannot be computed.
MOON = {
    2023: ("2023-03-23..2023-04-20", "2023-04-21..2023-04-23", "2023-06-28..2023-06-30"),
    2024: ("2024-03-11..2024-04-09", "2024-04-10..2024-04-12", "2024-06-16..2024-06-18"),
    2025: ("2025-03-01..2025-03-29", "2025-03-30..2025-04-01", "2025-06-06..2025-06-08"),
    2026: ("2026-02-18..2026-03-19", "2026-03-20..2026-03-22", "2026-05-27..2026-05-29"),
    2027: ("2027-02-08..2027-03-09", "2027-03-10..2027-03-12", "2027-05-16..2027-05-18"),
}


def by_the_moon() -> Iterator[Row]:
    for year, stretches in MOON.items():
        closed = {day for stretch in stretches for day in between(stretch)}
        given = ",".join(stretches)
        tuesdays = days_of(f"WEEKLY;BYDAY=TU;BYMONTH={SCHOOL_MONTHS}", year)
        skipped = [day for day in tuesdays if day not in closed]
        yield row("every Tuesday, October to June, 4pm, except our closed days", BERLIN, year, skipped, "16:00", given)
        first = [moved(day, "after", closed) if day in closed else day for day in days_of("MONTHLY;BYDAY=1WE", year)]
        # If the whole month is closed, its meeting is left out rather than moved to the next one's or later.
        kept = [
            day
            for day, named in zip(first, days_of("MONTHLY;BYDAY=1WE", year), strict=True)
            if day and fits(day, named)
        ]
        yield row("first Wednesday at 4pm unless closed, then the next working day", BERLIN, year, kept, "16:00", given)
        days = days_of("WEEKLY;INTERVAL=2;BYDAY=TU", year)
        every_other = [day for day in days if day not in closed]
        yield row("every other Tuesday 9:30 to 11 except school holidays", BERLIN, year, every_other, "09:30", given)


def between(stretch: str) -> list[date]:
    first, last = (date.fromisoformat(each) for each in stretch.split(".."))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def fits(met: date, named: date) -> bool:
    """Return whether the meeting is before the next month's first Wednesday."""
    following = date(named.year + named.month // 12, named.month % 12 + 1, 1)
    return met < following + timedelta(days=(2 - following.weekday()) % 7)


TABLES = {
    "rules.tsv": repeated,
    "dates.tsv": chosen,
    "clocks.tsv": clocks,
    "weeks.tsv": weeks,
    "holidays.tsv": on_holidays,
    "closures.tsv": by_the_moon,
}


def table(name: str) -> str:
    lines = ["phrase\tzone\tyear\tclosed\tdates", *("\t".join(map(str, each)) for each in TABLES[name]())]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for name in TABLES:
        (HERE / name).write_text(table(name), encoding="utf-8")
