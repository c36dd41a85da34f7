"""Parts that several views of meetings share, and messages that belong to no single topic."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Action, Button, CalendarEvent, Link, Message, Note, Part, Text
from bot.ui.markup import command, cut, esc, moment
from storage.meetings.meetings import PLANNED, Meeting
from storage.meetings.rsvps import ANSWERS, MAYBE, NO, YES


def answer_name(answer: str) -> str:
    return {YES: _("yes"), MAYBE: _("maybe"), NO: _("no")}[answer]


def buttons(meeting: Meeting, answered: str = "") -> tuple[Action, ...]:
    """Return the RSVP buttons, less the one that the person has `answered` already."""
    labels = {YES: _("Yes, I’ll come"), MAYBE: _("Maybe"), NO: _("No")}
    return tuple(
        Button(labels[answer], "meetings.rsvp", f"{meeting.id}.{answer}", "primary" if answer == YES else "plain")
        for answer in ANSWERS
        if answer != answered
    )


def join(meeting: Meeting) -> tuple[Action, ...]:
    return (Link(_("Join"), meeting.link),) if meeting.link else ()


def length(minutes: int) -> str:
    return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)


def coming(counts: Mapping[str, int]) -> str:
    return _("{yes} yes, {maybe} maybe, {no} no").format(yes=counts[YES], maybe=counts[MAYBE], no=counts[NO])


def rows(meeting: Meeting) -> list[tuple[str, str]]:
    rows = [(_("When"), f"{moment(meeting.starts_at)}, {length(meeting.minutes)}")]
    if meeting.place:
        rows.append((_("Where"), esc(meeting.place)))
    return rows


def event(community: str, meeting: Meeting) -> Message:
    """The event in the platform's own calendar. `calendar_event` is None if the meeting is not planned: remove it."""
    sentences = [_("A meeting of {community}.").format(community=esc(community))]
    if meeting.place and meeting.link:
        sentences.append(esc(meeting.link))
    sentences.append(_("Say whether you come with {next}.").format(next=command("next")))
    calendar_event = None
    if meeting.status == PLANNED:
        ends_at = meeting.starts_at + timedelta(minutes=meeting.minutes)
        calendar_event = CalendarEvent(meeting.starts_at, ends_at, meeting.place or meeting.link or somewhere())
    return Message((Text("\n".join(sentences)),), title=cut(meeting.title, 100), calendar_event=calendar_event)


def somewhere() -> str:
    """The location of an event with neither place nor link."""
    return _("See the community’s channel")


def none_planned(more: Sequence[Part] = ()) -> Message:
    text = _("No meeting is planned yet. A facilitator can plan one with {schedule}, an admin a rhythm with {set}.")
    text = text.format(schedule=command("meeting schedule", "facilitator"), set=command("cadence set", "admin"))
    return Message((Text(text), *more))


def not_found() -> str:
    return _("That meeting is no longer planned; nothing has changed. {next} shows the next one.").format(
        next=command("next")
    )


def holiday_settled(meeting: Meeting, *, has_begun: bool) -> Message:
    """What replaces `on_a_holiday` once the meeting was changed, or has begun."""
    if meeting.status != PLANNED:
        text = _("{title}, {when}, was on a public holiday. It won’t take place.")
    elif has_begun:
        text = _("{title}, {when}, was on a public holiday.")
    else:
        text = _("{title} was on a public holiday, and has changed since: it’s now on {when}.")
    return Message((Text(text.format(title=esc(meeting.title), when=moment(meeting.starts_at))),))


def on_a_holiday(meeting: Meeting) -> Message:
    """The one notice to facilitators about a meeting on a public holiday."""
    return Message(
        (
            Text(
                _("{title}, {when}, falls on a public holiday. It stays planned unless you change it.").format(
                    title=esc(meeting.title), when=moment(meeting.starts_at)
                )
            ),
            Note(_("Only facilitators see this, and only once.")),
        ),
        actions=(
            Button(_("Move it"), "meetings.move", str(meeting.id)),
            Button(_("Cancel it"), "meetings.cancel", str(meeting.id)),
        ),
        holds_until=meeting.starts_at,
    )
