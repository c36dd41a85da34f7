"""Messages about the community's time zone: which it is, what another one changes, and that it has changed."""

from collections.abc import Sequence
from datetime import datetime

from bot.cadence import locale_to_read, say_moment, say_zone
from bot.features.meetings.views import buttons
from bot.i18n import gettext as _
from bot.i18n import locale, ngettext
from bot.ui import Button, Message, Note, Part, Text, card
from bot.ui.markup import command, esc, moment
from storage.meetings.meetings import Meeting

# Dates listed one by one; the rest are counted.
LISTED = 5


def audited_zone(_ctx: object, noted: str) -> str:
    return esc(_city(noted))


def _city(zone: str) -> str:
    return say_zone(zone, locale())


def _now(zone: str, now: datetime) -> str:
    return say_moment(now, zone, locale())


def shown(zone: str, now: datetime) -> Message:
    return card(
        _(
            "The community’s times are in **{zone}** time. It’s {now} there now. To change the zone, use {change} and "
            "name a city."
        ).format(zone=esc(_city(zone)), now=_now(zone, now), change=command("cadence zone", "admin"))
    )


def unknown(why: str, near: Sequence[str]) -> str:
    sentences = [why]
    if near:
        sentences.append(_("The nearest I know: {zones}.").format(zones=", ".join(map(esc, near))))
    sentences.append(_("Nothing has changed."))
    return " ".join(sentences)


def already(zone: str) -> str:
    return _("The community’s times are in {zone} time already. Nothing has changed.").format(zone=esc(_city(zone)))


def draft_expired() -> str:
    return _("I no longer remember that zone. Nothing has changed. Please name it again with {change}.").format(
        change=command("cadence zone", "admin")
    )


def echo(
    before: str,
    zone: str,
    now: datetime,
    moves: Sequence[datetime],
    staying: Sequence[datetime],
    draft: str,
    *,
    others: bool,
) -> Message:
    """Show what the zone changes. `moves` are the new moments of meetings, and `staying` those that don't move.

    `others`: there are rules in another zone than the community's.
    """
    parts: list[Part] = [
        Text(
            _("You chose **{zone}** time, where it’s {now} now. Until now, times are in {before} time.").format(
                zone=esc(_city(zone)), now=_now(zone, now), before=esc(_city(before))
            )
        )
    ]
    if moves:
        heading = _("**These keep their time of day, in {zone} time**").format(zone=esc(_city(zone)))
        parts.append(_list(heading, [_both(at, zone, before) for at in moves]))
    if staying:
        heading = _("**These don’t move: they aren’t on the meeting schedule, or someone moved them**")
        parts.append(_list(heading, [_both(at, zone, before) for at in staying]))
    if others:
        parts.append(Note(_("A meeting schedule with a time zone of its own keeps it.")))
    parts.append(
        Note(_("From then on, I read the times that facilitators type in {zone} time.").format(zone=esc(_city(zone))))
    )
    parts.append(Note(_("Nothing is saved yet.")))
    return Message(tuple(parts), actions=(Button(_("Save"), "meetings.keep_zone", draft, "primary"),))


def _both(at: datetime, zone: str, before: str) -> str:
    """Say a moment as the clocks of both zones show it."""
    return _("{when} ({before} time: {then})").format(
        when=say_moment(at, zone, locale_to_read()),
        before=esc(_city(before)),
        then=say_moment(at, before, locale_to_read()),
    )


def _list(heading: str, lines: Sequence[str]) -> Text:
    more = len(lines) - LISTED
    rest = [ngettext("and {n} more", "and {n} more", more).format(n=more)] if more > 0 else []
    return Text("\n".join([heading, "", *(f"- {each}" for each in (*lines[:LISTED], *rest))]))


def saved(zone: str, now: datetime, coming: Sequence[datetime], *, is_announced: bool) -> Message:
    told = (
        _("The channel is told, and everyone who said yes or maybe to the next meeting.")
        if is_announced
        else _("No meeting has moved, so the channel isn’t told.")
    )
    parts: list[Part] = [
        Text(
            _("Saved. The community’s times are in **{zone}** time now, where it’s {now}. {told}").format(
                zone=esc(_city(zone)), now=_now(zone, now), told=told
            )
        )
    ]
    if coming:
        heading = _("**The next meetings, {zone} time**").format(zone=esc(_city(zone)))
        parts.append(_list(heading, [say_moment(at, zone, locale_to_read()) for at in coming]))
    return Message(tuple(parts), replace=True)


def announced(zone: str, coming: Sequence[datetime]) -> Message:
    """Tell the channel. Each reader sees the moments on their own clock, where the platform can do that."""
    return Message(
        (
            Text(
                _("Our meetings are planned in **{zone}** time now. They keep their time of day there.").format(
                    zone=esc(_city(zone))
                )
            ),
            _list(_("**The next meetings**"), [moment(at) for at in coming]),
            Note(_("To see the next meeting in your time zone, use {next}.").format(next=command("next"))),
        )
    )


def moved(meeting: Meeting, was: datetime, zone: str) -> Message:
    """Tell people who rely on another time that a meeting has moved with the zone."""
    text = _("The meeting **{title}** has moved from {was} to {now}. Our meetings are planned in {zone} time now.")
    return Message(
        (
            Text(
                text.format(
                    title=esc(meeting.title), was=moment(was), now=moment(meeting.starts_at), zone=esc(_city(zone))
                )
            ),
            Note(_("What you said about coming still stands; you can change it here.")),
        ),
        actions=buttons(meeting),
        holds_until=meeting.starts_at,
    )
