"""Says rules, moments and time zones in the bot's own words, so that people see what it understood."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.cadence import rule as rules
from bot.cadence.calendar_names import clock, listed, long_date, month_name, short_date, weekday_name
from bot.cadence.rule import (
    BusinessDays,
    Closing,
    Dates,
    MonthDays,
    NthWeekdays,
    OnClosed,
    RelativeWeekday,
    Rule,
    Weekly,
    season,
)
from bot.cadence.time_zones import place_of
from bot.i18n import gettext as _
from bot.i18n import locale as spoken
from bot.i18n import ngettext, speaking


def say(rule: Rule, locale: str = "en", usual: int = rules.USUAL_MINUTES) -> str:
    """Say a rule: "second Wednesday of each month, October to June, 4:00 PM, New York time".

    A length of `usual` minutes is not mentioned.
    """
    with speaking(locale):
        return ", ".join(
            [
                *_days(rule),
                *_bounds(rule),
                *_closing(rule.closing),
                *_hours(rule, usual),
                _("{zone} time").format(zone=place_of(rule.zone, spoken())),
            ]
        )


def say_moment(moment: datetime, zone: str, locale: str = "en") -> str:
    """Say a moment in the local time of `zone`: "Wed, Oct 8, 2025, 4:00 PM"."""
    local = moment.astimezone(ZoneInfo(zone))
    with speaking(locale):
        return f"{short_date(local.date())}, {clock(local.time())}"


def say_zone(zone: str, locale: str = "en") -> str:
    """Say a zone by its city: "New York"."""
    with speaking(locale):
        return place_of(zone, spoken())


def say_which(days: NthWeekdays | RelativeWeekday | MonthDays | BusinessDays) -> str:
    """Say days of a month, without the month: "first and third Thursday", "15th and last day"."""
    match days:
        case NthWeekdays(nth) if len({weekday for _n, weekday in nth}) == 1:
            return _nth_weekday(listed([_nth(n) for n, _weekday in nth]), nth[0][1])
        case NthWeekdays(nth):
            return listed([_nth_weekday(_nth(n), weekday) for n, weekday in nth])
        case RelativeWeekday(weekday, n, anchor, before):
            beside = _("{weekday} before the {nth} {anchor}") if before else _("{weekday} after the {nth} {anchor}")
            return beside.format(weekday=weekday_name(weekday), nth=_nth(n), anchor=weekday_name(anchor))
        case BusinessDays(nth=counted):
            return _("{nth} business day").format(nth=listed([_nth(n) for n in counted]))
        case MonthDays(numbers):
            return listed([_numbered(n) if n > 0 else _("last day") for n in numbers])
        case never:
            assert_never(never)


def say_monthly(days: NthWeekdays | RelativeWeekday | MonthDays | BusinessDays) -> str:
    return _("{days} of each month").format(days=say_which(days))


def _days(rule: Rule) -> Iterator[str]:
    match rule.days:
        case Dates(moments) if len({moment.time() for moment in moments}) == 1:
            yield "; ".join(long_date(moment.date()) for moment in moments)
        case Dates(moments):
            each = _("{date} at {time}")
            yield "; ".join(each.format(date=long_date(m.date()), time=clock(m.time())) for m in moments)
        case Weekly():
            yield say_weekly(rule.days)
            yield from _months(rule)
        case MonthDays() | NthWeekdays() | RelativeWeekday() | BusinessDays():
            named = _months_named(rule)
            # Not for days of the month: "15th of January" would be one date.
            if named and not isinstance(rule.days, MonthDays):
                yield _("{days} of {months}").format(days=say_which(rule.days), months=named)
            else:
                yield say_monthly(rule.days)
                yield from _months(rule)
        case never:
            assert_never(never)


def say_weekly(days: Weekly) -> str:
    names = listed([weekday_name(weekday) for weekday in days.weekdays])
    if days.every > 2:
        return _("every {n} weeks on {weekdays}").format(n=days.every, weekdays=names)
    if days.every == 2 and len(days.weekdays) > 1:
        return _("every other week on {weekdays}").format(weekdays=names)
    if days.every == 2:
        return _("every other {weekdays}").format(weekdays=names)
    return _("every day") if days.weekdays == rules.ALL_WEEK else _("every {weekdays}").format(weekdays=names)


def _months(rule: Rule) -> Iterator[str]:
    span, named = season(rule.months), _months_named(rule)
    if span:
        yield _("{first} to {last}").format(first=month_name(span[0]), last=month_name(span[1]))
    elif named:
        yield _("in {months}").format(months=named)


def _months_named(rule: Rule) -> str:
    """Say the months by name; "" if they are the whole year or one stretch of it."""
    if rule.months == rules.ALL_MONTHS or season(rule.months):
        return ""
    return listed([month_name(month) for month in rule.months])


def _bounds(rule: Rule) -> Iterator[str]:
    if rule.start:
        yield _("starting {date}").format(date=long_date(rule.start))
    if rule.until:
        yield _("until {date}").format(date=long_date(rule.until))


def _closing(closing: Closing) -> Iterator[str]:
    for fate in (OnClosed.SKIP, OnClosed.KEEP, OnClosed.WEEK_LATER, OnClosed.DAY_AFTER, OnClosed.DAY_BEFORE):
        kinds = (closing.public is fate, closing.own is fate)
        if fate is OnClosed.SKIP and (any(kinds) or closing.dates):
            left_out = [_holidays(*kinds)] if any(kinds) else []
            left_out += [_stretch(first, last) for first, last in closing.dates]
            yield _("except {days}").format(days=_(" and ").join(left_out))
        elif fate is OnClosed.KEEP and any(kinds):
            yield _("also on {days}").format(days=_holidays(*kinds))
        elif any(kinds):
            yield _("unless it is {holiday}, then {day}").format(holiday=_a_holiday(*kinds), day=_moved_to(fate))


def _holidays(public: bool, own: bool) -> str:
    if public and own:
        return _("public holidays and our closed days")
    return _("public holidays") if public else _("our closed days")


def _a_holiday(public: bool, own: bool) -> str:
    if public and own:
        return _("a public holiday or one of our closed days")
    return _("a public holiday") if public else _("one of our closed days")


def _moved_to(fate: OnClosed) -> str:
    if fate is OnClosed.WEEK_LATER:
        return _("the week after")
    return _("the next working day") if fate is OnClosed.DAY_AFTER else _("the working day before")


def _stretch(first: date, last: date) -> str:
    if first == last:
        return long_date(first)
    return _("{first_day} to {last_day}").format(first_day=long_date(first), last_day=long_date(last))


def _hours(rule: Rule, usual: int) -> Iterator[str]:
    if isinstance(rule.days, Dates) and len({moment.time() for moment in rule.days.moments}) > 1:
        yield from _length(rule, usual)
        return
    end = timedelta(hours=rule.at.hour, minutes=rule.at.minute + rule.minutes)
    if rule.minutes == usual or end >= timedelta(days=1):
        yield clock(rule.at)
        yield from _length(rule, usual)
    else:
        last = time(*divmod(int(end.total_seconds()) // 60, 60))
        yield _("{start} to {end}").format(start=clock(rule.at), end=clock(last))


def _length(rule: Rule, usual: int) -> Iterator[str]:
    if rule.minutes != usual:
        yield ngettext("for {n} minute", "for {n} minutes", rule.minutes).format(n=rule.minutes)


def _nth(n: int) -> str:
    names = {
        1: _("first"),
        2: _("second"),
        3: _("third"),
        4: _("fourth"),
        5: _("fifth"),
        -1: _("last"),
        -2: _("second to last"),
    }
    return names[n]


def _numbered(day: int) -> str:
    """Say the number of a day: "1st", "22nd" in English, plain digits in other languages."""
    if not spoken().startswith("en"):
        return str(day)
    ending = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _nth_weekday(nth: str, weekday: int) -> str:
    return _("{nth} {weekday}").format(nth=nth, weekday=weekday_name(weekday))
