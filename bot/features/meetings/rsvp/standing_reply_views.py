"""Messages and forms for a standing reply, and for the note to facilitators beside an RSVP."""

from bot.features.meetings.views import answer_name
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Button, Form, Message, Note, Part, Quote, Text, TextField
from bot.ui.markup import cut, esc, moment
from storage.meetings.meetings import Meeting

LONGEST_NOTE = 300  # characters


def to_all(answer: str, dates: int, by_itself: int) -> Message:
    """Confirm a standing reply; "" for none. `by_itself` is at how many meetings a different RSVP stays."""
    if not answer:
        return Message(
            (
                Text(_("From now on you answer for each date by itself. What you said of all dates at once is gone.")),
                Note(_("What you said of one date by itself still stands.")),
            ),
            replace=True,
        )
    text = ngettext(
        "You said **{answer}** to the one date that is planned, and to those that will be.",
        "You said **{answer}** to all {n} dates that are planned, and to those that will be.",
        dates,
    ).format(n=dates, answer=answer_name(answer))
    parts: list[Part] = [Text(text)]
    if by_itself:
        parts.append(
            Text(
                ngettext(
                    "About {n} date you had said something else; that stays.",
                    "About {n} dates you had said something else; that stays.",
                    by_itself,
                ).format(n=by_itself)
            )
        )
    parts.append(
        Note(_("You can change each date by itself until it begins. Everyone sees how many come, facilitators who."))
    )
    return Message(tuple(parts), actions=(Button(_("Each by itself"), "meetings.always", ""),), replace=True)


def answer_first(meeting: Meeting) -> str:
    return _("Please say first whether you come to {title}; then you can add a note.").format(title=esc(meeting.title))


def note_form(meeting: Meeting, note: str) -> Form:
    field = TextField(
        "note",
        _("Your note"),
        long=True,
        required=False,
        initial=note,
        max_length=LONGEST_NOTE,
        hint=_("For example: ten minutes late, or: I need a ride. Empty takes it back."),
    )
    intro = _("Only the facilitators read this. About {title}.").format(title=esc(cut(meeting.title, 80)))
    return Form("meetings.note", _("A note"), (field,), value=str(meeting.id), submit=_("Save"), intro=intro)


def noted(meeting: Meeting, note: str) -> Message:
    about = {"title": esc(meeting.title), "when": moment(meeting.starts_at)}
    if not note:
        return Message((Text(_("Your note about {title}, {when}, is gone.").format(**about)),))
    return Message(
        (
            Text(_("Saved with your answer to {title}, {when}:").format(**about)),
            Quote(note),
            Note(_("Only the facilitators read it.")),
        )
    )
