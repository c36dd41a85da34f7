"""Renders forms as dialogs, and checks answers as a chat platform does before it sends them to the bot."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from adapters.html.writer import Html, join, tag, text
from adapters.playground.icons import icon
from adapters.playground.render import Pen
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import (
    MAX_TICKS,
    ChannelField,
    ChoiceField,
    DateField,
    Field,
    Form,
    NumberField,
    PeopleField,
    TextField,
    TickField,
    above,
)

# Up to this many choices are shown as radio buttons, more as a menu.
FEW = 6

Choices = Sequence[tuple[str, str]]
Answers = Mapping[str, str]


def drawn(
    form: Form, pen: Pen, token: str, people: Choices, channels: Choices, problems: Mapping[str, str] | None = None
) -> Html:
    """Render a dialog. `token` names it, and `people` and `channels` are (id, name)."""
    problems = problems or {}
    fields = (
        part
        for f in form.fields
        for part in (
            tag("div", pen.text(above(f)), class_="text above") if above(f) else None,
            field(f, people, channels, problems.get(f.name, "")),
        )
    )
    wrong = ngettext("One answer needs another look.", "{n} answers need another look.", len(problems))
    return tag(
        "form",
        tag(
            "header",
            tag("h2", form.title, id="dialog-title"),
            tag("button", icon("close"), type="button", class_="quiet", data_close=True, aria_label=_("Close")),
        ),
        tag(
            "div",
            tag("p", wrong.format(n=len(problems)), class_="wrong", role="alert") if problems else None,
            tag("div", pen.text(form.intro), class_="text intro") if form.intro else None,
            *fields,
            class_="fields",
        ),
        tag(
            "footer",
            tag("button", _("Cancel"), type="button", class_="button plain", data_close=True),
            tag("button", form.submit, type="submit", class_="button primary"),
        ),
        novalidate=True,
        data_token=token,
        data_form=form.id,
        data_value=form.value,
        aria_labelledby="dialog-title",
    )


def field(field: Field, people: Choices, channels: Choices, problem: str = "") -> Html:
    match field:
        case TextField() | NumberField() | DateField():
            return _written(field, problem)
        case ChoiceField(choices=choices) if len(choices) <= (MAX_TICKS if field.is_open else FEW):
            # A radio button can't be cleared, so no answer is one of the choices.
            none = () if field.required else (("", _("No answer")),)
            return _group(field, "radio", (*choices, *none), (field.initial,), problem)
        case ChoiceField(choices=choices, initial=initial):
            return _menu(field, choices, initial, problem)
        case TickField(choices=choices, initial=ticked):
            return _group(field, "checkbox", choices, ticked, problem)
        case PeopleField(initial=ticked):
            return _group(field, "checkbox", people, ticked, problem)
        case ChannelField(initial=initial):
            return _menu(field, channels, initial, problem)
        case _:
            assert_never(field)


def _written(field: TextField | NumberField | DateField, problem: str) -> Html:
    control: dict[str, str | None] = {
        "id": f"field-{field.name}",
        "name": field.name,
        "aria_required": _yes(field.required),
        "aria_invalid": _yes(bool(problem)),
        "aria_describedby": _told_by(field, problem),
    }
    match field:
        case TextField():
            control["data_most"] = str(field.max_length)
        case NumberField():
            control["inputmode"] = "decimal"
    # HTML drops a textarea's first line break, so one is added.
    box = (
        tag("textarea", f"\n{field.initial}", rows="5", **control)
        if isinstance(field, TextField) and field.long
        else tag(
            "input",
            type="date" if isinstance(field, DateField) else "text",
            value=field.initial,
            autocomplete="off",
            **control,
        )
    )
    return tag(
        "div",
        _label(field),
        _hint(field),
        box,
        _wrong(field, problem),
        tag("p", class_="left", hidden=True),
        class_="field",
    )


def _menu(field: ChoiceField | ChannelField, choices: Choices, initial: str, problem: str) -> Html:
    options = (tag("option", label, value=value, selected=value == initial) for value, label in choices)
    box = tag(
        "select",
        tag("option", _("Choose…"), value=""),
        *options,
        id=f"field-{field.name}",
        name=field.name,
        aria_required=_yes(field.required),
        aria_invalid=_yes(bool(problem)),
        aria_describedby=_told_by(field, problem),
    )
    return tag("div", _label(field), _hint(field), box, _wrong(field, problem), class_="field")


def _group(
    field: ChoiceField | TickField | PeopleField, kind: str, choices: Choices, ticked: Sequence[str], problem: str
) -> Html:
    boxes = (
        tag(
            "label",
            tag(
                "input",
                type=kind,
                name=field.name,
                value=value,
                checked=value in ticked,
                aria_invalid=_yes(bool(problem)),
                aria_describedby=_told_by(field, problem),
            ),
            tag("span", label),
            class_="tick",
        )
        for value, label in choices
    )
    return tag(
        "fieldset",
        tag("legend", *_words(field)),
        _hint(field),
        tag("div", *boxes, class_="ticks"),
        _wrong(field, problem),
        class_="field",
        id=f"field-{field.name}",
    )


def _label(field: Field) -> Html:
    return tag("label", *_words(field), for_=f"field-{field.name}")


def _words(field: Field) -> tuple[Html, ...]:
    return (
        (text(field.label),)
        if field.required
        else (text(field.label), text(" "), tag("span", _("optional"), class_="optional"))
    )


def _hint(field: Field) -> Html:
    return tag("p", field.hint, class_="hint", id=f"hint-{field.name}") if field.hint else join(())


def _wrong(field: Field, problem: str) -> Html:
    return tag("p", icon("wrong"), problem, class_="problem", id=f"problem-{field.name}") if problem else join(())


def _told_by(field: Field, problem: str) -> str | None:
    names = [f"problem-{field.name}"] * bool(problem) + [f"hint-{field.name}"] * bool(field.hint)
    return " ".join(names) or None


def _yes(it_is: bool) -> str | None:
    return "true" if it_is else None


def problems(form: Form, answers: Answers, people: Choices, channels: Choices) -> dict[str, str]:
    """Return by field what any chat platform would refuse: no answer to a required field, too long, not a choice."""
    found = {f.name: _problem(f, answers.get(f.name, ""), people, channels) for f in form.fields}
    return {name: words for name, words in found.items() if words}


def _problem(field: Field, answer: str, people: Choices, channels: Choices) -> str:
    if not answer.strip():
        return _("Please answer this.") if field.required else ""
    match field:
        case TextField(max_length=most):
            if len(answer) > most:
                return _("This has {n} characters; {most} is the most.").format(n=len(answer), most=most)
            return ""
        case NumberField() | DateField():
            return ""
        case ChoiceField(choices=choices):
            return _unknown([answer], choices)
        case TickField(choices=choices):
            return _unknown(answer.split(" "), choices)
        case PeopleField(max_people=most):
            chosen = answer.split(" ")
            if len(chosen) > most:
                return ngettext("Please choose at most one person.", "Please choose at most {n} people.", most).format(
                    n=most
                )
            return _unknown(chosen, people)
        case ChannelField():
            return _unknown([answer], channels)
        case _:
            assert_never(field)


def _unknown(chosen: Sequence[str], choices: Choices) -> str:
    known = {value for value, _label in choices}
    return "" if known.issuperset(chosen) else _("Please choose from the list.")
