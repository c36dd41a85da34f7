"""Messages and the form for meeting notes."""

from collections.abc import Mapping

from bot.i18n import gettext as _
from bot.ui import Button, Form, Message, Note, Part, Quote, Text, TextField, TickField, card
from bot.ui.markup import command, cut, esc, moment
from storage.meetings.meetings import Meeting
from storage.meetings.notes import MeetingNotes

FIELDS = ("decisions", "resources", "commitments", "said")
# Characters of one field, so that all four fit into one message (bot/ui/limits.py).
LONGEST = 600


def headings() -> Mapping[str, str]:
    return {
        "decisions": _("What we decided"),
        "resources": _("What we shared"),
        "commitments": _("What we will do"),
        "said": _("Who said what"),
    }


def form(
    meeting: Meeting, there: MeetingNotes | None, typed: Mapping[str, str] | None = None, *, agreed: bool = False
) -> Form:
    # What was just typed goes before what is saved.
    given = typed or ({name: getattr(there, name) for name in FIELDS} if there else {})
    hints = {
        "decisions": _("One to a line."),
        "resources": _("Links and titles, one to a line. {share} puts each in the library.").format(share="“share”"),
        "commitments": _("What was taken on, by whom and until when, as they said it."),
        "said": _("Only what those who said it agreed to, by name. Leave it empty otherwise."),
    }
    words = [
        TextField(
            name, label, long=True, required=False, initial=given.get(name, ""), hint=hints[name], max_length=LONGEST
        )
        for name, label in headings().items()
    ]
    consent = TickField(
        "agreed",
        _("Consent"),
        (("yes", _("Everybody I name agreed to be named")),),
        initial=("yes",) if agreed or (there and there.said and not typed) else (),
        hint=_("Needed where somebody is named. You read it through before you share it."),
    )
    return Form(
        "notes.write",
        _("Notes of the meeting"),
        (*words, consent),
        value=f"{meeting.id}.{there.version if there else 0}",
        submit=_("Keep"),
    )


def too_long() -> str:
    return _("Please keep it to {most} characters; I have kept the beginning.").format(most=LONGEST)


def not_agreed() -> str:
    return _("Please tick this if everybody you name agreed, or leave out who said what.")


def empty() -> str:
    return _("Nothing is filled in yet. Any one of them is enough.")


def changed_meanwhile(name: str, there: MeetingNotes) -> str:
    text = " / ".join(cut(getattr(there, each), 80) for each in FIELDS if getattr(there, each))
    return _("{name} has written meanwhile: {said} What you typed is below; sending it again replaces theirs.").format(
        name=name or _("Somebody else"), said=cut(text, 200)
    )


def not_held() -> str:
    return _("No meeting has begun yet, so there is nothing to write down. Notes open an hour before one.")


def none_yet() -> str:
    return _("There are no notes of that meeting yet. {write} begins them.").format(
        write=command("meeting notes", "facilitator")
    )


def none_shared() -> str:
    return _("No notes have been shared yet. Facilitators share them after a meeting, and the channel then has them.")


def _note_parts(row: MeetingNotes) -> list[Part]:
    parts: list[Part] = []
    for name, heading in headings().items():
        if words := getattr(row, name):
            parts += [Text(f"**{heading}**"), Quote(words)]
    return parts or [Text(_("Nothing was written down."))]


def notes_of(meeting: Meeting, row: MeetingNotes) -> Message:
    """The notes as everyone in the community reads them."""
    note = Note(
        _("The notes of {title}, {when}.").format(
            title=esc(cut(meeting.title, 80)), when=moment(meeting.starts_at, "day")
        )
    )
    return Message((*_note_parts(row), note), title=_("What our meeting came to"))


def saved(meeting: Meeting, row: MeetingNotes) -> Message:
    change = Button(_("Change"), "notes.write", str(meeting.id))
    if row.shared_at:
        return card(_("Kept, and what was shared is rewritten where it stands."), actions=(change,))
    note = Note(_("Only facilitators see this so far. Shared, everyone here reads it under the meeting’s card."))
    share = Button(_("Share with everyone here"), "notes.share", str(meeting.id), "primary")
    return Message((*_note_parts(row), note), title=_("Notes so far"), actions=(share, change))


def shared(meeting: Meeting) -> Message:
    return card(
        _("Shared: everyone here reads it in the channel, and with {notes}. Changing it rewrites it there.").format(
            notes=command("notes")
        ),
        actions=(Button(_("Change"), "notes.write", str(meeting.id)),),
        replace=True,
    )
