"""Every word that members read about meetings, besides the card in the channel."""

from collections.abc import Mapping, Sequence

from bot.cadence import say_moment, say_zone
from bot.core import signals
from bot.i18n import gettext as _
from bot.i18n import locale, ngettext
from bot.ui import Action, Button, Facts, Happening, Link, Message, Note, Part, Text
from bot.ui.markup import command, cut, esc, moment
from storage.meetings.meetings import Meeting
from storage.meetings.rsvps import ANSWERS, MAYBE, NO, YES


def answer_name(answer: str) -> str:
    return {YES: _("yes"), MAYBE: _("maybe"), NO: _("no")}[answer]


def buttons(meeting: Meeting, said: str = "") -> tuple[Action, ...]:
    """Yes, Maybe and No, without what the person has said already."""
    labels = {YES: _("Yes, I’ll come"), MAYBE: _("Maybe"), NO: _("No")}
    return tuple(
        Button(labels[answer], "meetings.rsvp", f"{meeting.id}.{answer}", "primary" if answer == YES else "plain")
        for answer in ANSWERS
        if answer != said
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


def said(meeting: Meeting, answer: str, *, reminders: str) -> Message:
    """`reminders`: when they are reminded privately, in words; "" for not at all."""
    text = {
        YES: _("You said **yes** to {title}, {when}. See you there."),
        MAYBE: _("You said **maybe** to {title}, {when}. Nobody minds if it stays open until then."),
        NO: _("You said **no** to {title}, {when}. Thank you for saying so."),
    }[answer].format(title=esc(meeting.title), when=moment(meeting.starts_at))
    note = _("Everyone sees how many come; the facilitators also see who. You can change it until the meeting begins.")
    if reminders and answer != NO:
        note += " " + _("I remind you privately: {reminders} before.").format(reminders=reminders)
    keep = () if answer == NO else (Button(_("Add to my calendar"), signals.CALENDAR_FILE, str(meeting.id)),)
    more = (
        Button(_("Add a note"), "meetings.add_note", str(meeting.id)),
        Button(_("The same for all dates"), "meetings.always", answer),
    )
    return Message((Text(text), Note(note)), actions=(*buttons(meeting, answer), *keep, *more))


def next_meeting(
    meeting: Meeting,
    counts: Mapping[str, int],
    said: str,
    later: Sequence[Meeting],
    zone: str,
    *,
    known: bool,
    more: Sequence[Part] = (),
) -> Message:
    """`zone` is the person's own, if it is `known`, else the community's."""
    rows = [(_("When"), say_moment(meeting.starts_at, zone, locale())), (_("How long"), length(meeting.minutes))]
    if meeting.place:
        rows.append((_("Where"), esc(meeting.place)))
    rows.append((_("Coming"), coming(counts)))
    if said:
        rows.append((_("You said"), answer_name(said)))
    parts: list[Part] = [Facts(tuple(rows))]
    if later:
        lines = [f"- {esc(m.title)}: {say_moment(m.starts_at, zone, locale())}" for m in later]
        parts.append(Text("\n".join([_("**After that**"), "", *lines])))
    parts += more
    note = _("Times are in your time zone, {zone}.") if known else _("Times are in the community’s zone, {zone}.")
    change = _("{timezone} changes yours.").format(timezone=command("timezone"))
    parts.append(Note(f"{note.format(zone=esc(say_zone(zone, locale())))} {change}"))
    keep = Button(_("Add to my calendar"), signals.CALENDAR_FILE, str(meeting.id))
    actions = (*buttons(meeting, said), keep, *join(meeting))
    return Message(tuple(parts), title=cut(meeting.title, 100), actions=actions)


def event(community: str, meeting: Meeting, happening: Happening | None) -> Message:
    """In a platform's own calendar."""
    said = [_("A meeting of {community}.").format(community=esc(community))]
    if meeting.place and meeting.link:
        said.append(esc(meeting.link))
    said.append(_("Say whether you come with {next}.").format(next=command("next")))
    return Message((Text("\n".join(said)),), title=cut(meeting.title, 100), happening=happening)


def somewhere() -> str:
    """Where, if nobody has said so."""
    return _("See the community’s channel")


def none_planned(more: Sequence[Part] = ()) -> Message:
    text = _("No meeting is planned yet. A facilitator can plan one with {schedule}, an admin a rhythm with {set}.")
    said = text.format(schedule=command("meeting schedule", "facilitator"), set=command("cadence set", "admin"))
    return Message((Text(said), *more))


def gone() -> str:
    return _("That meeting is no longer planned; nothing has changed. {next} shows the next one.").format(
        next=command("next")
    )


def is_cancelled(meeting: Meeting) -> str:
    return _("{title} on {when} is cancelled, so there is nothing to answer. {next} shows the next meeting.").format(
        title=esc(meeting.title), when=moment(meeting.starts_at, "day"), next=command("next")
    )


def has_begun(meeting: Meeting) -> str:
    return _("{title} began {when}, so it is too late to answer. {next} shows the next meeting.").format(
        title=esc(meeting.title), when=moment(meeting.starts_at, "relative"), next=command("next")
    )


def on_a_holiday(meeting: Meeting) -> Message:
    """To facilitators, once."""
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
    )
