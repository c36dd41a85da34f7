"""Error messages for a cadence, date or time zone that cannot be read: what, why, and the closest correct form.

`nearest` are the forms to suggest: see `ParseError`.
"""

from datetime import date

from bot.cadence.calendar_names import long_date, month_name, weekday_name
from bot.cadence.errors import ParseError
from bot.cadence.rule import Days
from bot.i18n import gettext as _


def quote(text: str, longest: int = 40) -> str:
    """Make what was typed safe to quote in a sentence: at most `longest` characters, no markup, no mentions."""
    tame = "".join(c if c.isalnum() or c in " ,.:/+-'" else " " for c in text)
    short = " ".join(tame.split())
    return short.rstrip(",") if len(short) <= longest else short[: longest - 3].rstrip() + "..."


def nothing_typed() -> ParseError:
    return ParseError(_("Nothing was typed."))


def too_long(longest: int) -> ParseError:
    return ParseError(_("That is too long to read: use at most {longest} characters.").format(longest=longest))


def not_understood(text: str, *nearest: str | Days) -> ParseError:
    if not quote(text):
        return ParseError(_("I found no words in that."), *nearest)
    return ParseError(_('I do not understand "{words}" here.').format(words=quote(text)), *nearest)


def seasons_need_dates() -> ParseError:
    return ParseError(_("Seasons start on different days in different places. Please give the dates."))


def too_many_dates(most: int) -> ParseError:
    return ParseError(_("That is too many dates: give at most {most}.").format(most=most))


def no_days() -> ParseError:
    return ParseError(_("I cannot tell which days you mean."))


def nowhere(text: str, *nearest: str | Days) -> ParseError:
    return ParseError(_('I cannot read "{words}" as a cadence.').format(words=quote(text, 80)), *nearest)


def exception_unread(*nearest: str) -> ParseError:
    sentence = _("I cannot read that exception. I can leave out public holidays, closed days, months and dates.")
    return ParseError(sentence, *nearest)


def what_then(*nearest: str) -> ParseError:
    return ParseError(_("What should happen then: no meeting, the week after, the next day, the day before?"), *nearest)


def two_fates() -> ParseError:
    return ParseError(_("You said two different things about the same closed days. Please say one."))


def two_readings(text: str, one: str, other: str, *nearest: str | Days) -> ParseError:
    sentence = _('"{words}" can mean "{one}" or "{other}". Please say which one.')
    return ParseError(sentence.format(words=quote(text), one=one, other=other), *nearest)


def no_month_named(text: str, *nearest: str | Days) -> ParseError:
    sentence = _('"{words}" could be a single date or a day of every month. Please say which.')
    return ParseError(sentence.format(words=quote(text)), *nearest)


def once_or_weekly(text: str, *nearest: str | Days) -> ParseError:
    sentence = _('"{words}" could be one day or every week. Please say which.')
    return ParseError(sentence.format(words=quote(text)), *nearest)


def which_in_month(text: str, *nearest: str | Days) -> ParseError:
    sentence = _('"{words}" does not say which one in the month: the first, the second, the last?')
    return ParseError(sentence.format(words=quote(text)), *nearest)


def which_week(text: str, *nearest: str) -> ParseError:
    sentence = _('"{words}" could be this week or the week after. Please give the date.')
    return ParseError(sentence.format(words=quote(text)), *nearest)


def never_that_many(n: int, weekday: int, *nearest: str | Days) -> ParseError:
    sentence = _("No month has a {weekday} number {n}; there are four or five.")
    return ParseError(sentence.format(n=n, weekday=weekday_name(weekday)), *nearest)


def mixed_quarter(*nearest: str | Days) -> ParseError:
    sentence = _("The first days and the last days of a quarter are in different months. Please name the months.")
    return ParseError(sentence, *nearest)


def uneven_months(step: int, *nearest: str | Days) -> ParseError:
    sentence = _("Every {step} months does not fit a year evenly. Please name the months.")
    return ParseError(sentence.format(step=step), *nearest)


def too_many_weeks(weeks: int, *nearest: str | Days) -> ParseError:
    sentence = _("Every {weeks} weeks is not something I can keep: use 1 to 52.")
    return ParseError(sentence.format(weeks=weeks), *nearest)


def morning_or_afternoon(text: str, *nearest: str) -> ParseError:
    sentence = _('"{words}" could be in the morning or in the afternoon. Please add am or pm.')
    return ParseError(sentence.format(words=quote(text)), *nearest)


