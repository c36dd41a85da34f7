"""The form that asks when a community meets, and the message that repeats what was understood.

Dates and rules are written in a language that can also be read back (`bot.cadence.locale_to_read`).
"""

from collections.abc import Sequence
from datetime import datetime

from bot.cadence import Rule, locale_to_read, say, say_moment, say_zone
from bot.features.setup.draft import OURSELVES, RULE, Plan
from bot.i18n import gettext as _
from bot.ui import Button, ChoiceField, Field, Form, Message, Note, Part, Text, TextField
from bot.ui.markup import esc


def form(plan: Plan) -> Form:
    fields: tuple[Field, ...] = (
        ChoiceField(
            "how",
            _("How are dates found?"),
            ((RULE, _("By a rule, or a list of dates")), (OURSELVES, _("We set each date ourselves"))),
            initial=plan.how,
        ),
        TextField(
            "phrase",
            _("When do you meet? In plain words"),
            long=True,
            required=False,
            initial=plan.phrase,
            max_length=500,
            hint=_("second Wednesday of each month, October to June, 4pm · last Friday at 9:30"),
        ),
    )
    intro = _("Say it as you would to a colleague. I show you what I understood before anything is saved.")
    return Form("setup.rhythm", _("Set up, 3 of 3: when"), fields, submit=_("Next"), intro=intro)


def nearest(why: str, suggestion: str) -> str:
    return _("{why} Like this: {right}").format(why=why, right=suggestion) if suggestion else why


def echo(rule: Rule, dates: Sequence[datetime], warnings: Sequence[str]) -> Message:
    parts: list[Part] = [Text(_("I understood: **{rule}**.").format(rule=esc(say(rule, locale_to_read()))))]
    listed = "\n".join(f"- {say_moment(at, rule.zone, locale_to_read())}" for at in dates)
    heading = _("The next dates, in {zone} time:").format(zone=esc(say_zone(rule.zone, locale_to_read())))
    parts.append(Text(f"{heading}\n{listed}"))
    parts += [Note(esc(warning)) for warning in warnings]
    parts.append(Note(_("Nothing has been started yet.")))
    return Message(
        tuple(parts),
        actions=(
            Button(_("Right: show the first month"), "setup.preview", style="primary"),
            Button(_("Change"), "setup.rhythm"),
        ),
    )
