"""How a question is asked in a form. What is typed is checked by `questions.check`."""

from collections.abc import Sequence

from bot.domain.answer_words import choices, words_of
from bot.domain.questions import LONGEST_ANSWER, Question, QuestionType, Value
from bot.i18n import gettext as _
from bot.ui import (
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


def field(
    asked: Sequence[Question], question: Question, value: Value = "", *, is_only: bool = False, has_starter: bool = True
) -> Field:
    """Return the field for one of the questions that are `asked`. `value` may be what was typed.

    Words too long for the label are its hint, and words too long for that stand above it. Those of the only question
    stand above the form, and its starter may too.
    """
    words, name, required = words_of(question), question.key, question.is_required
    number = [each.key for each in asked].index(name) + 1
    label = _("Question {n} of {all}").format(n=number, all=len(asked))
    hint = above = ""
    if is_only:
        label = _("Your answer")
    elif len(words) <= MAX_LABEL:
        label = words
    elif len(words) <= MAX_HINT:
        hint = words
    else:
        above = f"**{esc(words)}**"
    text = value if isinstance(value, str) else " ".join(value)
    match question.type:
        case QuestionType.SEVERAL:
            offered = choices(question)
            if not offered:
                return TextField(name, label, required=required, max_length=LONGEST_ANSWER)
            return TickField(name, label, offered, required, tuple(text.split()), hint, above)
        case QuestionType.NUMBER:
            return NumberField(name, label, required, text, hint or _("In digits, like 12."), above)
        case QuestionType.DATE:
            return DateField(name, label, required, text, hint, above)
        case QuestionType.SHORT | QuestionType.LONG:
            return TextField(
                name,
                label,
                long=question.type == QuestionType.LONG,
                required=required,
                initial=text,
                hint=hint or _hint(question, has_starter=has_starter),
                max_length=LONGEST_ANSWER,
                above=above,
            )
    offered = choices(question)
    return ChoiceField(name, label, offered, required, text, hint, len(offered) <= MAX_TICKS, above)


def _hint(question: Question, *, has_starter: bool) -> str:
    if question.starter and has_starter:
        return cut(_("One way to begin: {starter}").format(starter=question.starter), MAX_HINT)
    return ""
