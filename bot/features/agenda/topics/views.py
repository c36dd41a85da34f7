"""Messages and forms for suggesting topics, and how every agenda lists them."""

from collections.abc import Sequence

from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Button, Form, Message, Note, Part, Text, TextField, card
from bot.ui.markup import command, cut, esc, moment
from storage.agenda.topics import CHALLENGE, TOPIC, WIN, Topic
from storage.meetings.meetings import Meeting

# Topics on one card, and characters of each, so that the card fits into a message (bot/ui/limits.py).
SHOWN, LINE = 15, 150


def kind_label(kind: str) -> str:
    return {TOPIC: _("Topic"), WIN: _("Win"), CHALLENGE: _("Challenge")}[kind]


def line(topic: Topic) -> str:
    label = "" if topic.kind == TOPIC else f"{kind_label(topic.kind)}: "
    why = _(" – added by a facilitator: {reason}").format(reason=esc(cut(topic.reason, 100))) if topic.reason else ""
    return f"- {label}{esc(cut(topic.title, LINE - len(why)))}{why}"


def listed(heading: str, topics: Sequence[Topic]) -> Text:
    lines = [line(topic) for topic in topics[:SHOWN]]
    if (more := len(topics) - SHOWN) > 0:
        lines.append(ngettext("- and {n} more", "- and {n} more", more).format(n=more))
    return Text("\n".join([f"**{heading}**", "", *lines]))


def call(meeting: Meeting, topics: Sequence[Topic]) -> Message:
    """The call for topics as posted in the channel. `topics` are those on the agenda so far."""
    parts: list[Part] = [
        Text(
            _(
                "We meet {when}. What should we talk about? A topic, a win, or a challenge you would like ears for."
            ).format(when=moment(meeting.starts_at))
        )
    ]
    if topics:
        parts.append(listed(_("Waiting already"), topics))
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
        holds_until=meeting.starts_at,
    )


def call_over(meeting: Meeting) -> Message:
    """What replaces `call` when the meeting begins."""
    text = _("The meeting, {when}, has started. A topic is welcome anytime, and waits for the next one.")
    return card(
        text.format(when=moment(meeting.starts_at, "day")),
        title=_("What is on your mind?"),
        actions=(Button(_("Suggest a topic"), "agenda.suggest", TOPIC),),
    )


def form(kind: str, title: str = "") -> Form:
    heading = {TOPIC: _("Suggest a topic"), WIN: _("Share a win"), CHALLENGE: _("Name a challenge")}[kind]
    label = {
        TOPIC: _("What should we talk about?"),
        WIN: _("What went well?"),
        CHALLENGE: _("What is hard at the moment?"),
    }[kind]
    hint = _("One line. Everyone here reads it, without your name.")
    field = TextField("title", label, initial=title, hint=hint, max_length=150)
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


def added(topic: Topic, meeting: Meeting | None, close: Topic | None) -> Message:
    """Confirm a new topic. `close` is a waiting topic that says nearly the same, if there is one."""
    where = (
        _("It is on the list for the meeting {when}.").format(when=moment(meeting.starts_at))
        if meeting
        else _("It waits until a meeting is planned.")
    )
    parts: list[Part] = [Text(_("Added: **{title}**").format(title=esc(cut(topic.title, 150)))), Text(where)]
    if close:
        parts.append(
            Text(
                _("“{title}” waits already and looks much the same. If it is, take yours back.").format(
                    title=esc(cut(close.title, 150))
                )
            )
        )
    parts.append(
        Note(_("Everyone here reads it, without your name. If time runs out, it is carried to the next meeting."))
    )
    return Message(tuple(parts), actions=(Button(_("Take it back"), "agenda.withdraw", str(topic.id)),))


def withdrawn() -> Message:
    return card(_("Taken back; it is no longer on the list."), replace=True)


def removed(topic: Topic) -> Message:
    """Confirm to a facilitator that they removed somebody else's topic."""
    text = _("Removed: **{title}**. If another member suggested it, I’ve told them.")
    return card(text.format(title=esc(cut(topic.title, 150))), replace=True)


# --- what a member is told of a topic they suggested


def was_removed(topic: Topic) -> Message:
    text = _("A facilitator took your topic “{title}” off the list. You can suggest another one with {topic}.")
    return card(text.format(title=esc(cut(topic.title, 150)), topic=command("topic")))


def was_merged(topic: Topic, into: Topic) -> Message:
    text = _("A facilitator put your topic “{title}” together with “{into}”. That one is on the list for both now.")
    return Message(
        (
            Text(text.format(title=esc(cut(topic.title, 150)), into=esc(cut(into.title, 150)))),
            Note(_("If yours is about something else, tell a facilitator. They can take the two apart.")),
        ),
        subjects=(into.person_id,) if into.person_id else (),
    )


def waits_again(topic: Topic) -> Message:
    text = _("Your topic “{title}” is on the list by itself again.")
    return card(text.format(title=esc(cut(topic.title, 150))))


def not_yours() -> str:
    return _("Only whoever suggested it, or a facilitator, can take it back.")


def not_found() -> str:
    return _("That topic is no longer on the list; nothing has changed.")
