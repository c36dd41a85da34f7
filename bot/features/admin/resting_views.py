"""Every word about days of rest."""

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date

from bot.markup import command, cut, esc
from bot.text import gettext as _
from bot.text import locale
from bot.ui import Message, Note, Text, card


def _day(day: date) -> str:
    return format_date(day, "EEE, d MMM yyyy" if not locale().startswith("en") else "EEE, MMM d, yyyy", locale=locale())


def stretches(days: Sequence[date]) -> list[str]:
    """Days in a row are said as one stretch."""
    runs: list[list[date]] = []
    for day in days:
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [
        _day(run[0]) if len(run) == 1 else _("{first} to {last}").format(first=_day(run[0]), last=_day(run[-1]))
        for run in runs
    ]


def _list(days: Sequence[date]) -> str:
    return "\n".join(f"- {stretch}" for stretch in stretches(days)[:30])


def unreadable_days(why: str, right: str) -> str:
    return _("{why} Like this: {right}").format(why=esc(why), right=command(right, "admin"))


def too_many_days(typed: str) -> str:
    return _("“{typed}” ends before it starts, or is more than a hundred days. Like this: {right}").format(
        typed=esc(cut(typed, 40)), right=command("closure add Dec 24 to Jan 2", "admin")
    )


def closed(days: Sequence[date]) -> Message:
    return Message(
        (
            Text(_("The community is left in peace on:") + "\n\n" + _list(days)),
            Note(_("Nothing is asked then and no meeting is planned; what would have fallen there moves.")),
        )
    )


def opened(days: Sequence[date]) -> Message:
    return card(_("Ordinary days again:") + "\n\n" + _list(days))


def not_closed(days: Sequence[date]) -> str:
    return _("Nothing was closed on {days}. {list} shows what is.").format(
        days=", ".join(stretches(days)[:3]), list=command("closure list", "admin")
    )


def closures(days: Sequence[date], country: str) -> Message:
    listed = _list(days) or _("No day is closed.")
    kept = _("Weekends are kept free of questions too")
    kept += _(", and the public holidays of {country}.").format(country=country) if country else "."
    return Message((Text(listed), Note(kept)), title=_("Days of rest"))
