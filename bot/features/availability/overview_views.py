"""The card with everything that decides what reaches a person, and when."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.cadence import say_zone
from bot.core import signals
from bot.domain import limit_words
from bot.domain.limit_words import Promise
from bot.features.availability.away_views import say_day
from bot.features.availability.views import say_hour
from bot.i18n import gettext as _
from bot.i18n import locale
from bot.ui import Button, Facts, Message, Note
from bot.ui.markup import command, cut, esc, moment
from storage.people.people import Membership, Person


def overview(
    person: Person,
    zone: str,
    now: datetime,
    *,
    away: Mapping[str, date],
    muted_until: date | None,
    community: str,
    member: Membership | None,
    muted: Sequence[str],
    promise: Promise,
    replace: bool,
) -> Message:
    """Show when the person can be reached.

    `away` is until when, by community; `member` their row in `community`, and `muted` what they have muted there.
    """
    quiet = (
        _("none")
        if person.quiet_from == person.quiet_to
        else _("{start} to {end}").format(start=say_hour(person.quiet_from), end=say_hour(person.quiet_to))
    )
    rows = [
        (_("Time zone"), esc(say_zone(zone, locale()))),
        (_("Quiet hours"), quiet),
        (_("Weekends"), _("private messages wait until Monday") if person.rests_weekends else _("like any other day")),
        (_("Away"), _away(away)),
    ]
    is_paused = person.snoozed_until is not None and person.snoozed_until > now
    if is_paused and person.snoozed_until:
        rows.append((_("Questions paused until"), moment(person.snoozed_until)))
    if muted_until:
        rows.append((_("No questions before"), say_day(muted_until)))
    if muted:
        rows.append((_("Muted"), ", ".join(esc(cut(each, 60)) for each in muted)))
    if member:
        name = esc(cut(community, 60))
        rows.append((_("Nudges from {name}").format(name=name), _("yes") if member.nudges else _("no")))
        rows.append((_("Reminders from {name}").format(name=name), _("yes") if member.reminders else _("no")))
    rest = Button(_("Ask me on weekends"), "pace.weekends", "work") if person.rests_weekends else None
    actions = [
        rest or Button(_("Rest on weekends"), "pace.weekends", "rest"),
        Button(_("I’m back"), "pace.come_back") if away else Button(_("I’ll be away until …"), "pace.ask_away"),
    ]
    if is_paused or muted_until:
        actions.append(Button(_("Ask me again"), "pace.rest_over"))
    else:
        actions.append(Button(_("Pause questions"), "pace.stop_messages"))
    if member:
        actions.append(Button(_("Nudges and reminders"), signals.MEMBER_SETTINGS))
    if member and muted:
        actions.append(Button(_("Muted questions"), signals.MUTE_PARTS))
    note = _("To change the hours, use {quiet}. To change the zone, use {zone}. {limit}").format(
        quiet=command("quiet 20 8"), zone=command("timezone"), limit=limit_words.privately(promise)
    )
    return Message(
        (Facts(tuple(rows)), Note(note)), title=_("When I reach you"), actions=tuple(actions), replace=replace
    )


def _away(days: Mapping[str, date]) -> str:
    if len(set(days.values())) == 1:
        return _("until {day}").format(day=say_day(next(iter(days.values()))))
    return ", ".join(f"{esc(cut(name, 40))}: {say_day(day)}" for name, day in days.items()) or _("no")
