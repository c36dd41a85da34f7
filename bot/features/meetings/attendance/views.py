"""Messages and forms about attendance: a member's own record, the roster, and continuity over a season."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.measures import Ratio, Record
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Button, Field, Form, Message, Note, Part, Quote, Text, TickField
from bot.ui.markup import as_many, command, cut, esc, mention, moment
from storage.meetings.attendance import MADE_UP
from storage.meetings.meetings import Meeting
from storage.people import people
from storage.people.people import Person

# Characters of all names, and catch-up answers shown.
ROOM, ANSWERS = 700, 3


def not_yet(meeting: Meeting) -> str:
    return _("{title}, {when}, has not taken place, so nobody can have been there.").format(
        title=esc(meeting.title), when=moment(meeting.starts_at)
    )


def too_long_ago(meeting: Meeting) -> str:
    return _("{title}, {when}, is too long ago to write down who was there.").format(
        title=esc(meeting.title), when=moment(meeting.starts_at, "day")
    )


def was_there(meeting: Meeting) -> Message:
    text = _("Noted: you were at **{title}**, {when}.").format(
        title=esc(meeting.title), when=moment(meeting.starts_at, "day")
    )
    note = _("Everyone sees how many were there; facilitators also see who. {attendance} shows your own record.")
    return Message(
        (Text(text), Note(note.format(attendance=command("my attendance")))),
        actions=(Button(_("I was not there"), "meetings.not_there", str(meeting.id)),),
        replace=True,
    )


def was_not_there(meeting: Meeting) -> Message:
    text = _("Taken back: you were not at **{title}**, {when}.").format(
        title=esc(meeting.title), when=moment(meeting.starts_at, "day")
    )
    return Message((Text(text),), actions=(Button(_("Catch up"), "meetings.missed", str(meeting.id)),), replace=True)


def own_record(own: Sequence[tuple[Meeting, str]], community: str) -> Message:
    """List a member's record. `own` are (meeting, how they were there, "" for not), newest first."""
    if not own:
        return Message((Text(_("{name} hasn’t met since you joined.").format(name=esc(community))),))
    lines = [
        _("- {when}, {title}: {how}").format(
            when=moment(meeting.starts_at, "day"), title=esc(cut(meeting.title, 60)), how=_how(how)
        )
        for meeting, how in own
    ]
    came = sum(bool(how) for _meeting, how in own)
    total = ngettext(
        "Of the last meeting of {name} you were at {came} or made up for it.",
        "Of the last {n} meetings of {name} you were at {came} or made up for them.",
        len(own),
    ).format(n=len(own), name=esc(community), came=came)
    note = _("Only you see this list. {data} hands it to you as a file.").format(data=command("data download"))
    return Message((Text(total), Text("\n".join(lines)), Note(note)), title=_("Your record"))


def _how(how: str) -> str:
    if not how:
        return _("not there")
    return _("made up for") if how == MADE_UP else _("there")


# --- for facilitators


@dataclass(frozen=True)
class Continuity:
    """How steadily people came over a number of meetings: `steady` of those who were expected at one of them.

    `by_name` holds the records of those who agreed to be shown.
    """

    meetings: int
    steady: Ratio
    by_name: Mapping[str, Record]


def overview(
    meeting: Meeting,
    there: Sequence[Person],
    expected: int,
    made_up: Sequence[tuple[str, Person]],
    earlier: Meeting | None,
    continuity: Continuity | None,
) -> Message:
    """Show facilitators who was there. `expected` is how many said yes; `made_up` are (answer, person); an answer
    that they may not read is "".
    """
    parts: list[Part] = [
        Text(
            _("**{title}**, {when}: {n} there, {expected} had said yes.").format(
                title=esc(meeting.title), when=moment(meeting.starts_at, "day"), n=len(there), expected=expected
            )
        )
    ]
    if there:
        names = [mention(people.key(person), person.name) for person in there]
        shown = as_many(names, ROOM)
        more = f" +{len(names) - len(shown)}" if len(names) > len(shown) else ""
        parts.append(Text(_("There: {names}").format(names=", ".join(shown) + more)))
    if made_up:
        parts.append(Text(ngettext("{n} made up for it.", "{n} made up for it.", len(made_up)).format(n=len(made_up))))
        parts += [
            Quote(cut(answer, 150), by=mention(people.key(person), person.name))
            for answer, person in [each for each in made_up if each[0]][:ANSWERS]
        ]
    parts += _continuity(continuity) if continuity else []
    parts.append(Note(_("Only facilitators see who was there; members see how many.")))
    back = (Button(_("The one before"), "meetings.attendance_of", str(earlier.id)),) if earlier else ()
    return Message(
        tuple(parts),
        title=_("Who was there"),
        actions=(
            Button(_("Mark who came"), "meetings.mark", f"{meeting.id}.0", "primary"),
            Button(_("All who said yes came"), "meetings.mark_yes", str(meeting.id)),
            *back,
        ),
    )


def _continuity(seen: Continuity) -> list[Part]:
    steady = _("Over the last {n} meetings, {steady} of {members} members were at three quarters or more of theirs.")
    parts: list[Part] = [
        Text(steady.format(n=seen.meetings, steady=seen.steady.part, members=seen.steady.whole)),
    ]
    if seen.by_name:
        lines = as_many(
            [
                _("- {name}: {n} of {of}").format(name=esc(name), n=own.came, of=own.meetings)
                for name, own in seen.by_name.items()
            ],
            400,
        )
        parts.append(Text("\n".join([_("**Who agreed that you see this**"), "", *lines])))
    return parts


def none_held() -> str:
    return _("No meeting has taken place yet, so there is nobody to mark.")


def mark_form(meeting: Meeting, page: Sequence[Person], ticked: set[int], draft: str, place: int, of: int) -> Form:
    """Ask who came, up to forty people on a page, in lists of ten: what a form holds on every platform."""
    fields: list[Field] = []
    for number, first in enumerate(range(0, len(page), 10)):
        ten = page[first : first + 10]
        label = _("{first} to {last}").format(first=cut(ten[0].name, 18), last=cut(ten[-1].name, 18))
        choices = tuple((str(people.key(p)), cut(p.name or _("somebody"), 75)) for p in ten)
        initial = tuple(id for id, _name in choices if int(id) in ticked)
        fields.append(TickField(f"list{number}", label, choices, initial=initial))
    intro = _("{title}: tick who came.").format(title=esc(cut(meeting.title, 80)))
    if of > 1:
        intro += " " + _("List {place} of {of}.").format(place=place, of=of)
    return Form("meetings.marked", _("Who came?"), tuple(fields), value=draft, submit=_("Save"), intro=intro)


def marked(meeting: Meeting, there: int, next_page: int | None) -> Message:
    """Confirm a page. `next_page` is the number of the next one, None after the last."""
    text = ngettext("Saved: {n} person was at **{title}**.", "Saved: {n} people were at **{title}**.", there).format(
        n=there, title=esc(meeting.title)
    )
    note = Note(_("Who meant to come and was not there is offered, once and privately, to catch up."))
    more = (
        (Button(_("Go on with the next list"), "meetings.mark", f"{meeting.id}.{next_page}", "primary"),)
        if next_page is not None
        else ()
    )
    look = Button(_("Who was there"), "meetings.attendance_of", str(meeting.id))
    return Message((Text(text), note), actions=(*more, look), replace=True)
