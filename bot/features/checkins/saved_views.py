"""Messages about the check-ins that a community has saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.questions import Questionnaire
from bot.features.checkins import builder_views
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import (
    MAX_CHOICE,
    MAX_CHOICES,
    Action,
    Attachment,
    Button,
    ChoiceField,
    Form,
    Message,
    Note,
    Select,
    Text,
    card,
)
from bot.ui.markup import as_many, command, cut, esc, moment
from storage.learning.checkins import ARCHIVED, RESTING, CheckIn

ROOM = 2_000  # characters of a list
MOST_NEAR = 3
LENGTHS = ("1", "2", "3", "5", "10")  # working days


@dataclass(frozen=True)
class Listed:
    """A check-in with how many questions it has, and when it was last asked."""

    row: CheckIn
    questions: int
    asked_at: datetime | None
    is_open: bool


def overview(listed: Sequence[Listed], *, archived: int) -> Message:
    """List a community's check-ins. `archived` is how many are left out."""
    if not listed:
        return Message(
            (Text(_("No check-ins yet. To build one, use {new}.").format(new=_new())), *_archived(archived)),
            title=_("Check-ins"),
        )
    lines = [f"- **{esc(each.row.name)}** · {_state(each)}" for each in listed]
    choices = tuple((str(each.row.id), cut(each.row.name, MAX_CHOICE)) for each in listed[:MAX_CHOICES])
    return Message(
        (
            Text("\n".join(as_many(lines, ROOM))),
            *_archived(archived),
            Note(_("Only you can see this. To build another, use {new}.").format(new=_new())),
        ),
        title=_("Check-ins"),
        actions=(Select(_("Choose one"), "checkins.show", choices),),
    )


def _archived(n: int) -> tuple[Note, ...]:
    if not n:
        return ()
    return (Note(ngettext("{n} check-in is archived.", "{n} check-ins are archived.", n).format(n=n)),)


def _new() -> str:
    return command("checkin new", "facilitator")


def _state(each: Listed) -> str:
    n = each.questions
    parts = [ngettext("{n} question", "{n} questions", n).format(n=n)]
    if each.row.state == RESTING:
        parts.append(_("resting"))
    if each.is_open:
        parts.append(_("open now"))
    elif each.asked_at:
        parts.append(_("last asked {when}").format(when=moment(each.asked_at, "day")))
    else:
        parts.append(_("not asked yet"))
    return " · ".join(parts)


def one(each: Listed, questionnaire: Questionnaire, *, version: int, schedules: bool) -> Message:
    """Show a saved check-in and what can be done with it."""
    row, value = each.row, str(each.row.id)
    listed = [f"{place}. {esc(cut(q.words, 150))}" for place, q in enumerate(questionnaire.questions, 1)]
    actions: list[Action] = []
    if row.state == ARCHIVED:
        actions.append(Button(_("Use it again"), "checkins.wake", value, "primary"))
    elif row.state == RESTING:
        actions.append(Button(_("Use it again"), "checkins.wake", value, "primary"))
        actions.append(Button(_("Change questions"), "checkins.edit", value))
        actions.append(Button(_("Archive"), "checkins.archive", value))
    else:
        actions.append(Button(_("Ask it now"), "checkins.ask", value, "primary"))
        if schedules:
            actions.append(builder_views.schedule(row))
        actions.append(Button(_("Change questions"), "checkins.edit", value))
        actions.append(Button(_("Let it rest"), "checkins.rest", value))
    actions.append(Button(_("Copy"), "checkins.copy", value))
    actions.append(Button(_("Get the file"), "checkins.export", value))
    actions.append(Button(_("Delete"), "checkins.delete", value))
    state = _("archived") if row.state == ARCHIVED else _state(each)
    saved = ngettext("{n} version", "{n} versions", version).format(n=version)
    return Message(
        (Text("\n".join(as_many(listed, ROOM))), Note(f"{state} · {saved}")),
        title=row.name,
        actions=tuple(actions),
    )


def ask_form(row: CheckIn, days: int) -> Form:
    """Ask how long a check-in is open, before it's asked."""
    lengths = tuple(
        (length, ngettext("{n} working day", "{n} working days", int(length)).format(n=length)) for length in LENGTHS
    )
    field = ChoiceField("days", _("How long is it open?"), lengths, initial=str(days))
    return Form("checkins.ask", _("Ask it now"), (field,), str(row.id), _("Ask it"), intro=f"**{esc(row.name)}**")


