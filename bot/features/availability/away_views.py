"""Messages and the form about being away."""

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date

from bot.i18n import gettext as _
from bot.i18n import locale, ngettext
from bot.ui import Button, ChoiceField, Field, Form, Message, Note, Text, TextField, card
from bot.ui.markup import command, cut, esc


def say_day(day: date) -> str:
    return format_date(day, _("EEE, MMM d, y"), locale=locale())


def form(until: str, where: str, here: str) -> Form:
    """Ask until when somebody is away. `here` is the community's name, "" if there is no other to choose from."""
    fields: list[Field] = [
        TextField(
            "until",
            _("I’ll be back on"),
            initial=until,
            hint=_("For example: Jan 5, tomorrow, in 2 weeks, after the break"),
            max_length=100,
        )
    ]
    if here:
        choices = (("all", _("All my communities")), ("here", cut(_("Only {name}").format(name=here), 75)))
        fields.append(ChoiceField("where", _("Away from"), choices, initial=where or "all"))
    intro = _("Until then I send you nothing private, and no one waits for your answers.")
    return Form("pace.away", _("Being away"), tuple(fields), submit=_("Save"), intro=intro)


def away(days: Mapping[str, date], only: str | None, *, replace: bool = False) -> Message:
    """Read back until when somebody is away, by community. `only` is one of several that they can limit it to."""
    if len(set(days.values())) == 1:
        names = ", ".join(f"**{esc(cut(name, 60))}**" for name in list(days)[:8])
        said = _("You’re away until {day}: {names}.").format(day=say_day(next(iter(days.values()))), names=names)
    else:
        lines = [f"- **{esc(cut(name, 60))}**: {say_day(day)}" for name, day in list(days.items())[:8]]
        said = "\n".join((_("You’re away until:"), *lines))
    note = _(
        "I won’t send you anything private before that morning. Then one message tells you what’s open. No one is told."
    )
    limit = (Button(cut(_("Only in {name}").format(name=only), 75), "pace.only_here"),) if only else ()
    return Message(
        (Text(said), Note(note)),
        actions=(Button(_("I’m back"), "pace.come_back"), *limit, Button(_("Change the day"), "pace.ask_away")),
        replace=replace,
    )


def back(waiting: Mapping[str, int], *, replace: bool = False) -> Message:
    """Welcome somebody back. `waiting` is how many questions are open for them, by community."""
    lines = [
        ngettext("- {name}: 1 open question", "- {name}: {n} open questions", n).format(name=esc(cut(name, 80)), n=n)
        for name, n in list(waiting.items())[:8]
    ]
    said = (
        "\n".join((_("Welcome back. Open for you now:"), *lines))
        if lines
        else _("Welcome back. Nothing is open for you.")
    )
    note = _("To see everything, use {home}.").format(home=command("home"))
    return Message((Text(said), Note(note)), replace=replace)


def not_away() -> Message:
    return card(
        _("You’re not away. To be left alone for a while, use {away}.").format(away=command("away until Jan 5"))
    )


def no_community() -> str:
    return _("You haven’t joined a community, so I send you nothing.")


def no_break() -> str:
    return _(
        "Your communities have no break in their calendars, so I can’t tell when it ends. Give a day, like {right}."
    ).format(right=command("away until Jan 5"))


def unreadable(typed: str, why: str) -> str:
    return _("{why} Give the day on which you’re back, like {right}.").format(
        why=esc(why), right=command("away until Jan 5")
    )


def not_to_come(day: date) -> str:
    return _("{day} isn’t in the future. Give the first day on which you’re back, like {right}.").format(
        day=say_day(day), right=command("away until tomorrow")
    )


def too_far(day: date) -> str:
    return _("{day} is more than a year away. To stop for good, use {leave}.").format(
        day=say_day(day), leave=command("leave")
    )