def not_a_time(text: str, *nearest: str) -> ParseError:
    return ParseError(_('"{words}" is not a time of day.').format(words=quote(text)), *nearest)


def two_times(one: str, other: str) -> ParseError:
    sentence = _('I found two times, "{one}" and "{other}". Please give one.')
    return ParseError(sentence.format(one=quote(one), other=quote(other)))


def time_missing(*nearest: str) -> ParseError:
    return ParseError(_("Please add the time of day."), *nearest)


def day_missing(*nearest: str) -> ParseError:
    return ParseError(_("Please add the day."), *nearest)


def start_only(text: str, *nearest: str) -> ParseError:
    sentence = _('"{words}" has an end. Please give only the time at which it starts.')
    return ParseError(sentence.format(words=quote(text)), *nearest)


def not_one_moment(text: str, *nearest: str) -> ParseError:
    sentence = _('I cannot read "{words}" as one date and time.')
    return ParseError(sentence.format(words=quote(text, 80)), *nearest)


def ends_before_start(text: str, *nearest: str) -> ParseError:
    return ParseError(_('"{words}" ends before it starts.').format(words=quote(text)), *nearest)


def too_short_or_long(text: str, *nearest: str) -> ParseError:
    return ParseError(_('"{words}": a meeting lasts from 1 minute to 24 hours.').format(words=quote(text)), *nearest)


def day_or_month_first(text: str, *nearest: str) -> ParseError:
    sentence = _('"{words}" has two readings, because some people write the month first and some the day.')
    return ParseError(sentence.format(words=quote(text)), *nearest)


def no_such_month(text: str) -> ParseError:
    return ParseError(_('"{words}" is not a date: there are twelve months.').format(words=quote(text)))


def no_such_day(day: int, month: int, year: int | None, *nearest: str) -> ParseError:
    name = month_name(month)
    if year is None:
        return ParseError(_("{month} has no day {day}.").format(month=name, day=day), *nearest)
    return ParseError(_("{month} {year} has no day {day}.").format(month=name, day=day, year=year), *nearest)


def wrong_weekday(day: date, weekday: int, *nearest: str) -> ParseError:
    sentence = _("{date} is a {right}, not a {wrong}.")
    when = long_date(day)
    return ParseError(
        sentence.format(date=when, right=weekday_name(day.weekday()), wrong=weekday_name(weekday)), *nearest
    )


def past(text: str, *nearest: str) -> ParseError:
    return ParseError(_('"{words}" has passed.').format(words=quote(text, 80)), *nearest)


def far_away(day: date, *nearest: str) -> ParseError:
    sentence = _("That is far away: the next one is {date}. Please write the year if you mean it.")
    return ParseError(sentence.format(date=long_date(day)), *nearest)


def no_future_date(years: int, *nearest: str) -> ParseError:
    return ParseError(_("No date in the next {years} years fits that.").format(years=years), *nearest)


def unknown_zone(text: str, *nearest: str) -> ParseError:
    sentence = _('I do not know the time zone "{words}". Name a city, such as New York or Berlin.')
    return ParseError(sentence.format(words=quote(text)), *nearest)


def in_line(line: str, why: str) -> ParseError:
    return ParseError(_('In "{line}": {why}').format(line=quote(line), why=why))


def file_too_big(kilobytes: int) -> ParseError:
    return ParseError(_("That file is too big: at most {kilobytes} kB.").format(kilobytes=kilobytes))


def file_no_text() -> ParseError:
    return ParseError(_("That file is no text. Give a list of dates or a calendar (.ics)."))


def calendar_broken() -> ParseError:
    return ParseError(_("That calendar is broken and cannot be read. Export it again, or list the dates."))


def no_closures() -> ParseError:
    return ParseError(_("That calendar has no events, so it closes no day."))


def repeats_too_long(name: str) -> ParseError:
    sentence = _('"{name}" repeats without end, for too long or in a way I cannot follow. Please list its dates.')
    return ParseError(sentence.format(name=quote(name)))


def closed_too_long(first: date, last: date) -> ParseError:
    sentence = _("{first} to {last} is longer than a year. Please give the days on which you are closed.")
    return ParseError(sentence.format(first=long_date(first), last=long_date(last)))


def closed_too_far(year: int, years: int) -> ParseError:
    sentence = _("The year {year} is too far away: give closed days for the next {years} years at most.")
    return ParseError(sentence.format(year=year, years=years))
