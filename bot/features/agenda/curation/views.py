"""Messages and forms of facilitators' work on topics: the overview, adding, merging, and their own notes."""

from collections.abc import Mapping, Sequence

from bot.features.agenda.rules import LONGEST, LONGEST_NOTE, LONGEST_REASON
from bot.features.agenda.topics.views import listed
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import (
    Button,
    ChoiceField,
    Divider,
    Form,
    Message,
    Note,
    Part,
    Quote,
    Select,
    Text,
    TextField,
    card,
)
from bot.ui.markup import command, cut, esc, moment
from storage.agenda.topics import Topic
from storage.agenda.votes import Vote
from storage.meetings.meetings import Meeting

# Notes on the overview.
NOTES = 3


def overview(
    meeting: Meeting | None,
    chosen: Sequence[Topic],
    waiting: Sequence[Topic],
    vote: Vote | None,
    close: tuple[Topic, Topic] | None,
    notes: Mapping[int, str],
) -> Message:
    """Show all topics. `close` are two whose titles look the same; `notes` are the facilitators’ own, by topic id."""
    parts: list[Part] = []
    if meeting:
        parts.append(Text(_("The next meeting is {when}.").format(when=moment(meeting.starts_at))))
    if vote and vote.closed_at is None:
        until = moment(vote.closes_at)
        parts.append(Note(_("The vote is open until {until}; nobody sees any dots before.").format(until=until)))
    if chosen:
        parts.append(listed(_("Chosen for it"), chosen))
    if waiting:
        parts.append(listed(_("Waiting"), waiting))
    if not chosen and not waiting:
        parts.append(Text(_("No topic waits yet. Anyone can suggest one with {topic}.").format(topic=command("topic"))))
    if close:
        parts.append(Text(_("Two of them look the same: “{one}” and “{other}”.").format(
            one=esc(cut(close[0].title, 100)), other=esc(cut(close[1].title, 100))
        )))  # fmt: skip
    noted = [topic for topic in (*chosen, *waiting) if topic.id in notes]
    if noted:
        parts += [Divider(), Text(_("**Your notes; only facilitators see them**"))]
        parts += [Quote(cut(notes[t.id or 0], 150), by=esc(cut(t.title, 60))) for t in noted[:NOTES]]
    parts.append(Note(_("Topics that no meeting takes up are carried to the next one.")))
    topics = (*chosen, *waiting)
    buttons = [Button(_("Add a topic"), "agenda.place")]
    if meeting and topics:
        buttons.insert(0, Button(_("Choose and publish"), "agenda.publish", "", "primary"))
    if close:
        buttons.append(Button(_("Put these two together"), "agenda.merge", f"{close[0].id}.{close[1].id}"))
    if len(waiting) > 1:
        buttons.append(Button(_("Put two together"), "agenda.group"))
    among = tuple((str(topic.id), cut(topic.title, 75)) for topic in topics[:25])
    menus = {
        "agenda.note": _("A note about one, for facilitators only"),
        "agenda.one": _("Remove one, or take it apart"),
    }
    selects = [Select(label, action, among) for action, label in menus.items() if among]
    return Message(tuple(parts), title=_("Agenda"), actions=(*buttons, *selects))


def one(topic: Topic, merged: Sequence[Topic]) -> Message:
    """Show a topic with what a facilitator can undo about it. `merged` are those that it stands for."""
    parts: list[Part] = [Text(f"**{esc(cut(topic.title, 150))}**")]
    if merged:
        parts.append(listed(_("Put together with it"), merged))
    parts.append(Note(_("Removing a topic deletes it, with its dots and note. You can’t undo this.")))
    apart = (Button(_("Take them apart"), "agenda.apart", str(topic.id)),) if merged else ()
    return Message(
        tuple(parts), actions=(*apart, Button(_("Remove topic"), "agenda.withdraw", str(topic.id), "danger"))
    )


# --- adding without a vote


def place_form(title: str = "", reason: str = "") -> Form:
    return Form(
        "agenda.place",
        _("Add to the agenda"),
        (
            TextField("title", _("What should we talk about?"), initial=title, max_length=LONGEST),
            TextField(
                "reason",
                _("Why is it needed?"),
                initial=reason,
                max_length=LONGEST_REASON,
                hint=_("Everyone reads this beside it: it is on the agenda without a vote."),
            ),
        ),
        submit=_("Add it"),
    )


def no_reason() -> str:
    return _("Please say why in one line. Everyone reads it beside the topic.")


def placed(topic: Topic, meeting: Meeting | None) -> Message:
    where = (
        _("It is on the agenda for {when}.").format(when=moment(meeting.starts_at))
        if meeting
        else _("It goes on the agenda of the next meeting that is planned.")
    )
    text = _("{where} Everyone sees that a facilitator added it, and why.").format(where=where)
    return Message(
        (Text(_("Added: **{title}**").format(title=esc(cut(topic.title, 150)))), Text(text)),
        actions=(Button(_("Take it back"), "agenda.withdraw", str(topic.id)),),
    )


# --- merging topics that say the same


def merge_form(waiting: Sequence[Topic]) -> Form:
    choices = tuple((str(topic.id), cut(topic.title, 75)) for topic in waiting[:25])
    return Form(
        "agenda.group",
        _("Put two together"),
        (
            ChoiceField("into", _("Which words shall stay?"), choices, initial=choices[0][0]),
            ChoiceField("topic", _("Which says the same?"), choices, initial=choices[1][0]),
        ),
        submit=_("Put together"),
        intro=_("One stands for both from then on. Dots on either count for it, and they can be taken apart again."),
    )


def too_few() -> str:
    return _("There are no two topics waiting, so there is nothing to put together.")


def same_twice() -> str:
    return _("Please choose two different topics.")


def merged(into: Topic, other: Topic) -> Message:
    text = _("“{into}” now stands for “{other}” too. If another member suggested that one, I’ve told them.")
    return Message(
        (Text(text.format(into=esc(cut(into.title, 150)), other=esc(cut(other.title, 150)))),),
        actions=(Button(_("Take them apart"), "agenda.apart", str(into.id)),),
    )


def apart(topics: int) -> Message:
    return card(
        ngettext("{n} topic waits by itself again.", "{n} topics wait by themselves again.", topics).format(n=topics),
        replace=True,
    )


# --- notes that only facilitators read


def note_form(topic: Topic, words: str) -> Form:
    return Form(
        "agenda.note",
        _("Note for facilitators"),
        (
            TextField(
                "words",
                _("Your note"),
                long=True,
                required=False,
                initial=words,
                max_length=LONGEST_NOTE,
                hint=_("Only those who facilitate here see it. Leave it empty to delete it."),
            ),
        ),
        value=str(topic.id),
        intro=esc(cut(topic.title, 150)),
        submit=_("Keep it"),
    )


def note_too_long() -> str:
    return _("Please keep it to {most} characters; I have kept the beginning.").format(most=LONGEST_NOTE)


def noted(topic: Topic, words: str) -> Message:
    text = (
        _("Your note about “{title}” is kept; only those who facilitate here see it, in {show}.")
        if words
        else _("There is no note about “{title}” any more.")
    )
    return card(text.format(title=esc(cut(topic.title, 150)), show=command("agenda show", "facilitator")))


def for_facilitators() -> str:
    return _("Notes about topics are read by those who facilitate, and administering is not that.")
