"""Messages and forms about closed days."""

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date

from bot.i18n import gettext as _
from bot.i18n import locale, ngettext
from bot.ui import MAX_ANSWER, Form, Message, Note, Text, TextField, card
from bot.ui.markup import command, cut, esc

LISTED = 30


def _day(day: date) -> str:
    return format_date(day, "EEE, d MMM yyyy" if not locale().startswith("en") else "EEE, MMM d, yyyy", locale=locale())


def stretches(days: Sequence[date]) -> list[str]:
    """Describe sorted `days`, consecutive ones as one stretch: "Thu, Dec 24, 2026 to Sat, Dec 26, 2026"."""
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
    lines = [f"- {stretch}" for stretch in stretches(days)]
    more = len(lines) - LISTED
    rest = [ngettext("and {n} more", "and {n} more", more).format(n=more)] if more > 0 else []
    return "\n".join([*lines[:LISTED], *rest])


def form(typed: str = "") -> Form:
    field = TextField(
        "days",
        _("The days, one or a stretch on each line"),
        long=True,
        initial=typed,
        max_length=MAX_ANSWER,
        hint=_("For example: 2026-12-21 to 2027-01-03. Or the text of a calendar file (.ics)."),
    )
    intro = _("Nothing is asked on these days and no meeting is planned. A longer calendar is read by whoever runs me.")
    return Form("admin.closures", _("Days of rest"), (field,), submit=_("Close these days"), intro=intro)


def unreadable_list(why: str, right: str) -> str:
    return _("{why} A line that I can read: {right}").format(why=why, right=right)


def all_passed() -> str:
    return _("All of these days have passed. Please give days to come.")


def unreadable_days(why: str, right: str) -> str:
    if not right:
        return esc(why)
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
    note = _("Weekends are kept free of questions too")
    note += _(", and the public holidays of {country}.").format(country=country) if country else "."
    return Message((Text(listed), Note(note)), title=_("Days of rest"))
