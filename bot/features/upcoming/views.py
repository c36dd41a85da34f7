"""Messages of the week ahead."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.cadence import say_moment, say_zone
from bot.cadence.calendar_names import short_date
from bot.features.upcoming.rules import NO_ROOM, POSTED, SKIPPED, STILL_OPEN, UpcomingItem
from bot.i18n import gettext as _
from bot.i18n import locale
from bot.ui import MAX_MESSAGE, Button, Divider, Message, Note, Part, Select, Text, card
from bot.ui.markup import cut, esc

# Characters that the preview adds around the card that it shows.
OWN_WORDS = 400


def state_note(state: str) -> str:
    return {
        POSTED: "",
        SKIPPED: _("left out"),
        NO_ROOM: _("not posted: this week already has its one question"),
        STILL_OPEN: _("not posted: an earlier question is still open then"),
    }[state]


def overview(
    items: Sequence[UpcomingItem],
    zone: str,
    *,
    paused: bool,
    replace: bool,
    given_way: Sequence[tuple[date, str, str]] = (),
) -> Message:
    """List what comes. `given_way` is what doesn't: its day, what it is, and what it gives way to."""
    parts: list[Part] = []
    if paused:
        parts.append(Text(_("**Paused**: none of this is posted until an admin resumes.")))
    if not items:
        parts.append(Text(_("Nothing is planned for the next seven days.")))
        parts += _left_out(given_way)
        return Message(tuple(parts), title=_("The next seven days"), replace=replace)
    lines = []
    for item in items:
        line = f"- {say_moment(item.at, zone, locale())}: {item.title}"
        lines.append(f"{line} ({state})" if (state := state_note(item.state)) else line)
    parts.append(Text("\n".join(lines)))
    parts += _left_out(given_way)
    parts.append(
        Note(
            _("Times are in the community’s zone, {zone}. Look at one to read it or leave it out.").format(
                zone=esc(say_zone(zone, locale()))
            )
        )
    )
    choices = tuple((item.ref, cut(f"{say_moment(item.at, zone, locale())}: {item.title}", 75)) for item in items)
    menu = Select(_("Look at one"), "upcoming.look", choices)
    first = Button(_("Look at the first"), "upcoming.look", items[0].ref)
    return Message(tuple(parts), title=_("The next seven days"), actions=(first, menu), replace=replace)


def _left_out(given_way: Sequence[tuple[date, str, str]]) -> list[Part]:
    lines = [
        _("- {day}: {what}: gives way to the {other}").format(day=short_date(day), what=what, other=other)
        if other
        else _("- {day}: {what}: no day is free for it").format(day=short_date(day), what=what)
        for day, what, other in given_way
    ]
    return [Text("\n".join([_("**Left out**"), "", *lines]))] if lines else []


def one(item: UpcomingItem, shown: Message, place: int, of: int, before: str, after: str, zone: str) -> Message:
    """Show what will be posted. Its buttons are named and not shown, since they must not be pressed yet."""
    when = say_moment(item.at, zone, locale())
    head = _("**{what}**, {when}").format(what=item.title, when=when)
    parts: list[Part] = [Text(head)]
    if state := state_note(item.state):
        parts.append(Note(state))
    parts.append(Divider())
    if shown.title:
        parts.append(Text(f"**{esc(shown.title)}**"))
    parts += _fitting(shown)
    if labels := ", ".join(f"[{action.label}]" for action in shown.actions):
        parts.append(Note(_("Buttons: {labels}").format(labels=esc(labels))))
    parts.append(Note(_("{place} of {of}. Only you see this.").format(place=place, of=of)))
    return Message(tuple(parts), actions=_controls(item, before, after), replace=True)


def _fitting(shown: Message) -> list[Part]:
    """Return the parts of the card that fit into a message together with the words around them."""
    room, parts = MAX_MESSAGE - OWN_WORDS, list[Part]()
    for part in shown.parts[:12]:
        size = Message((part,)).size
        if size > room:
            parts.append(Note(_("The rest is too long to show here; it is posted in full.")))
            break
        room -= size
        parts.append(part)
    return parts


def _controls(item: UpcomingItem, before: str, after: str) -> tuple[Button, ...]:
    buttons = []
    if item.state == SKIPPED:
        buttons.append(Button(_("Restore"), "upcoming.restore", item.ref, "primary"))
    elif item.skippable:
        buttons.append(Button(_("Skip this"), "upcoming.skip", item.ref))
    if before:
        buttons.append(Button(_("Earlier"), "upcoming.look", before))
    if after:
        buttons.append(Button(_("Later"), "upcoming.look", after))
    return (*buttons, Button(_("All seven days"), "upcoming.list"))


def not_found() -> str:
    return _("That is no longer planned: it was posted, moved or left out meanwhile. Nothing has changed.")


def never_skipped() -> str:
    return _("A question that is open also closes: people were told when. Its summary cannot be left out.")


def moment_passed() -> str:
    return _("Its moment has passed, so it cannot be brought back.")


def skipped(title: str, at: datetime, ref: str, zone: str) -> Message:
    text = _("Left out: {what}, {when}. Nobody else is told.").format(what=title, when=say_moment(at, zone, locale()))
    return card(
        text,
        actions=(Button(_("Restore"), "upcoming.restore", ref), Button(_("All seven days"), "upcoming.list")),
        replace=True,
    )


def restored(title: str, at: datetime, zone: str) -> Message:
    text = _("Restored: {what}, {when}.").format(what=title, when=say_moment(at, zone, locale()))
    return card(text, actions=(Button(_("All seven days"), "upcoming.list"),), replace=True)
