"""Sections of a meeting's card: its type and preparations, its tasks, and follow-ups to the last feedback."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core import signals
from bot.domain.meeting_types import CALL, meeting_type
from bot.features.meetings.posts.card_views import card_of
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Message, Note, Part, Quote, Select, Text, showing
from bot.ui.markup import cut, esc, mention, moment
from storage.agenda.topics import Topic
from storage.meetings.feedback import FollowUp
from storage.meetings.meetings import Meeting
from storage.meetings.preparations import MeetingTask
from storage.people import people
from storage.people.people import Person

# Tasks and follow-ups listed, and characters of one preparation. Together with the agenda they must fit into the 3,000
# characters of a message (bot/ui/limits.py).
TASKS, REPLIES, ROOM = 5, 2, 180


@dataclass(frozen=True)
class Sections:
    """What a card shows between when and where, and the agenda. `prepared` is by the name of the preparation field."""

    prepared: Mapping[str, str]
    tasks: Sequence[tuple[MeetingTask, Person | None]]
    replies: Sequence[FollowUp]


@dataclass(frozen=True)
class Team:
    """A person's organization, and its meetings in other communities on the same day: (meeting, community name)."""

    organization: str = ""
    also: Sequence[tuple[Meeting, str]] = ()


def card_with_sections(
    meeting: Meeting, counts: Mapping[str, int], topics: Sequence[Topic], sections: Sections, *, begun: bool
) -> Message:
    """The whole card, before the meeting and while it lasts."""
    return add_sections(card_of(meeting, counts, topics, begun=begun), meeting, sections, begun=begun)


def add_sections(card: Message, meeting: Meeting, sections: Sections, *, begun: bool) -> Message:
    parts = [*about(meeting, sections.prepared), *to_do(sections.tasks), *follow_ups(sections.replies)]
    free = [] if begun else [task for task, _person in sections.tasks if task.person_id is None]
    menu = (take_one(free),) if free else ()
    # Sections go after when and where, and before the agenda.
    return replace(card, parts=(*card.parts[:1], *parts, *card.parts[1:]), actions=(*card.actions, *menu))


def add_team_note(message: Message, team: Team) -> Message:
    """Add to a direct message where else the person's organization meets that day."""
    if not team.also:
        return message
    listed = ", ".join(f"{esc(cut(name, 60))} {moment(meeting.starts_at, 'time')}" for meeting, name in team.also[:3])
    text = _("Your team at {organization} also meets that day: {listed}. A good day to trade what you take home.")
    note = Note(text.format(organization=esc(cut(team.organization, 60)), listed=listed))
    return replace(message, parts=(*message.parts, note))


def about(meeting: Meeting, prepared: Mapping[str, str]) -> list[Part]:
    """Show the meeting's type, unless it is the usual one, and its preparations."""
    its = meeting_type(meeting.meeting_type)
    parts: list[Part] = [] if meeting.meeting_type == CALL else [Text(f"**{its.label}**")]
    for each in its.prepares:
        if words := prepared.get(each.name):
            parts.append(Quote(cut(words, ROOM), by=each.label))
    return parts


def to_do(held: Sequence[tuple[MeetingTask, Person | None]]) -> list[Part]:
    if not held:
        return []
    lines = []
    for task, person in held[:TASKS]:
        who = mention(people.key(person), person.name) if person else _("nobody yet")
        done = _(" (done)") if task.done else ""
        lines.append(f"- {esc(cut(task.words, 60))}: {who}{done}")
    if (more := len(held) - TASKS) > 0:
        lines.append(ngettext("- and {n} more", "- and {n} more", more).format(n=more))
    return [Text("\n".join([_("**Tasks**"), "", *lines]))]


def take_one(free: Sequence[MeetingTask]) -> Select:
    return Select(
        _("Take on a task"), signals.TAKE_TASK, tuple((str(task.id), cut(task.words, 75)) for task in free[:25])
    )


def follow_ups(replies: Sequence[FollowUp]) -> list[Part]:
    """Show the latest follow-ups to feedback on the last meeting."""
    if not replies:
        return []
    lines = [
        _("- You said: {said} – We did: {did}").format(said=esc(cut(row.said, 110)), did=esc(cut(row.did, 130)))
        for row in replies[-REPLIES:]
    ]
    return [Text("\n".join([_("**After last time: you said, we did**"), "", *lines]))]


def counting(view: Callable[[], Message], counted: Iterable[int]) -> Message:
    """Return a card with whom it counts."""
    return showing(view(), counted)
