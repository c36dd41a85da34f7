"""Messages and forms for planning or moving one meeting, and what others are told of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.cadence import Unreadable, say_moment
from bot.cadence.calendar_names import long_date
from bot.core.routes import TimerLabels
from bot.domain.meeting_types import menu
from bot.features.meetings.changes.proposal import ProposedChange
from bot.features.meetings.rules import Shift
from bot.features.meetings.views import buttons, length
from bot.i18n import gettext as _
from bot.i18n import locale
from bot.ui import Button, ChoiceField, Field, Form, Message, Note, Part, Text, TextField
from bot.ui.markup import command, cut, esc, mention, moment
from storage.meetings.change_log import MeetingChange
from storage.meetings.meetings import Meeting
from storage.people import people
from storage.people.people import Person

# Moved timers listed one by one; the rest are counted.
SHIFTS = 8


# --- planning


def schedule_form(given: Mapping[str, str], value: str = "") -> Form:
    """Ask for a meeting to plan. `given` fills the fields; `value` is the tentative meeting it replaces, if any."""
    hint = _("For example: 14 Jan 4pm. Times are the community’s own.")
    return Form(
        "meetings.schedule",
        _("Plan a meeting"),
        (
            TextField("title", _("What is it called?"), initial=given.get("title", ""), max_length=80),
            TextField("when", _("When?"), initial=given.get("when", ""), hint=hint, max_length=200),
            TextField("minutes", _("How many minutes?"), initial=given.get("minutes", ""), max_length=4),
            TextField("place", _("Where?"), required=False, initial=given.get("place", ""), max_length=200),
            TextField(
                "link",
                _("Link to join"),
                required=False,
                initial=given.get("link", ""),
                hint="https://…",
                max_length=500,
            ),
        ),
        value=value,
        submit=_("Plan it"),
    )


def unreadable(doubt: Unreadable) -> str:
    if not doubt.suggestion:
        return str(doubt)
    return _("{why} Like this: {right}").format(why=str(doubt), right=esc(doubt.suggestion))


def bad_title() -> str:
    return _("Please give the meeting a name of at most 80 characters.")


def bad_minutes() -> str:
    return _("Please give a number of minutes from 1 to 1440, such as 90.")


def bad_place() -> str:
    return _("Please use at most 200 characters for the place.")


def bad_link() -> str:
    return _("That is not a link that can be opened. It begins with https:// and is at most 500 characters long.")


def clash(other: Meeting) -> str:
    return _(
        "{title} is at that time: {when}, {length}. Two meetings cannot overlap; please choose another time."
    ).format(title=esc(other.title), when=moment(other.starts_at), length=length(other.minutes))


def clash_plain(other: Meeting, zone: ZoneInfo) -> str:
    return _("{title} is at that time ({when}). Please choose another.").format(
        title=other.title, when=say_moment(other.starts_at, str(zone), locale())
    )


def past() -> str:
    return _("That time has passed meanwhile; nothing has changed.")


def in_quiet_hours(start: int, end: int) -> str:
    return _("It falls in the community’s quiet hours, {start}:00 to {end}:00.").format(start=start, end=end)


def after_the_season(end: date) -> str:
    return _("It’s after the season, which ends on {date}.").format(date=long_date(end))


def on_a_closed_day() -> str:
    return _("It falls on a day on which the community is closed.")


def confirmation(at: datetime, doubts: Sequence[str], draft: str, *, moving: bool) -> Message:
    label = _("Move it anyway") if moving else _("Plan it anyway")
    return Message(
        (Text(_("Not done yet: {when}.").format(when=moment(at))), Text(" ".join(doubts))),
        actions=(Button(label, "meetings.sure", draft, "primary"),),
    )


def draft_expired() -> str:
    return _("I no longer remember what that was about; nothing has changed. Please start again.")


def scheduled(meeting: Meeting, *, posted: bool, posted_at: datetime | None) -> Message:
    """Confirm a new meeting. Its card is `posted`, or will be at `posted_at`; None: not by itself."""
    if posted:
        then = _("Its card is in the channel now.")
    elif posted_at:
        then = _("Its card comes to the channel on {when}.").format(when=moment(posted_at, "day"))
    else:
        then = _("No card is posted by itself.")
    return Message(
        (
            Text(
                _("Planned: **{title}**, {when}, {length}. {then}").format(
                    title=esc(meeting.title), when=moment(meeting.starts_at), length=length(meeting.minutes), then=then
                )
            ),
            Note(_("{preview} shows what I post next week.").format(preview=command("preview", "facilitator"))),
        ),
        actions=(*change_buttons(meeting), menu(str(meeting.id))),
    )


def change_buttons(meeting: Meeting) -> tuple[Button, ...]:
    changed = meeting.series_id and (meeting.moved or meeting.overridden_fields)
    label = _("As the rule says")
    as_ruled = (Button(label, "meetings.as_ruled", f"{meeting.id}.{meeting.sequence}"),) if changed else ()
    return (
        Button(_("Move it"), "meetings.move", str(meeting.id)),
        Button(_("Cancel it"), "meetings.cancel", str(meeting.id)),
        Button(_("Place, link, length"), "meetings.adjust", str(meeting.id)),
        *as_ruled,
    )


# --- moving


def which_of(among: Sequence[Meeting], first: Meeting, zone: str) -> list[Field]:
    """Return a field to choose a meeting, or none if there is only one."""
    if len(among) < 2:
        return []
    choices = tuple(
        (f"{m.id}.{m.sequence}", cut(f"{say_moment(m.starts_at, zone, locale())}, {m.title}", 75)) for m in among[:10]
    )
    return [ChoiceField("meeting", _("Which meeting?"), choices, initial=f"{first.id}.{first.sequence}")]


def move_form(among: Sequence[Meeting], first: Meeting, zone: str, when: str = "", note: str = "") -> Form:
    hint = _("For example: 21 Jan 4pm. Times are the community’s own.")
    return Form(
        "meetings.move",
        _("Move a meeting"),
        (
            *which_of(among, first, zone),
            TextField("when", _("To when?"), initial=when, hint=hint, max_length=200),
            TextField("note", _("Why? Everyone reads this"), required=False, initial=note, max_length=300),
        ),
        value=f"{first.id}.{first.sequence}",
        submit=_("Move it"),
    )


def changed_meanwhile(
    meeting: Meeting, last: tuple[MeetingChange, Person | None] | None, wanted: ProposedChange, draft: str
) -> Message:
    """Say that someone else has changed the meeting. `draft` holds the same change, based on what it is now."""
    did = last[1] if last else None
    who = mention(people.key(did), did.name) if did else _("Somebody else")
    text = _("{who} has changed this meeting since you looked: it is now {state}, {when}.").format(
        who=who,
        state=_("planned") if meeting.status == "planned" else _("cancelled"),
        when=moment(meeting.starts_at),
    )
    label = _("Move it all the same") if wanted.at_another_time else _("Cancel it all the same")
    verb = "meetings.sure" if wanted.at_another_time else "meetings.cancelled"
    mine = _("You wanted to move it to {when}.").format(when=moment(wanted.starts_at)) if wanted.at_another_time else ""
    note = Note(_("I have changed nothing. Leave it as it is, or choose:"))
    return Message(
        (Text(text), *_why_it_was(last), *([Text(mine)] if mine else []), note),
        actions=(Button(label, verb, draft), Button(_("Move it"), "meetings.move", str(meeting.id))),
        replace=True,
    )


def _why_it_was(last: tuple[MeetingChange, Person | None] | None) -> tuple[Part, ...]:
    return (Text(_("Why: {why}").format(why=esc(last[0].note))),) if last and last[0].note else ()


def there_already(meeting: Meeting) -> str:
    return _("{title} is at that time already; nothing has changed.").format(title=esc(meeting.title))


def why(meeting: Meeting) -> tuple[Part, ...]:
    return (Text(_("Why: {why}").format(why=esc(meeting.note))),) if meeting.note else ()


def moved(meeting: Meeting, was: datetime) -> Message:
    """Announce a move in the channel, and to those who said yes or maybe."""
    text = _("The meeting **{title}** has moved from {was} to {now}.").format(
        title=esc(meeting.title), was=moment(was), now=moment(meeting.starts_at)
    )
    note = Note(_("What you said about coming still stands; you can change it here."))
    return Message((Text(text), *why(meeting), note), actions=buttons(meeting), holds_until=meeting.starts_at)


def moved_reply(
    meeting: Meeting,
    was: datetime,
    shifts: Sequence[Shift],
    left_out: Collection[Shift],
    labels: Mapping[str, TimerLabels],
    zone: str,
) -> Message:
    """Confirm a move, with what moves with it. What is `left_out` isn't posted: its new week has another request."""
    text = _("Moved: **{title}**, from {was} to {now}. The channel and those who said yes or maybe are told.").format(
        title=esc(meeting.title), was=moment(was), now=moment(meeting.starts_at)
    )
    not_posted = _("{line} (not posted: that week already has its one question)")
    lines = [
        not_posted.format(line=line) if shift in left_out else line
        for shift in shifts
        if shift[0] not in ("meetings.began", "meetings.ended")
        for line in [_shift(shift, labels, zone)]
    ]
    more = len(lines) - SHIFTS
    listed = [*lines[:SHIFTS], *([_("- and {n} more").format(n=more)] if more > 0 else [])]
    parts: list[Part] = [Text(text)]
    if listed:
        parts.append(Text("\n".join([_("**What moves with it**"), "", *listed])))
    return Message(tuple(parts), actions=change_buttons(meeting))


def _shift(shift: Shift, labels: Mapping[str, TimerLabels], zone: str) -> str:
    kind, value, was, now = shift
    name = labels[kind].shortened(value)
    old, new = (say_moment(at, zone, locale()) if at else "" for at in (was, now))
    if old and new:
        return _("- {what}: {new}, not {old}").format(what=name, old=old, new=new)
    if new:
        return _("- {what}: {new}").format(what=name, new=new)
    return _("- {what}: no longer on {old}").format(what=name, old=old)
