"""Reminders of meetings, in the channel and as direct messages, and what they become when a meeting changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.features.meetings import rules
from bot.features.meetings.posts.card_section_views import Team, add_team_note
from bot.features.meetings.posts.card_views import agenda_heading, agenda_part, cancelled_card
from bot.features.meetings.views import answer_name, buttons, coming, join, rows
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Action, Button, Facts, Link, Message, Note, Part, Text
from bot.ui.markup import command, cut, esc, moment
from storage.agenda.topics import Topic
from storage.meetings.meetings import CANCELLED, PLANNED, Meeting

# Topics of the agenda in a reminder, and meetings in one reminder.
TOPICS, TOGETHER = 3, 4


@dataclass(frozen=True)
class About:
    """A meeting in a reminder, as it is now.

    `is_current`: the meeting has not changed since the reminder was made. `has_begun`: it has begun by now. `answer` is
    the receiver's RSVP, "" for none yet and in the channel. `community` is the community's name. `next_at` is when they
    are reminded of it again; None if not.
    """

    meeting: Meeting
    is_current: bool
    answer: str
    community: str
    counts: Mapping[str, int]
    topics: Sequence[Topic]
    has_begun: bool = False
    next_at: datetime | None = None

    @property
    def asks(self) -> bool:
        """Whether the reminder asks for an RSVP."""
        return self.is_current and not self.has_begun

    @property
    def holds_until(self) -> datetime | None:
        """Until when what a reminder says of the meeting is true; None if for good."""
        if self.has_begun or self.meeting.status != PLANNED:
            return None
        return self.meeting.starts_at if self.is_current else self.next_at or self.meeting.starts_at


def _first_end(about: Sequence[About]) -> datetime | None:
    return min((each.holds_until for each in about if each.holds_until), default=None)


# --- in the channel


def soon(about: Sequence[About], at: datetime, zone: str, counted: Sequence[int] = ()) -> Message:
    """The channel reminder, in the card's thread: how soon after `at` the meeting is, its agenda, who comes so far.

    Once a meeting has begun it asks for no RSVP, and latecomers still find the link. `counted` are those it counts.
    """
    parts: list[Part] = []
    for each in about[:TOGETHER]:
        if each.is_current:
            parts += _soon_part(each, at, zone)[: 1 if each.has_begun else None]
        else:
            parts.append(changed(each))
    if any(each.asks for each in about):
        parts.append(Note(_("Say whether you come; you may change it until the meeting begins.")))
    return Message(tuple(parts), actions=_actions(about), subjects=tuple(counted), holds_until=_first_end(about))


def _actions(about: Sequence[About]) -> tuple[Action, ...]:
    """Return the RSVP buttons of a reminder, and the links of its meetings."""
    if len(about) > 1:
        return _actions_of_several(about)
    [one] = about
    if not one.is_current:
        return ()
    return (*join(one.meeting), *(buttons(one.meeting, one.answer) if one.asks else ()))


def _soon_part(about: About, at: datetime, zone: str) -> list[Part]:
    meeting = about.meeting
    # Day and hour are given too, since the message stays in the channel after "tomorrow" has passed.
    text = _("**{how_soon}**: the meeting **{title}**, {when}.").format(
        how_soon=how_soon(meeting.starts_at, at, zone), title=esc(meeting.title), when=moment(meeting.starts_at)
    )
    place = (Text(_("Where: {place}").format(place=esc(meeting.place))),) if meeting.place else ()
    so_far = Text(_("So far: {coming}.").format(coming=coming(about.counts)))
    return [Text(text), *place, *_agenda(about), so_far]


def _agenda(about: About) -> tuple[Part, ...]:
    return (agenda_part(about.topics, agenda_heading(about.meeting, about.topics), TOPICS),) if about.topics else ()


def how_soon(starts_at: datetime, now: datetime, zone: str) -> str:
    """Say how soon the meeting is as of `now`, since a reminder may be sent later than its step says."""
    days, minutes = rules.ahead(starts_at, now, zone)
    if minutes <= 50:
        return ngettext("In {n} minute", "In {n} minutes", minutes).format(n=minutes)
    if minutes <= 70:
        return _("In one hour")
    if days <= 1:
        return _("Tomorrow") if days else _("Today")
    return _("In one week") if days == 7 else ngettext("In {n} day", "In {n} days", days).format(n=days)


def changed(about: About) -> Text:
    """What replaces a reminder that no longer holds."""
    meeting = about.meeting
    if meeting.status != PLANNED:
        text = _("The meeting **{title}**, planned for {when}, does not take place.")
    elif about.has_begun:
        text = _("The meeting **{title}** changed after this reminder: it started {when}.")
    else:
        text = _("The meeting **{title}** has changed since: it’s now on {when}.")
        if about.next_at:
            text += " " + _("I’ll remind you again before it.")
    return Text(text.format(title=esc(meeting.title), when=moment(meeting.starts_at)))


# --- privately


def direct_reminder(about: Sequence[About], team: Team) -> Message:
    """The direct reminder to one person; meetings whose reminders fall together share one message."""
    if len(about) == 1:
        return add_team_note(_one(about[0]), team)
    parts: list[Part] = [Text(_("A reminder of meetings that fall together."))]
    for each in about[:TOGETHER]:
        parts += [Text(_named(each)), Facts(tuple(rows(each.meeting)))] if each.is_current else [changed(each)]
    parts.append(_private())
    return Message(tuple(parts), actions=_actions(about), holds_until=_first_end(about))


def _one(about: About) -> Message:
    meeting = about.meeting
    if not about.is_current:
        if meeting.status == CANCELLED:
            return cancelled_card(meeting)
        actions = () if about.has_begun or meeting.status != PLANNED else buttons(meeting)
        return Message((changed(about),), actions=actions, holds_until=about.holds_until)
    facts = Facts((*rows(meeting), (_("Coming"), coming(about.counts))))
    parts: list[Part] = [Text(_named(about)), facts, *_agenda(about), _private()]
    return Message(tuple(parts), actions=_actions([about]), holds_until=about.holds_until)


def _named(about: About) -> str:
    if about.meeting.title == about.community:
        text = _("A reminder of the meeting of **{title}**.")
    else:
        text = _("A reminder of the meeting **{title}** of {community}.")
    text = text.format(title=esc(about.meeting.title), community=esc(about.community))
    if not about.answer and about.has_begun:
        return text
    if not about.answer:
        return text + " " + _("You have not said yet whether you come.")
    return text + " " + _("You said {answer}.").format(answer=answer_name(about.answer))


def _private() -> Note:
    return Note(_("Only you see this. {reminders} changes such reminders.").format(reminders=command("my reminders")))


def _links(those: Sequence[Meeting]) -> list[Link]:
    return [Link(cut(_("Join {title}").format(title=m.title), 75), m.link) for m in those[:2] if m.link]


def _actions_of_several(about: Sequence[About]) -> tuple[Action, ...]:
    """Return the actions of a reminder of several meetings, where each button names its meeting."""
    links = _links([each.meeting for each in about if each.is_current])
    answers = [
        Button(cut(_("Will I come? {title}").format(title=m.title), 75), "meetings.one", str(m.id))
        for m in [each.meeting for each in about if each.asks][: TOGETHER - 1]
    ]
    return (*links, *answers)