def rested(row: CheckIn) -> Message:
    return Message(
        (
            Text(_("**{name}** is resting. I won’t ask it until you use it again.").format(name=esc(row.name))),
            Note(_("An open one still closes as planned, and its answers stay.")),
        ),
        actions=(
            Button(_("Use it again"), "checkins.wake", str(row.id)),
            Button(_("Archive"), "checkins.archive", str(row.id)),
        ),
        replace=True,
    )


def archived(row: CheckIn) -> Message:
    return Message(
        (
            Text(_("Archived: **{name}**. Its answers stay where they are.").format(name=esc(row.name))),
            Note(_("It’s no longer listed, and its name is free again.")),
        ),
        actions=(Button(_("Undo"), "checkins.wake", str(row.id)),),
        replace=True,
    )


def confirm_delete(row: CheckIn, *, is_scheduled: bool) -> Message:
    scheduled = _("It’s also taken out of the schedule.") if is_scheduled else ""
    said = _("Delete **{name}** and its questions? No one has answered it. You can’t undo this.")
    return Message(
        (Text(f"{said.format(name=esc(row.name))} {scheduled}".strip()),),
        actions=(
            Button(_("Delete it"), "checkins.delete_now", str(row.id), "danger"),
            Button(_("Archive"), "checkins.archive", str(row.id)),
            Button(_("Keep it"), "checkins.show", str(row.id)),
        ),
        replace=True,
    )


def only_archived(row: CheckIn) -> Message:
    """Say why a check-in stays, and offer to put it away."""
    said = _("**{name}** has been answered, and answers keep the questions they belong to. So you can only archive it.")
    actions = () if row.state == ARCHIVED else (Button(_("Archive"), "checkins.archive", str(row.id)),)
    return Message((Text(said.format(name=esc(row.name))),), actions=actions)


def deleted(name: str) -> Message:
    return card(_("Deleted: **{name}**.").format(name=esc(name)), replace=True)


def file(community: str, name: str, attachment: Attachment) -> Message:
    """The message with a check-in's file."""
    return Message(
        (
            Text(_("**{name}**, from {community}.").format(name=esc(name), community=esc(community))),
            Note(
                _("It holds the questions, and no one’s answers. To use it somewhere, use {import_}.").format(
                    import_=command("checkin import", "facilitator")
                )
            ),
        ),
        attachment=attachment,
    )


def file_on_its_way(name: str) -> Message:
    return card(_("I’ve sent you the file of **{name}** in a direct message.").format(name=esc(name)))


def no_such(name: str, near: Sequence[str]) -> str:
    listed = ", ".join(f"“{esc(each)}”" for each in near)
    if near:
        return _("There’s no check-in called “{name}”. Did you mean {near}?").format(
            name=esc(cut(name, 60)), near=listed
        )
    return _("There’s no check-in called “{name}”. To see yours, use {list}.").format(
        name=esc(cut(name, 60)), list=command("checkin list", "facilitator")
    )


def meant_saved(name: str) -> str:
    return _(
        "Did you mean your check-in “{name}”? To ask these words themselves, put a question mark at the end."
    ).format(name=esc(name))


def is_resting(row: CheckIn) -> Message:
    return Message(
        (Text(_("**{name}** is resting. Use it again first.").format(name=esc(row.name))),),
        actions=(Button(_("Use it again"), "checkins.wake", str(row.id), "primary"),),
    )


def name_in_use(row: CheckIn) -> str:
    return _("Another check-in is called “{name}” now. Rename that one first.").format(name=esc(row.name))


def which_to_close(running: Sequence[tuple[int, str]]) -> Message:
    """Ask which of several open check-ins is meant. They are given by the id of their round, with their question."""
    return Message(
        (Text(_("More than one check-in is open. Which one do you mean?")),),
        actions=(
            Select(
                _("Choose one"),
                "checkins.round",
                tuple((str(id), cut(question, MAX_CHOICE)) for id, question in running[:MAX_CHOICES]),
            ),
        ),
    )
