"""Messages and forms for changing one meeting's place, link or length, and the history of changes."""

from collections.abc import Mapping, Sequence

from bot.cadence import say_moment
from bot.features.meetings.changes.views import change_buttons, why
from bot.features.meetings.views import buttons, join, length, rows
from bot.i18n import gettext as _
from bot.i18n import locale
from bot.ui import Button, Facts, Form, Message, Note, Text, TextField
from bot.ui.markup import as_many, cut, esc, mention, moment
from storage.meetings import change_log
from storage.meetings.change_log import MeetingChange
from storage.meetings.meetings import Meeting
from storage.people import people
from storage.people.people import Person


def choose_one(among: Sequence[Meeting], zone: str) -> Message:
    return Message(
        (Text(_("Of which meeting shall I change the place, link or length?")),),
        actions=tuple(
            Button(cut(f"{say_moment(m.starts_at, zone, locale())}, {m.title}", 75), "meetings.adjust", str(m.id))
            for m in among
        ),
    )


def form(meeting: Meeting, typed: Mapping[str, str] | None = None) -> Form:
    """Ask for the new values. The form's value is "<meeting>.<sequence>", so that a change in between is noticed."""
    now = {"place": meeting.place, "link": meeting.link, "minutes": str(meeting.minutes), "note": ""}
    given = typed or now
    return Form(
        "meetings.adjust",
        _("Change one meeting"),
        (
            TextField("place", _("Where?"), required=False, initial=given["place"], max_length=200),
            TextField(
                "link", _("Link to join"), required=False, initial=given["link"], hint="https://…", max_length=500
            ),
            TextField("minutes", _("How many minutes?"), initial=given["minutes"], max_length=4),
            TextField("note", _("Why? Everyone reads this"), required=False, initial=given["note"], max_length=300),
        ),
        value=f"{meeting.id}.{meeting.sequence}",
        submit=_("Change it"),
        intro=_("Only {title}, {when}; the others stay as they are.").format(
            title=esc(cut(meeting.title, 80)), when=moment(meeting.starts_at)
        ),
    )


def changed_meanwhile(meeting: Meeting, last: tuple[MeetingChange, Person | None] | None) -> str:
    """Say, as plain text beside the form, that someone else has changed the meeting and what it is now."""
    who = last[1].name if last and last[1] else _("Somebody else")
    return _("{who} has changed it meanwhile: {place}, {length}. Send again to have it your way.").format(
        who=who, place=meeting.place or meeting.link or _("no place"), length=length(meeting.minutes)
    )


def nothing_changed(meeting: Meeting) -> str:
    return _("{title} is like that already; nothing has changed.").format(title=esc(meeting.title))


def adjusted(meeting: Meeting) -> Message:
    """Announce the change in the channel, and to those who said yes or maybe."""
    text = _("Something has changed about the meeting **{title}**. This holds now:").format(title=esc(meeting.title))
    return Message(
        (Text(text), Facts(tuple(rows(meeting))), *why(meeting)),
        actions=(*join(meeting), *buttons(meeting)),
        holds_until=meeting.starts_at,
    )


def adjusted_reply(meeting: Meeting) -> Message:
    text = _("Changed, for this meeting only: **{title}**. The channel and those who said yes or maybe are told.")
    return Message(
        (Text(text.format(title=esc(meeting.title))), Facts(tuple(rows(meeting)))), actions=change_buttons(meeting)
    )


def is_as_ruled(meeting: Meeting) -> str:
    return _("{title}, {when}, is as the rule says already; nothing has changed.").format(
        title=esc(meeting.title), when=moment(meeting.starts_at)
    )


def rule_has_it_not(meeting: Meeting) -> str:
    return _("The rule no longer has a meeting where {title} was first planned, so it stays as it is.").format(
        title=esc(meeting.title)
    )


def put_back(meeting: Meeting) -> Message:
    text = _("As the rule says again: **{title}**. The channel and those who said yes or maybe are told.")
    return Message(
        (Text(text.format(title=esc(meeting.title))), Facts(tuple(rows(meeting)))),
        actions=change_buttons(meeting),
        replace=True,
    )


# --- history


def history(rows: Sequence[tuple[MeetingChange, Meeting, Person | None]], hosts: Mapping[int, str]) -> Message:
    """List changes, newest first.

    `hosts` maps a joint meeting's id to the name of its host community, which made the changes that nobody here made.
    """
    lines = [_line(*row, hosts.get(row[0].meeting_id, _("the community"))) for row in rows]
    note = Note(_("The newest first. Only facilitators see this."))
    none = _("No meeting has been changed by hand yet.")
    return Message((Text("\n".join(as_many(lines, 2_600)) or none), note), title=_("Changes of meetings"))


def _line(change: MeetingChange, meeting: Meeting, who: Person | None, otherwise: str) -> str:
    template = {
        change_log.PLANNED: _("planned {title} for {now}"),
        change_log.MOVED: _("moved {title} from {was} to {now}"),
        change_log.CANCELLED: _("cancelled {title} on {now}"),
        change_log.RESTORED: _("brought back {title} on {now}"),
        change_log.ADJUSTED: _("changed place, link or length of {title} on {now}"),
        change_log.RESET_TO_SERIES: _("put {title} back as the rule says, on {now}"),
        change_log.DROPPED: _("no longer has {title} on {now}, by the rule"),
        change_log.REVIVED: _("has {title} on {now} again, by the rule"),
    }[change.what]
    did = template.format(
        title=esc(cut(meeting.title, 40)),
        was=moment(change.was_at) if change.was_at else "",
        now=moment(change.is_at),
    )
    name = mention(people.key(who), who.name) if who else esc(cut(otherwise, 60))
    line = _("- {at}: {who} {did}").format(at=moment(change.at), who=name, did=did)
    return f"{line} ({esc(cut(change.note, 80))})" if change.note else line
