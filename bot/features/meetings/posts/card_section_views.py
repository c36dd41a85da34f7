"""Every word that a kind of meeting, its tasks, and the last meeting's feedback add to a meeting's card."""

from collections.abc import Mapping, Sequence

from bot.core import signals
from bot.domain.meeting_types import CALL, kind
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Note, Part, Quote, Select, Text
from bot.ui.markup import cut, esc, mention, moment
from storage.meetings.feedback import YouSaid
from storage.meetings.meetings import Meeting
from storage.meetings.preparations import MeetingTask
from storage.people import people
from storage.people.people import Person

# A card takes 3,000 characters with its agenda: tasks and replies that are listed, characters of one preparation.
TASKS, REPLIES, ROOM = 5, 2, 180


def about(meeting: Meeting, prepared: Mapping[str, str]) -> list[Part]:
    """What kind it is, where that is not the usual, and what was prepared for it."""
    its = kind(meeting.kind)
    parts: list[Part] = [] if meeting.kind == CALL else [Text(f"**{its.label}**")]
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


def you_said(replies: Sequence[YouSaid]) -> list[Part]:
    """What was done since the meeting before, about what people said after it."""
    if not replies:
        return []
    lines = [
        _("- You said: {said} – We did: {did}").format(said=esc(cut(row.said, 110)), did=esc(cut(row.did, 130)))
        for row in replies[-REPLIES:]
    ]
    return [Text("\n".join([_("**After last time: you said, we did**"), "", *lines]))]


def team(also: Sequence[tuple[Meeting, str]], organization: str) -> list[Part]:
    """To one person, privately."""
    if not also:
        return []
    listed = ", ".join(f"{esc(cut(name, 60))} {moment(meeting.starts_at, 'time')}" for meeting, name in also[:3])
    said = _("Your team at {organization} also meets that day: {listed}. A good day to trade what you take home.")
    return [Note(said.format(organization=esc(cut(organization, 60)), listed=listed))]
