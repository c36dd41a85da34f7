"""How a question is asked in a form, and how an answer to it is read. What is typed is checked by `questions.check`."""

from datetime import date

from babel.dates import format_date

from bot.domain.questions import LONGEST_ANSWER, Question, QuestionType, Value
from bot.i18n import gettext as _
from bot.i18n import locale
from bot.ui import (
    MAX_ANSWER,
    MAX_CHOICE,
    MAX_HINT,
    MAX_LABEL,
    MAX_TICKS,
    ChoiceField,
    DateField,
    Field,
    NumberField,
    TextField,
    TickField,
)
from bot.ui.markup import cut, esc


def mood_names() -> dict[int, str]:
    return {1: _("hard"), 2: _("bumpy"), 3: _("all right"), 4: _("good"), 5: _("great")}


def choices(question: Question) -> tuple[tuple[str, str], ...]:
    """Return the (value, label) that a question offers; () if it takes words."""
    match question.type:
        case QuestionType.SCALE:
            ends = {str(question.low): question.low_end, str(question.high): question.high_end}
            return tuple((p, cut(f"{p} – {end}" if (end := ends.get(p)) else p, MAX_CHOICE)) for p in question.points)
        case QuestionType.MOOD:
            return tuple((str(n), name.capitalize()) for n, name in mood_names().items())
        case QuestionType.YES_NO:
            return ("yes", _("Yes")), ("no", _("No"))
        case QuestionType.ONE_OF | QuestionType.SEVERAL:
            return tuple((option.id, cut(option.label, MAX_CHOICE)) for option in question.open_options)
    return ()


def value_words(question: Question, value: Value) -> str:
    """Return an answer as people read it. Typed words are returned as they are."""
    if isinstance(value, tuple):
        return ", ".join(_label(question, each) for each in value)
    if not value:
        return ""
    match question.type:
        case QuestionType.SCALE:
            return _("{point} of {most}").format(point=value, most=question.high)
        case QuestionType.DATE:
            shape = "EEE, MMM d, yyyy" if locale().startswith("en") else "EEE, d MMM yyyy"
            return format_date(date.fromisoformat(value), shape, locale=locale())
        case _:
            return _label(question, value)


def _label(question: Question, value: str) -> str:
    return dict(choices(question)).get(value) or next((o.label for o in question.options if o.id == value), value)


def field(question: Question, number: int, of: int, value: Value = "", hint: str = "") -> Field:
    """Return the field for a question, the `number`th `of` so many. `value` may be what was typed.

    Words too long for the label are its hint, and words too long for that stand above it. `hint` is shown where the
    words don't need it.
    """
    name, required = question.key, question.is_required
    label = _("Question {n} of {all}").format(n=number, all=of)
    above = ""
    if len(question.words) <= MAX_LABEL:
        label = question.words
    elif len(question.words) <= MAX_HINT:
        hint = question.words
    else:
        above = f"**{esc(question.words)}**"
    text = value if isinstance(value, str) else " ".join(value)
    match question.type:
        case QuestionType.SEVERAL:
            return TickField(name, label, choices(question), required, tuple(text.split()), hint, above)
        case QuestionType.NUMBER:
            return NumberField(name, label, required, text, hint or _("In digits, like 12."), above)
        case QuestionType.DATE:
            return DateField(name, label, required, text, hint or _("Like 2026-01-14."), above)
        case QuestionType.SHORT | QuestionType.LONG:
            starter = cut(_("One way to start: {starter}").format(starter=question.starter), MAX_HINT)
            return TextField(
                name,
                label,
                long=question.type == QuestionType.LONG,
                required=required,
                initial=text,
                hint=starter if question.starter and not hint else hint,
                max_length=min(LONGEST_ANSWER, MAX_ANSWER),
                above=above,
            )
    offered = choices(question)
    return ChoiceField(name, label, offered, required, text, hint, len(offered) <= MAX_TICKS, above)
