"""A meeting's card in the channel, before, during and after the meeting, and if it does not take place."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.core import signals
from bot.features.meetings import rules
from bot.features.meetings.views import buttons, coming, join, length, rows
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Button, Facts, Message, Note, Part, Text
from bot.ui.markup import command, cut, esc, moment
from storage.agenda.topics import CHALLENGE, WIN, Topic
from storage.meetings.meetings import Meeting
from storage.meetings.rsvps import YES

# Topics on the card. Facilitators can see them all with `agenda show`.
TOPICS = 5


def heading(meeting: Meeting) -> str:
    """Return the title, with "Meeting:" before it unless it says so itself."""
    # Translators: the word that a title may hold already, in lower case.
    says_so = _("meeting") in meeting.title.casefold()
    return cut(meeting.title if says_so else _("Meeting: {title}").format(title=meeting.title), 100)


def topic_line(topic: Topic) -> str:
    kind = {WIN: _("Win: "), CHALLENGE: _("Challenge: ")}.get(topic.kind, "")
    return f"- {kind}{esc(cut(topic.title, 120))}"


def agenda_part(topics: Sequence[Topic], heading: str, most: int = TOPICS) -> Text:
    lines = [topic_line(topic) for topic in topics[:most]]
    if more := len(topics) - most:
        lines += [ngettext("- and {n} more", "- and {n} more", more).format(n=more)] if more > 0 else []
    return Text("\n".join([heading, "", *lines]))


def agenda_heading(meeting: Meeting, topics: Sequence[Topic]) -> str:
    return _("**Agenda**") if topics[0].meeting_id == meeting.id else _("**On the agenda so far**")


def card_of(meeting: Meeting, counts: Mapping[str, int], topics: Sequence[Topic], *, begun: bool) -> Message:
    """The card before the meeting and while it lasts, when it no longer asks for RSVPs."""
    parts: list[Part] = [Facts((*rows(meeting), (_("Coming"), coming(counts))))]
    if topics:
        parts.append(agenda_part(topics, agenda_heading(meeting, topics)))
    if begun:
        parts.append(Note(_("This meeting has begun, so nobody is asked any more.")))
        return Message(
            tuple(parts),
            title=heading(meeting),
            actions=(*join(meeting), _notes(meeting)),
            holds_until=rules.ends_at(meeting.starts_at, meeting.minutes),
        )
    parts.append(Note(_("Will you come? One click. Everyone sees how many come; the facilitators also see who.")))
    suggest = Button(_("Suggest a topic"), signals.SUGGEST_TOPIC, "topic")
    return Message(
        tuple(parts),
        title=heading(meeting),
        actions=(*buttons(meeting), suggest, *join(meeting)),
        holds_until=meeting.starts_at,
    )


def over(
    meeting: Meeting,
    counts: Mapping[str, int],
    there: int,
    topics: Sequence[Topic],
    feedback_until: datetime | None,
    there_until: datetime | None,
) -> Message:
    """The card after the meeting. `topics` are those of its agenda.

    Feedback is open until `feedback_until`, and members can say until `there_until` whether they were there. None: no
    longer.
    """
    took_place = _("This meeting took place {when}, {length}.").format(
        when=moment(meeting.starts_at), length=length(meeting.minutes)
    )
    said_yes = ngettext("{n} person had said yes.", "{n} people had said yes.", counts[YES]).format(n=counts[YES])
    were = ngettext("{n} person was there.", "{n} people were there.", there).format(n=there) if there else ""
    parts: list[Part] = [Text(f"{took_place} {said_yes} {were}".strip())]
    if topics:
        parts.append(agenda_part(topics, _("**On the agenda**")))
    if feedback_until:
        told = _("Say how it was until {until}; facilitators read it in {feedback}.")
    else:
        told = _("Feedback on it is closed; facilitators read it in {feedback}.")
    yours = _("What you mean to try is in {commitments}, what you took home in {takeaways}.").format(
        commitments=command("my commitments"), takeaways=command("my takeaways")
    )
    told = told.format(
        until=moment(feedback_until, "day") if feedback_until else "",
        feedback=command("feedback show", "facilitator"),
    )
    parts.append(Note(f"{told} {yours}"))
    tell = (Button(_("Say how it was"), signals.ANSWER_FEEDBACK, str(meeting.id)),) if feedback_until else ()
    came = (
        Button(_("I was there"), "meetings.there", str(meeting.id)),
        Button(_("I missed it"), "meetings.missed", str(meeting.id)),
    )
    return Message(
        tuple(parts),
        title=heading(meeting),
        actions=(*tell, *(came if there_until else ()), _notes(meeting)),
        holds_until=feedback_until or there_until,
    )


def _notes(meeting: Meeting) -> Button:
    """The button to the notes, which facilitators write and everyone reads once they are shared."""
    return Button(_("Notes"), signals.OPEN_NOTES, str(meeting.id))


def cancelled_card(meeting: Meeting) -> Message:
    parts: list[Part] = [
        Text(_("This meeting, planned for {when}, is cancelled.").format(when=moment(meeting.starts_at)))
    ]
    if meeting.note:
        parts.append(Text(_("Why: {why}").format(why=esc(meeting.note))))
    return Message(tuple(parts), title=heading(meeting))


def no_longer(meeting: Meeting) -> Message:
    """What replaces the card of a meeting that a new rule does not have."""
    return Message(
        (
            Text(
                _(
                    "The community’s rhythm has changed: there is no meeting on {when}. {next} shows the next one."
                ).format(when=moment(meeting.starts_at, "day"), next=command("next"))
            ),
        ),
        title=heading(meeting),
    )
