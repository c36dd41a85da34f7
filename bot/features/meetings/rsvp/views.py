"""Messages about the next meeting and about RSVPs."""

from collections.abc import Mapping, Sequence

from bot.cadence import say_moment, say_zone
from bot.core import signals
from bot.features.meetings.views import answer_name, buttons, coming, join, length
from bot.i18n import gettext as _
from bot.i18n import locale
from bot.ui import Button, Facts, Message, Note, Part, Text
from bot.ui.markup import command, cut, esc, moment
from storage.meetings.meetings import Meeting
from storage.meetings.rsvps import MAYBE, NO, YES


def reply_saved(meeting: Meeting, answer: str, *, reminders: str) -> Message:
    """Confirm an RSVP. `reminders` lists the person's own reminder steps in words; "" for none."""
    text = {
        YES: _("You said **yes** to {title}, {when}. See you there."),
        MAYBE: _("You said **maybe** to {title}, {when}. Nobody minds if it stays open until then."),
        NO: _("You said **no** to {title}, {when}. Thank you for saying so."),
    }[answer].format(title=esc(meeting.title), when=moment(meeting.starts_at))
    note = _("Everyone sees how many come; the facilitators also see who. You can change it until the meeting begins.")
    if reminders and answer != NO:
        note += " " + _("I remind you privately: {reminders} before.").format(reminders=reminders)
    keep = () if answer == NO else (Button(_("Add to my calendar"), signals.CALENDAR_FILE, str(meeting.id)),)
    more = (
        Button(_("Add a note"), "meetings.add_note", str(meeting.id)),
        Button(_("The same for all dates"), "meetings.always", answer),
    )
    return Message((Text(text), Note(note)), actions=(*buttons(meeting, answer), *keep, *more))


def next_meeting(
    meeting: Meeting,
    counts: Mapping[str, int],
    rsvp: str,
    later: Sequence[Meeting],
    zone: str,
    *,
    known: bool,
    more: Sequence[Part] = (),
) -> Message:
    """Show a meeting to one person. `rsvp` is their RSVP; `zone` is their own if `known`, else the community's."""
    rows = [(_("When"), say_moment(meeting.starts_at, zone, locale())), (_("How long"), length(meeting.minutes))]
    if meeting.place:
        rows.append((_("Where"), esc(meeting.place)))
    rows.append((_("Coming"), coming(counts)))
    if rsvp:
        rows.append((_("You said"), answer_name(rsvp)))
    parts: list[Part] = [Facts(tuple(rows))]
    if later:
        lines = [f"- {esc(m.title)}: {say_moment(m.starts_at, zone, locale())}" for m in later]
        parts.append(Text("\n".join([_("**After that**"), "", *lines])))
    parts += more
    note = _("Times are in your time zone, {zone}.") if known else _("Times are in the community’s zone, {zone}.")
    change = _("{timezone} changes yours.").format(timezone=command("timezone"))
    parts.append(Note(f"{note.format(zone=esc(say_zone(zone, locale())))} {change}"))
    keep = Button(_("Add to my calendar"), signals.CALENDAR_FILE, str(meeting.id))
    actions = (*buttons(meeting, rsvp), keep, *join(meeting))
    return Message(tuple(parts), title=cut(meeting.title, 100), actions=actions)


def is_cancelled(meeting: Meeting) -> str:
    return _("{title} on {when} is cancelled, so there is nothing to answer. {next} shows the next meeting.").format(
        title=esc(meeting.title), when=moment(meeting.starts_at, "day"), next=command("next")
    )


def has_begun(meeting: Meeting) -> str:
    return _("{title} began {when}, so it is too late to answer. {next} shows the next meeting.").format(
        title=esc(meeting.title), when=moment(meeting.starts_at, "relative"), next=command("next")
    )
