"""Every word and layout of the agenda."""

from collections.abc import Sequence

from bot.markup import command, cut, esc, moment
from bot.text import gettext as _
from bot.text import ngettext
from bot.ui import Button, Form, Message, Note, Part, Text, TextField, TickField, card
from storage.agenda import CHALLENGE, TOPIC, WIN, Topic
from storage.meetings import Meeting

SHOWN = 15  # topics listed on one card


def kind_label(kind: str) -> str:
    return {TOPIC: _("Topic"), WIN: _("Win"), CHALLENGE: _("Challenge")}[kind]


def _line(topic: Topic) -> str:
    label = "" if topic.kind == TOPIC else f"{kind_label(topic.kind)}: "
    return f"- {label}{esc(cut(topic.title, 150))}"


def _list(heading: str, topics: Sequence[Topic]) -> Text:
    lines = [_line(topic) for topic in topics[:SHOWN]]
    if (more := len(topics) - SHOWN) > 0:
        lines.append(ngettext("- and {n} more", "- and {n} more", more).format(n=more))
    return Text("\n".join([f"**{heading}**", "", *lines]))


def call(meeting: Meeting, topics: Sequence[Topic]) -> Message:
    """The agenda call in the channel."""
    parts: list[Part] = [
        Text(
            _(
                "We meet {when}. What should we talk about? A topic, a win, or a challenge you would like ears for."
            ).format(when=moment(meeting.starts_at))
        )
    ]
    if topics:
        parts.append(_list(_("Waiting already"), topics))
    parts.append(
        Note(
            _("About 2 minutes, any time before the meeting. Everyone here reads it on the agenda, without your name.")
        )
    )
    return Message(
        tuple(parts),
        title=_("What is on your mind?"),
        actions=(
            Button(_("Suggest a topic"), "agenda.suggest", TOPIC, "primary"),
            Button(_("Share a win"), "agenda.suggest", WIN),
            Button(_("Name a challenge"), "agenda.suggest", CHALLENGE),
        ),
    )


def form(kind: str, title: str = "") -> Form:
    heading = {TOPIC: _("Suggest a topic"), WIN: _("Share a win"), CHALLENGE: _("Name a challenge")}[kind]
    label = {
        TOPIC: _("What should we talk about?"),
        WIN: _("What went well?"),
        CHALLENGE: _("What is hard at the moment?"),
    }[kind]
    hint = _("One line. Everyone here reads it, without your name. No student’s name, please.")
    field = TextField("title", label, initial=title, hint=hint, most=150)
    return Form("agenda.suggest", heading, (field,), value=kind, submit=_("Add it"))


def empty() -> str:
    return _("Please write one line, such as: Quiet arrivals.")


def too_long(size: int, most: int) -> str:
    return _("That is {size} characters; one line of at most {most} fits on an agenda.").format(size=size, most=most)


def nothing_in_it() -> str:
    return _("There are no words in that message to put on the agenda. {topic} adds a topic of your own.").format(
        topic=command("topic")
    )


def there_already(title: str) -> str:
    return _("“{title}” waits for the next meeting already, so it is on the list once.").format(
        title=esc(cut(title, 150))
    )


def added(topic: Topic, meeting: Meeting | None) -> Message:
    where = (
        _("It is on the list for the meeting {when}.").format(when=moment(meeting.starts_at))
        if meeting
        else _("It waits until a meeting is planned.")
    )
    return Message(
        (
            Text(_("Added: **{title}**. {where}").format(title=esc(cut(topic.title, 150)), where=where)),
            Note(_("Everyone here reads it, without your name. If time runs out, it is carried to the next meeting.")),
        ),
        actions=(Button(_("Take it back"), "agenda.withdraw", str(topic.id)),),
    )


def withdrawn() -> Message:
    return card(_("Taken back; it is no longer on the list."), replace=True)


def not_yours() -> str:
    return _("Only whoever suggested it, or a facilitator, can take it back.")


def gone() -> str:
    return _("That topic is no longer on the list; nothing has changed.")


def overview(meeting: Meeting | None, chosen: Sequence[Topic], waiting: Sequence[Topic]) -> Message:
    parts: list[Part] = []
    if meeting:
        parts.append(Text(_("The next meeting is {when}.").format(when=moment(meeting.starts_at))))
    if chosen:
        parts.append(_list(_("Chosen for it"), chosen))
    if waiting:
        parts.append(_list(_("Waiting"), waiting))
    if not chosen and not waiting:
        parts.append(Text(_("No topic waits yet. Anyone can suggest one with {topic}.").format(topic=command("topic"))))
    parts.append(Note(_("Topics that no meeting takes up are carried to the next one.")))
    add = Button(_("Add a topic"), "agenda.suggest", TOPIC)
    choose = (
        (Button(_("Choose and publish"), "agenda.publish", "", "primary"),) if meeting and (chosen or waiting) else ()
    )
    return Message(tuple(parts), title=_("Agenda"), actions=(*choose, add))


def no_meeting() -> str:
    return _("No meeting to come is planned, so there is no agenda to publish. {schedule} plans one.").format(
        schedule=command("meeting schedule", "facilitator")
    )


def nothing_to_publish() -> str:
    return _("No topic waits yet. {add} adds one.").format(add=command("agenda add", "facilitator"))


def publish_form(meeting: Meeting, among: Sequence[Topic], chosen: Sequence[Topic]) -> Form:
    choices = tuple((str(t.id), cut(f"{kind_label(t.kind)}: {t.title}", 75)) for t in among)
    field = TickField(
        "topics",
        _("What goes on the agenda?"),
        choices,
        required=True,
        initial=tuple(str(t.id) for t in chosen),
        hint=_("The rest is carried to the next meeting. Everyone reads the agenda in the channel."),
    )
    return Form("agenda.publish", _("Publish the agenda"), (field,), value=str(meeting.id), submit=_("Publish"))


def pick_one() -> str:
    return _("Please tick at least one topic, or close this to publish nothing.")


def published(meeting: Meeting, topics: Sequence[Topic]) -> Message:
    """The agenda in the channel."""
    return Message(
        (
            Text(_("For {title}, {when}:").format(title=esc(meeting.title), when=moment(meeting.starts_at))),
            _list(_("Agenda"), topics),
            Note(_("Something missing? A late topic is welcome and may wait until the next meeting.")),
        ),
        title=_("What we talk about"),
        actions=(Button(_("Suggest a topic"), "agenda.suggest", TOPIC),),
    )


def published_reply(meeting: Meeting, chosen: int, left: int) -> Message:
    text = ngettext(
        "The agenda for {when} is on its way to the channel, with {n} topic.",
        "The agenda for {when} is on its way to the channel, with {n} topics.",
        chosen,
    ).format(when=moment(meeting.starts_at), n=chosen)
    carried = ngettext("{n} waits for the next meeting.", "{n} wait for the next meeting.", left).format(n=left)
    note = _("{carried} Publishing again replaces what is posted.").format(carried=carried if left else "").strip()
    return Message((Text(text), Note(note)))
