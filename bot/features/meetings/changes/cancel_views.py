"""Messages and forms for cancelling and restoring a meeting, and the overview of who comes."""

from collections.abc import Mapping, Sequence

from bot.cadence import say_moment, say_zone
from bot.features.meetings.changes.views import change_buttons, which_of, why
from bot.features.meetings.views import answer_name, buttons, coming, length
from bot.i18n import gettext as _
from bot.i18n import locale, ngettext
from bot.ui import Button, Facts, Form, Message, Note, Part, Quote, Text, TextField
from bot.ui.markup import as_many, command, cut, esc, mention, moment
from storage.meetings.meetings import Meeting
from storage.meetings.rsvps import ANSWERS
from storage.people import people
from storage.people.people import Person

# People listed for each answer, characters of their names, and RSVP notes shown.
NAMES, ROOM, NOTES = 25, 400, 3


def cancel_form(among: Sequence[Meeting], first: Meeting, zone: str) -> Form:
    why = TextField("note", _("Why? Everyone reads this"), required=False, max_length=300)
    intro = "" if len(among) > 1 else f"{esc(first.title)}, {say_moment(first.starts_at, zone, locale())}"
    return Form(
        "meetings.cancel",
        _("Cancel a meeting"),
        (*which_of(among, first, zone), why),
        value=f"{first.id}.{first.sequence}",
        submit=_("Continue"),
        intro=intro,
    )


def really_cancel(meeting: Meeting, note: str, replies: Mapping[str, int], draft: str) -> Message:
    parts: list[Part] = [
        Text(_("Cancel **{title}**, {when}?").format(title=esc(meeting.title), when=moment(meeting.starts_at))),
        Text(
            _("So far: {coming}. The channel is told, and privately those who said yes or maybe.").format(
                coming=coming(replies)
            )
        ),
    ]
    if note:
        parts.append(Text(_("Why: {why}").format(why=esc(note))))
    parts.append(Note(_("You can bring it back until it would have begun.")))
    return Message(tuple(parts), actions=(Button(_("Cancel the meeting"), "meetings.cancelled", draft, "danger"),))


def cancelled(meeting: Meeting) -> Message:
    """Announce a cancelled meeting in the channel, and to those who said yes or maybe."""
    text = _("The meeting **{title}**, {when}, is cancelled. {next} shows the next meeting.").format(
        title=esc(meeting.title), when=moment(meeting.starts_at), next=command("next")
    )
    return Message((Text(text), *why(meeting)))


def cancelled_reply(meeting: Meeting) -> Message:
    text = _("Cancelled: **{title}**, {when}. Nothing that hung on it will be posted.").format(
        title=esc(meeting.title), when=moment(meeting.starts_at)
    )
    return Message(
        (Text(text),), actions=(Button(_("Bring it back"), "meetings.restore", str(meeting.id)),), replace=True
    )


def none_cancelled() -> str:
    return _("No meeting to come is cancelled, so there is none to bring back.")


def nothing_to_restore(meeting: Meeting) -> str:
    return _("{title}, {when}, is not cancelled or would have begun already; nothing has changed.").format(
        title=esc(meeting.title), when=moment(meeting.starts_at)
    )


def which_to_restore(gone: Sequence[Meeting], zone: str) -> Message:
    return Message(
        (Text(_("Which meeting shall I bring back?")),),
        actions=tuple(
            Button(cut(say_moment(m.starts_at, zone, locale()), 75), "meetings.restore", str(m.id)) for m in gone[:5]
        ),
    )


def restored(meeting: Meeting) -> Message:
    text = _("The meeting **{title}**, {when}, takes place after all.").format(
        title=esc(meeting.title), when=moment(meeting.starts_at)
    )
    return Message((Text(text),), actions=buttons(meeting), holds_until=meeting.starts_at)


def restored_reply(meeting: Meeting) -> Message:
    text = _("Brought back: **{title}**, {when}. The channel is told, and reminders are set again.").format(
        title=esc(meeting.title), when=moment(meeting.starts_at)
    )
    return Message((Text(text),), actions=change_buttons(meeting), replace=True)


# --- looking


def overview(
    meeting: Meeting,
    replies: Sequence[tuple[str, Person]],
    later: Sequence[Meeting],
    lost: Sequence[Meeting],
    notes: Sequence[tuple[str, str, Person]],
    zone: str,
    *,
    by_name: bool,
) -> Message:
    """Show the next meeting. `notes` are (note, RSVP, person). Without `by_name`, for admins, only numbers."""
    rows = [(_("When"), f"{say_moment(meeting.starts_at, zone, locale())}, {length(meeting.minutes)}")]
    if meeting.place:
        rows.append((_("Where"), esc(meeting.place)))
    for answer in ANSWERS:
        names = [mention(people.key(p), p.name) for reply, p in replies if reply == answer]
        shown = as_many(names[:NAMES], ROOM)
        more = f" +{len(names) - len(shown)}" if len(names) > len(shown) else ""
        who = ", ".join(shown) + more if by_name else str(len(names))
        rows.append((answer_name(answer).capitalize(), who if names else _("nobody yet")))
    parts: list[Part] = [Facts(tuple(rows))]
    for note, reply, person in notes[:NOTES] if by_name else ():
        by = f"{mention(people.key(person), person.name)}, {answer_name(reply)}"
        parts.append(Quote(cut(note, 100), by=by))
    if by_name and (unshown := len(notes) - NOTES) > 0:
        parts.append(Note(ngettext("and {n} more note", "and {n} more notes", unshown).format(n=unshown)))
    lines = [f"- {esc(m.title)}: {say_moment(m.starts_at, zone, locale())}" for m in later]
    lines += [_("- cancelled: {when}").format(when=say_moment(m.starts_at, zone, locale())) for m in lost]
    if lines:
        parts.append(Text("\n".join([_("**After that**"), "", *lines])))
    note = _("Only facilitators see who said what. Times are in the community’s zone, {zone}.")
    parts.append(Note(note.format(zone=esc(say_zone(zone, locale())))))
    back = tuple(Button(_("Bring back"), "meetings.restore", str(m.id)) for m in lost[:1])
    return Message(tuple(parts), title=cut(meeting.title, 100), actions=(*change_buttons(meeting), *back))
