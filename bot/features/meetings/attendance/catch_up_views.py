"""Messages and the form of catch-up, for members who missed a meeting."""

from collections.abc import Sequence
from datetime import datetime

from bot.core import signals
from bot.features.meetings.posts.card_views import agenda_part
from bot.i18n import gettext as _
from bot.ui import Button, Form, Message, Note, Part, Quote, Text, TextField
from bot.ui.markup import command, cut, esc, moment
from storage.agenda.topics import Topic
from storage.meetings.meetings import Meeting

LONGEST = 1_000  # characters of an answer


def offered(meeting: Meeting, community: str, until: datetime) -> Message:
    """The one direct message to a member who meant to come and was not there. They can catch up `until` then."""
    text = _(
        "If you could not be at **{title}** of {community}, {when}: here is what was on the agenda, and one question. "
        "Answering it counts as made up for."
    ).format(title=esc(meeting.title), community=esc(community), when=moment(meeting.starts_at, "day"))
    return Message(
        (Text(text), Note(_("About 3 minutes. I ask this once and only privately; it is fine to let it pass."))),
        actions=(
            Button(_("Catch up"), "meetings.missed", str(meeting.id), "primary"),
            Button(_("I was there"), "meetings.there", str(meeting.id)),
        ),
        holds_until=until,
    )


def no_longer_offered(meeting: Meeting, community: str) -> Message:
    """What replaces `offered` when it is too late to catch up."""
    text = _("It’s too late to catch up on **{title}** ({community}), {when}. To see the last notes, use {notes}.")
    return Message(
        (
            Text(
                text.format(
                    title=esc(meeting.title),
                    community=esc(community),
                    when=moment(meeting.starts_at, "day"),
                    notes=command("notes"),
                )
            ),
        )
    )


def settled(meeting: Meeting) -> Message:
    """What replaces `offered` once they have caught up, or it is known that they were there."""
    text = _("**{title}**, {when}: you were there or have caught up.")
    return Message((Text(text.format(title=esc(meeting.title), when=moment(meeting.starts_at, "day"))),))


def none_yet() -> str:
    return _("No meeting has taken place yet, so there is nothing to catch up on.")


def card_of(meeting: Meeting, topics: Sequence[Topic], *, answered: bool, notes: bool) -> Message:
    """Show what a member missed. `answered`: they have answered the question. `notes`: shared notes exist."""
    parts: list[Part] = [
        Text(
            _("What you missed: **{title}**, {when}.").format(title=esc(meeting.title), when=moment(meeting.starts_at))
        )
    ]
    if topics:
        parts.append(agenda_part(topics, _("**On the agenda**")))
    else:
        parts.append(Text(_("No agenda was published for it.")))
    parts.append(
        Text(
            _("What others took home is in {takeaways}; what was shared is found with {find}.").format(
                takeaways=command("my takeaways"), find=command("find")
            )
        )
    )
    parts.append(Note(_("One question, about 3 minutes; facilitators read your answer. It counts as made up for.")))
    label = _("Change my answer") if answered else _("Answer the question")
    return Message(
        tuple(parts),
        title=_("Catch up"),
        actions=(
            Button(label, "meetings.make_up", str(meeting.id), "primary"),
            *([Button(_("Notes"), signals.OPEN_NOTES, str(meeting.id))] if notes else []),
            Button(_("I was there"), "meetings.there", str(meeting.id)),
        ),
    )


def form(meeting: Meeting, answer: str) -> Form:
    return Form(
        "meetings.made_up",
        _("Catch up"),
        (
            TextField(
                "answer",
                _("Your answer"),
                long=True,
                initial=answer,
                max_length=LONGEST,
                hint=_("Facilitators read it. You can change it later."),
            ),
        ),
        value=str(meeting.id),
        submit=_("Send"),
        intro=_(
            "{title}: which of its topics touches your own work most, and what would you have brought to it?"
        ).format(title=esc(cut(meeting.title, 80))),
    )


def saved(meeting: Meeting, answer: str) -> Message:
    text = _("Thank you. You have made up for **{title}**, {when}.").format(
        title=esc(meeting.title), when=moment(meeting.starts_at, "day")
    )
    note = Note(
        _("Facilitators read this. {attendance} shows your own record.").format(attendance=command("my attendance"))
    )
    return Message((Text(text), Quote(answer), note), replace=True)
