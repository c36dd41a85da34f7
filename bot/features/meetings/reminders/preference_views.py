"""Messages and forms about reminder steps, the community's and each member's own, and the names of steps."""

from collections.abc import Sequence

from bot.domain import reminder_steps
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Button, Form, Message, Note, Text, TextField, TickField
from bot.ui.markup import command, cut, esc
from storage.people.people import Membership

TICKS = ("remind_open", "remind_last")  # columns of Membership


def step_name(step: str) -> str:
    """Name a step: "2 days", "an hour"."""
    n, unit = reminder_steps.length(step)
    if n == 1:
        return {"w": _("a week"), "d": _("a day"), "h": _("an hour"), "m": _("a minute")}[unit]
    return {
        "w": ngettext("{n} week", "{n} weeks", n),
        "d": ngettext("{n} day", "{n} days", n),
        "h": ngettext("{n} hour", "{n} hours", n),
        "m": ngettext("{n} minute", "{n} minutes", n),
    }[unit].format(n=n)


def reminder_title(value: str) -> str:
    """Name what a reminder's timer will post. `value` is the timer's, a meeting and a step: "7.d"."""
    stages = {"w": _("Meeting card"), "d": _("Reminder, the working day before"), "h": _("Reminder, an hour before")}
    return stages.get(value.rpartition(".")[2], _("Reminder"))


def reminder_before(value: str) -> str:
    """Name a reminder's timer among what moves with a meeting: "reminder a day before". `value` is as above."""
    return _("reminder {step} before").format(step=step_name(value.rpartition(".")[2]))


def listed(steps: Sequence[str]) -> str:
    """List steps: "a week, a day, an hour", or "never"."""
    return ", ".join(map(step_name, steps)) if steps else _("never")


def as_typed(steps: Sequence[str]) -> str:
    """List steps as a person could type them."""
    return listed(steps) if steps else _("off")


def unreadable(words: str) -> str:
    return _(
        "I cannot read “{words}” as a time before a meeting. Like this: week, 2 days, 1 hour, 30 minutes; or off."
    ).format(words=cut(words, 40))


def out_of_bounds() -> str:
    return _("Please choose at most five times, each from 5 minutes to 30 days before the meeting.")


# --- the community's


def community_form(typed: str) -> Form:
    return Form(
        "meetings.ladder",
        _("Reminders"),
        (
            TextField(
                "steps",
                _("How long before a meeting?"),
                initial=typed,
                max_length=200,
                hint=_("For example: week, day, hour. Or: 2 days, 1 hour. Or: off."),
            ),
        ),
        submit=_("Save"),
        intro=_("The first reminder is the meeting’s card; the others answer it in the channel."),
    )


def community_now(steps: Sequence[str]) -> Message:
    return Message(
        (
            Text(_("The channel is reminded before each meeting: **{steps}**.").format(steps=listed(steps))),
            Note(f"{_days_off()} {_members_choose()}"),
        ),
        actions=(Button(_("Change"), "meetings.open_ladder"),),
    )


def community_saved(steps: Sequence[str]) -> Message:
    if steps:
        text = _("Saved. The channel is reminded before each meeting: **{steps}**.").format(steps=listed(steps))
    else:
        text = _(
            "Saved. The channel is not reminded of meetings any more, and no card is posted by itself. Members still "
            "find the next meeting with {next}."
        ).format(next=command("next"))
    preview = _("{preview} shows what I post next week, and when.").format(preview=command("preview", "facilitator"))
    days_off = f"{_days_off()} " if steps else ""
    return Message((Text(text), Note(f"{days_off}{_members_choose()} {preview}")))


def _days_off() -> str:
    return _("If a reminder falls on a day off, I’ll send it on the working day before.")


def _members_choose() -> str:
    return _("Each member decides about private reminders with {reminders}.").format(reminders=command("my reminders"))


# --- a member's own


def own_form(row: Membership, community: Sequence[str], typed: str | None = None) -> Form:
    """Ask a member for their steps. `community` are the community's; `typed` is what was just typed, if anything."""
    usual = reminder_steps.personal_steps("", community)
    now = reminder_steps.personal_steps(row.remind_steps, community) if row.reminders else ()
    return Form(
        "meetings.reminders",
        _("Your reminders"),
        (
            TextField(
                "steps",
                _("How long before a meeting?"),
                required=False,
                initial=as_typed(now) if typed is None else typed,
                max_length=200,
                hint=_("For example: day, hour. Or: off. Left empty: as usual here."),
            ),
            TickField("ticks", _("And"), tick_names(), initial=tuple(name for name in TICKS if getattr(row, name))),
        ),
        submit=_("Save"),
        intro=_("I remind you privately of meetings you said yes or maybe to. As usual here: {usual}.").format(
            usual=listed(usual)
        ),
    )


def tick_names() -> tuple[tuple[str, str], ...]:
    return (
        ("remind_open", _("Also of meetings I have not answered about")),
        ("remind_last", _("The last reminder may come in my quiet hours")),
    )


def own_saved(row: Membership, community: Sequence[str], name: str) -> Message:
    note = Note(_("Only you see this. {quiet} changes your quiet hours.").format(quiet=command("quiet")))
    steps = reminder_steps.personal_steps(row.remind_steps, community)
    if not row.reminders:
        text = _("Saved. I send you no private reminders of meetings of {name}.").format(name=esc(name))
        return Message((Text(text), note))
    text = _("Saved. I remind you privately of meetings of {name}: **{steps}** before.").format(
        name=esc(name), steps=listed(steps)
    )
    lines = [
        _("- {what}: {answer}").format(what=what, answer=_("yes") if getattr(row, tick) else _("no"))
        for tick, what in tick_names()
    ]
    return Message((Text(text), Text("\n".join(lines)), Note(_days_off()), note))
