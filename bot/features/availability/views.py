"""Messages about snooze, quiet hours and time zone."""

from collections.abc import Sequence
from datetime import datetime, time

from babel.dates import format_time

from bot.cadence import say_moment, say_zone
from bot.core import signals
from bot.i18n import gettext as _
from bot.i18n import locale
from bot.ui import Button, Message, Note, Text, card
from bot.ui.markup import command, cut, esc, moment
from storage.communities.communities import Community
from storage.learning.rounds import Round


def snoozed(until: datetime) -> Message:
    return Message(
        parts=(
            Text(_("I ask you nothing until {moment}.").format(moment=moment(until))),
            Note(_("What you ask me still works, and posts in channels go on. Nobody is told.")),
        ),
        actions=(Button(_("Resume now"), "pace.resume"),),
    )


# Questions that can be muted from what "stop" offers.
MOST_MUTED = 3


def what_should_stop(waiting: Sequence[Round], community: Community | None) -> Message:
    """Ask what should stop. `waiting` are the questions open for the person."""
    actions = []
    if len(waiting) == 1 and community:
        actions.append(Button(_("This question"), signals.MUTE_ROUND, str(waiting[0].id)))
    elif waiting:
        actions.append(Button(_("This week’s questions"), signals.NOT_THIS_WEEK))
    for round in waiting[:MOST_MUTED]:
        label = _("Mute “{question}”").format(question=cut(round.question, 40))
        actions.append(Button(label, signals.MUTE_CHECKIN, str(round.id)))
    actions.append(Button(_("Private messages until …"), "pace.stop_messages"))
    if community:
        actions.append(Button(_("Leave the community"), signals.ASK_TO_LEAVE))
    actions.append(Button(_("Nothing"), "pace.nothing"))
    rest = _("Until you choose, I won’t ask you anything for 24 hours. No one is told.")
    leave = "" if community else _("To leave a community, use {leave} in its channel.").format(leave=command("leave"))
    return Message((Text(_("What should stop?")), Note(f"{rest} {leave}".strip())), actions=tuple(actions))


def nothing_stops() -> Message:
    return card(_("OK, everything stays as it was."), replace=True)


def until_when() -> Message:
    weeks = ((1, _("Pause for a week")), (2, _("Pause for two weeks")), (4, _("Pause for four weeks")))
    return Message(
        (
            Text(_("I can stop asking you things for a while. Posts in channels go on, and nobody is told.")),
            Note(_("While you’re away, I send you nothing at all, not even reminders of meetings.")),
        ),
        actions=(
            *(Button(label, "pace.pause", str(count)) for count, label in weeks),
            Button(_("I’ll be away until …"), "pace.ask_away"),
        ),
        replace=True,
    )


def what_can_be_paused() -> str:
    return _("You can pause for one, two or four weeks. Please choose one of the buttons.")


def resumed(*, replace: bool) -> Message:
    return card(_("You are back: I may ask you things again, at most twice a week."), replace=replace)


def zone_set(zone: str, now: datetime) -> Message:
    return card(
        _("Your time zone is {zone}, where it is {now} now. Times and quiet hours follow it from here on.").format(
            zone=esc(say_zone(zone, locale())), now=say_moment(now, zone, locale())
        )
    )


def unknown_zone(why: str, near: Sequence[str], own: str) -> str:
    """Refuse a zone. `near` are zones that may be meant; `own` is what the person's platform gives, "" if unknown."""
    sentences = [esc(why)]
    if near:
        sentences.append(_("The nearest I know: {zones}.").format(zones=", ".join(map(esc, near))))
    if own:
        sentences.append(_("As far as I know, you are in {zone}.").format(zone=esc(own)))
    right = command(f"timezone {next(iter(near), 'New York')}")
    sentences.append(_("Like this: {right}").format(right=right))
    return " ".join(sentences)


def quiet_set(start: int, end: int, zone: str) -> Message:
    """Confirm quiet hours. Equal hours mean none."""
    if start == end:
        return card(_("You have no quiet hours now: private messages may reach you at any time."))
    return Message(
        parts=(
            Text(
                _("I leave you in peace from {start} to {end}, {zone} time.").format(
                    start=say_hour(start), end=say_hour(end), zone=esc(say_zone(zone, locale()))
                )
            ),
            Note(
                _("Private messages wait until those hours are over. {zone} changes the zone.").format(
                    zone=command("timezone")
                )
            ),
        )
    )


def unreadable_hours(typed: str) -> str:
    return _(
        "I cannot read “{typed}” as two whole hours of a day. Like this: {right}, or {words}. {off} turns them off."
    ).format(
        typed=esc(cut(typed, 40)), right=command("quiet 20 8"), words=command("quiet 8pm 8am"), off=command("quiet off")
    )


def say_hour(hour: int) -> str:
    return format_time(time(hour), "short", locale=locale()).replace("\u202f", " ")
