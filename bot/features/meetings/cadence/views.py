"""Messages and the form for the cadence: what was understood, what it changes, and pausing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.cadence import OnClosed, Rule, Unreadable, locale_to_read, say, say_moment, say_zone
from bot.cadence.rule import USUAL_MINUTES
from bot.domain.meeting_types import menu
from bot.i18n import gettext as _
from bot.i18n import locale, ngettext
from bot.ui import Button, Form, Message, Note, Part, Text, TextField, card
from bot.ui.markup import command, cut, esc, moment
from storage.meetings.meetings import Meeting

# Dates listed one by one; the rest are counted.
LISTED = 6


@dataclass(frozen=True)
class Effect:
    """What a new rule does to the planned meetings. It leaves those that a facilitator moved (`by_hand`)."""

    dropped: Sequence[datetime]
    by_hand: Sequence[datetime]
    unchanged: int
    new: int


def audited_rule(_ctx: object, noted: str) -> str:
    """Describe the rule in an audit log entry. `noted` is its JSON."""
    return esc(cut(say(Rule.from_json(noted), locale()), 200))


def form(phrase: str = "") -> Form:
    return Form(
        "meetings.cadence",
        _("When do you meet?"),
        (
            TextField(
                "phrase",
                _("In plain words"),
                initial=phrase,
                hint=_("For example: second Wednesday of each month, October to June, 4pm"),
                max_length=500,
            ),
        ),
        submit=_("Read it"),
        intro=_("Say it as you would to a colleague. I show you what I understood before anything is saved."),
    )


def unreadable(doubt: Unreadable) -> str:
    if not doubt.suggestion:
        return _("{why} Nothing is saved.").format(why=doubt)
    return _("{why} The nearest I can read: **{right}**. Nothing is saved.").format(
        why=str(doubt), right=esc(doubt.suggestion)
    )


def unreadable_plain(doubt: Unreadable) -> str:
    if not doubt.suggestion:
        return str(doubt)
    return _("{why} The nearest I can read: {right}").format(why=str(doubt), right=doubt.suggestion)


def _listed(dates: Sequence[tuple[datetime, bool]], rule: Rule) -> Text:
    lines = []
    for at, holiday in dates:
        when = say_moment(at, rule.zone, locale_to_read())
        lines.append(_("- {when} (a public holiday)").format(when=when) if holiday else f"- {when}")
    heading = _("**The next dates, {zone} time**").format(zone=esc(say_zone(rule.zone, locale_to_read())))
    return Text("\n".join([heading, "", *(lines or [_("- none in the next thirteen months")])]))


def _describe(rule: Rule, *, other_length: bool) -> str:
    """Describe the rule. The usual length is named only if meetings have had another one until now."""
    return esc(say(rule, locale_to_read(), 0 if other_length else USUAL_MINUTES))


def echo(
    rule: Rule, dates: Sequence[tuple[datetime, bool]], warnings: Sequence[str], draft: str, *, other_length: bool
) -> Message:
    """Repeat what was understood. `dates` are the next ones, each with whether it is a public holiday."""
    parts: list[Part] = [
        Text(_("I understood: **{rule}**.").format(rule=_describe(rule, other_length=other_length))),
        _listed(dates, rule),
        *(Note(warning) for warning in warnings),
    ]
    if any(holiday for _at, holiday in dates) and rule.closing.public is not OnClosed.KEEP:
        parts.append(
            Note(_("Meetings on public holidays stay planned; facilitators are asked about each in good time."))
        )
    parts.append(Note(_("Nothing is saved yet.")))
    return Message(
        tuple(parts),
        actions=(
            Button(_("Save"), "meetings.keep_cadence", draft, "primary"),
            Button(_("Change"), "meetings.rephrase", draft),
        ),
    )


def with_effect(message: Message, effect: Effect, zone: str) -> Message:
    """Add to an echo which planned meetings would change."""
    dropped, by_hand = _in_words(effect.dropped, zone), _in_words(effect.by_hand, zone)
    lists = [(_("**No longer**"), dropped), (_("**Stay, as they were moved by hand**"), by_hand)]
    unchanged = ngettext("{n} meeting stays as it is.", "{n} meetings stay as they are.", effect.unchanged).format(
        n=effect.unchanged
    )
    new = ngettext("{n} is new.", "{n} are new.", effect.new).format(n=effect.new)
    rest = [
        *([unchanged] if effect.unchanged else []),
        *([new] if effect.new else []),
        _("Past meetings stay as they were."),
    ]
    effects: list[Part] = [_date_list(heading, dates) for heading, dates in lists if dates]
    effects.append(Note(" ".join(rest)))
    # The last part of an echo says that nothing is saved yet, and stays last.
    return replace(message, parts=(*message.parts[:-1], *effects, message.parts[-1]))


def _in_words(dates: Sequence[datetime], zone: str) -> list[str]:
    return [say_moment(at, zone, locale_to_read()) for at in dates]


def _date_list(heading: str, dates: Sequence[str]) -> Text:
    more = len(dates) - LISTED
    rest = [ngettext("and {n} more", "and {n} more", more).format(n=more)] if more > 0 else []
    return Text("\n".join([heading, "", *(f"- {each}" for each in (*dates[:LISTED], *rest))]))


def draft_expired() -> str:
    return _("I no longer remember those words; nothing has changed. Please type them again with {set}.").format(
        set=command("cadence set", "admin")
    )


def saved(rule: Rule, coming: Sequence[datetime], series: int, *, is_announced: bool, other_length: bool) -> Message:
    then = (
        _("The channel is told; meetings that no longer fit are gone, and those that were moved by hand stay.")
        if is_announced
        else _("Everything that is timed by the meetings is set.")
    )
    return Message(
        (
            Text(_("Saved: **{rule}**. {then}").format(rule=_describe(rule, other_length=other_length), then=then)),
            _listed([(at, False) for at in coming], rule),
            Note(_("{preview} shows what I post next week.").format(preview=command("preview", "facilitator"))),
        ),
        actions=(menu(f"s{series}"),),
        replace=True,
    )


def announced(
    rule: Rule, coming: Sequence[datetime], dropped_dates: Sequence[datetime], *, other_length: bool
) -> Message:
    """Announce a new rule in the channel. People knew of meetings on `dropped_dates`."""
    dropped = (_date_list(_("**No longer**"), [moment(at) for at in dropped_dates]),) if dropped_dates else ()
    return Message(
        (
            Text(_("From now on we meet: **{rule}**.").format(rule=_describe(rule, other_length=other_length))),
            Text("\n".join([_("**The next meetings**"), "", *(f"- {moment(at)}" for at in coming)])),
            *dropped,
            Note(_("{next} shows the next meeting in your time zone.").format(next=command("next"))),
        )
    )


def shown(series: Sequence[tuple[str, Rule]], coming: Sequence[Meeting], zone: str, *, paused: bool) -> Message:
    parts: list[Part] = []
    if paused:
        parts.append(Text(_("**Paused**: nothing is asked or reminded until you resume.")))
    parts += [Text(f"**{esc(title)}**: {esc(say(rule, locale_to_read()))}") for title, rule in series[:8]]
    if not series:
        parts.append(Text(_("No rhythm is set yet. Say when you meet in plain words.")))
    if coming:
        lines = [f"- {say_moment(m.starts_at, zone, locale_to_read())}, {esc(m.title)}" for m in coming]
        heading = _("**The next meetings, {zone} time**").format(zone=esc(say_zone(zone, locale_to_read())))
        parts.append(Text("\n".join([heading, "", *lines])))
    rest = Button(_("Resume"), "meetings.resume") if paused else Button(_("Pause"), "meetings.pause")
    return Message(tuple(parts), actions=(Button(_("Change"), "meetings.rephrase"), rest))


def paused() -> Message:
    return card(
        _(
            "Paused: I ask and remind nobody until you resume. Meetings stay planned, commands work, and a round "
            "that is open still closes."
        ),
        actions=(Button(_("Resume"), "meetings.resume"),),
    )


def resumed(coming: Meeting | None) -> Message:
    if coming is None:
        return card(
            _("Resumed. No meeting is planned yet; {set} sets the rhythm.").format(set=command("cadence set", "admin"))
        )
    return card(_("Resumed. The next meeting is {when}.").format(when=moment(coming.starts_at)))
