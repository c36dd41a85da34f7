"""Messages about tentative meetings."""

from collections.abc import Sequence

from bot.cadence.calendar_names import month_name
from bot.i18n import gettext as _
from bot.ui import Button, Message, Note, Part, Select, Text
from bot.ui.markup import command, cut, esc
from storage.meetings.tentative import MONTH, SEASON, TentativeMeeting

SHOWN = 20


def when(row: TentativeMeeting) -> str:
    """Say when it is, as exactly as that is known: "in February 2027", "in spring"."""
    if row.precision == MONTH:
        month = month_name(row.part)
        return (
            _("in {month} {year}").format(month=month, year=row.year)
            if row.year
            else _("in {month}").format(month=month)
        )
    if row.precision == SEASON:
        season = {1: _("spring"), 2: _("summer"), 3: _("autumn"), 4: _("winter")}[row.part]
        with_year = _("in {season} {year}").format(season=season, year=row.year)
        return with_year if row.year else _("in {season}").format(season=season)
    return _("in {year}").format(year=row.year)


def line(row: TentativeMeeting) -> str:
    return _("- {title}: {when}, the day is not known yet").format(title=esc(cut(row.title, 80)), when=when(row))


def lines(rows: Sequence[TentativeMeeting]) -> tuple[Part, ...]:
    """Return the part that lists tentative meetings after upcoming ones; nothing if there are none."""
    if not rows:
        return ()
    return (Text("\n".join([_("**Also expected**"), "", *map(line, rows[:5])])),)


def saved(row: TentativeMeeting) -> Message:
    text = _("Written down: **{title}**, {when}. No day is set, so nothing is timed by it yet.").format(
        title=esc(row.title), when=when(row)
    )
    note = Note(
        _("Members see it with {next}. {expected} sets the day, once it is known.").format(
            next=command("next"), expected=command("meeting expected", "facilitator")
        )
    )
    return Message((Text(text), note), actions=(Button(_("Set the day"), "meetings.set_day", str(row.id)),))


def listed(rows: Sequence[TentativeMeeting]) -> Message:
    if not rows:
        text = _("Of every meeting that is planned the day is known. {schedule} February 2027 writes down one more.")
        return Message((Text(text.format(schedule=command("meeting schedule", "facilitator"))),))
    shown = rows[:SHOWN]
    choices = tuple((str(row.id), cut(f"{row.title}, {when(row)}", 75)) for row in shown)
    return Message(
        (Text("\n".join(map(line, shown))), Note(_("Nothing is timed by these until their day is set."))),
        title=_("The day is not known yet"),
        actions=(
            Select(_("Set the day"), "meetings.set_day", choices),
            Select(_("Take off the list"), "meetings.unexpect", choices),
        ),
    )


def taken_off(row: TentativeMeeting) -> Message:
    text = _("Taken off the list: {title}, {when}.").format(title=esc(row.title), when=when(row))
    return Message((Text(text),), replace=True)


def not_found() -> str:
    return _("That meeting is no longer on the list; its day may have been set. Nothing has changed.")
