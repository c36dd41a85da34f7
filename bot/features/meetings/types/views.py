"""Messages and forms for meeting types, preparations and tasks."""

from collections.abc import Mapping, Sequence

from bot.domain.meeting_types import meeting_type, menu
from bot.i18n import gettext as _
from bot.ui import Button, Form, Message, Note, Part, PeopleField, Quote, Text, TextField, card
from bot.ui.markup import command, cut, esc, mention, moment
from storage.meetings.meetings import Meeting, Series
from storage.meetings.preparations import MeetingTask
from storage.people import people
from storage.people.people import Person

LONGEST, LONGEST_TASK = 300, 120  # characters
OwnedTask = tuple[MeetingTask, Person | None]


def overview(meeting: Meeting) -> Message:
    its = meeting_type(meeting.meeting_type)
    text = _("**{title}**, {when}, is of this kind: {kind}. {what}").format(
        title=esc(meeting.title), when=moment(meeting.starts_at), kind=its.label, what=its.what
    )
    menus = [menu(str(meeting.id))] + ([menu(f"s{meeting.series_id}")] if meeting.series_id else [])
    return Message((Text(text), Note(_("Only you see this; the card follows what you choose."))), actions=(*menus,))


def _next_steps(meeting: Meeting, *, has_siblings: bool) -> tuple[Button, ...]:
    """Return the buttons that the meeting's type offers. `has_siblings`: other communities could be invited."""
    its = meeting_type(meeting.meeting_type)
    found = []
    if its.prepares:
        found.append(Button(_("Prepare it"), "kinds.prepare", str(meeting.id), "primary"))
    if its.tasks:
        found.append(Button(_("Add a task"), "kinds.task", str(meeting.id)))
    if its.joint and has_siblings and not meeting.host_id:
        found.append(Button(_("Invite the other communities"), "kinds.invite", str(meeting.id)))
    return tuple(found)


def chosen(meeting: Meeting, *, has_siblings: bool) -> Message:
    its = meeting_type(meeting.meeting_type)
    text = _("**{title}**, {when}, is now of this kind: {kind}. {what}").format(
        title=esc(meeting.title), when=moment(meeting.starts_at), kind=its.label, what=its.what
    )
    parts: list[Part] = [Text(text)]
    if its.asks:
        parts.append(Text(_("The check-in before it asks: “{question}”").format(question=its.asks)))
    return Message(tuple(parts), actions=_next_steps(meeting, has_siblings=has_siblings), replace=True)


def chosen_for_all(series: Series) -> Message:
    its = meeting_type(series.meeting_type)
    return card(
        _("All meetings of {title} are from now on of this kind: {kind}. {what}").format(
            title=esc(series.title), kind=its.label, what=its.what
        ),
        _("{kinds} changes a single one, and {prepare} prepares the next.").format(
            kinds=command("meeting kind", "facilitator"), prepare=command("meeting prepare", "facilitator")
        ),
        replace=True,
    )


# --- preparing


def prepare_form(meeting: Meeting, there: Mapping[str, str]) -> Form:
    fields = tuple(
        TextField(
            each.name,
            each.label,
            long=True,
            required=False,
            initial=there.get(each.name, ""),
            hint=each.hint,
            max_length=LONGEST,
        )
        for each in meeting_type(meeting.meeting_type).prepares
    )
    return Form("kinds.prepare", _("Prepare the meeting"), fields, value=str(meeting.id), submit=_("Keep"))


def too_long() -> str:
    return _("Please keep it to {most} characters; I have kept the beginning.").format(most=LONGEST)


def prepared(meeting: Meeting, words: Mapping[str, str]) -> Message:
    parts: list[Part] = []
    for each in meeting_type(meeting.meeting_type).prepares:
        if text := words.get(each.name):
            parts += [Text(f"**{each.label}**"), Quote(text)]
    head = Text(_("Kept for {title}, {when}:").format(title=esc(meeting.title), when=moment(meeting.starts_at)))
    note = Note(_("Everyone here reads it on the meeting’s card."))
    return Message((head, *parts, note), actions=_next_steps(meeting, has_siblings=False))


def nothing_to_prepare(meeting: Meeting) -> str:
    return _("{title} is of this kind: {kind}, which needs nothing prepared. {kinds} chooses another.").format(
        title=esc(meeting.title),
        kind=meeting_type(meeting.meeting_type).label,
        kinds=command("meeting kind", "facilitator"),
    )


# --- tasks


def task_form(meeting: Meeting, words: str = "") -> Form:
    return Form(
        "kinds.task",
        _("Add a task"),
        (
            TextField("words", _("What is to be done?"), initial=words, max_length=LONGEST_TASK),
            PeopleField(
                "owner",
                _("Who has taken it on?"),
                required=False,
                max_people=1,
                hint=_("Only somebody who said so. Left empty, anyone may take it from the card."),
            ),
        ),
        value=str(meeting.id),
        submit=_("Add it"),
    )


def bad_task() -> str:
    return _("Please write it in one line of at most {most} characters.").format(most=LONGEST_TASK)


def not_a_member() -> str:
    return _("They have not joined this community, so their name cannot stand on its card.")


def task_line(held: OwnedTask) -> str:
    task, person = held
    who = mention(people.key(person), person.name) if person else _("nobody yet")
    state = _(" (done)") if task.done else ""
    return f"- {esc(cut(task.words, LONGEST_TASK))}: {who}{state}"


def tasks(meeting: Meeting, held: Sequence[OwnedTask]) -> Message:
    lines = [task_line(each) for each in held[:12]]
    return Message(
        (Text("\n".join([_("The tasks so far:"), "", *lines])), Note(_("Everyone here reads them on the card."))),
        actions=(Button(_("Add another"), "kinds.task", str(meeting.id)),),
    )


def took(task: MeetingTask, meeting: Meeting) -> Message:
    text = _("It is yours: “{task}”, for {when}. Your name stands beside it on the card.")
    return Message(
        (Text(text.format(task=esc(task.words), when=moment(meeting.starts_at))),),
        actions=(
            Button(_("Done"), "kinds.done", str(task.id), "primary"),
            Button(_("Give it back"), "kinds.take", str(task.id)),
        ),
    )


def gave_back(task: MeetingTask) -> Message:
    return card(_("Given back; anyone may take it now. Nobody is told why."), replace=True)


def done(task: MeetingTask) -> Message:
    return card(_("Done, and the card says so. Thank you."), replace=True)


def taken_already() -> str:
    return _("Somebody else has taken that on meanwhile; nothing has changed.")


# --- refusals


def none_planned() -> str:
    return _("No meeting to come is planned. {schedule} plans one.").format(
        schedule=command("meeting schedule", "facilitator")
    )


def not_found() -> str:
    return _("That is no longer there; nothing has changed.")
