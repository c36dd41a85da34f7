"""Forms that people fill in, and the errors that ask again. Too large a form raises TooBig when it is made.

`initial` is what a field holds when the form opens. `above` is CommonMark over a field whose words are too long for its
label and hint. It takes a place of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.ui.limits import (
    MAX_ACTION,
    MAX_ANSWER,
    MAX_CHOICES,
    MAX_FIELDS,
    MAX_HINT,
    MAX_INTRO,
    MAX_LABEL,
    MAX_TICKS,
    MAX_TITLE,
    check_choices,
    limit,
)
from bot.ui.messages import Message


@dataclass(frozen=True)
class TextField:
    """Type text, of at most `max_length` characters. `long` makes it several lines high.

    `other_way` says how to hand over what doesn't fit in it on a platform whose boxes are smaller.
    """

    name: str
    label: str
    long: bool = False
    required: bool = True
    initial: str = ""
    hint: str = ""
    max_length: int = 2_000
    above: str = ""
    other_way: str = ""
    kind: Literal["text"] = "text"

    def __post_init__(self) -> None:
        limit("Longest answer", self.max_length, MAX_ANSWER)


@dataclass(frozen=True)
class ChoiceField:
    """Choose one. `choices` are (value, label). `is_open` shows them all where that is possible, not in a menu."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]
    required: bool = True
    initial: str = ""
    hint: str = ""
    is_open: bool = False
    above: str = ""
    kind: Literal["choice"] = "choice"

    def __post_init__(self) -> None:
        check_choices(self.choices, MAX_CHOICES)


@dataclass(frozen=True)
class TickField:
    """Choose any number. `choices` are (value, label).

    The answer holds the chosen values separated by one space, so values contain none.
    """

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]
    required: bool = False
    initial: tuple[str, ...] = ()
    hint: str = ""
    above: str = ""
    kind: Literal["tick"] = "tick"

    def __post_init__(self) -> None:
        check_choices(self.choices, MAX_TICKS)


@dataclass(frozen=True)
class NumberField:
    """Type a number. Where a platform has no field for one, the answer is whatever was typed."""

    name: str
    label: str
    required: bool = True
    initial: str = ""
    hint: str = ""
    above: str = ""
    kind: Literal["number"] = "number"


@dataclass(frozen=True)
class DateField:
    """Choose a day, such as "2026-01-14". Where a platform has no calendar, the answer is whatever was typed."""

    name: str
    label: str
    required: bool = True
    initial: str = ""
    hint: str = ""
    above: str = ""
    kind: Literal["date"] = "date"


@dataclass(frozen=True)
class PeopleField:
    """Choose people of this space. The answer, like `initial`, holds ids of the platform, separated by one space."""

    name: str
    label: str
    required: bool = True
    initial: tuple[str, ...] = ()
    hint: str = ""
    max_people: int = 10
    kind: Literal["people"] = "people"


@dataclass(frozen=True)
class ChannelField:
    """Choose one channel of this space. The answer is its id."""

    name: str
    label: str
    required: bool = True
    initial: str = ""
    hint: str = ""
    kind: Literal["channel"] = "channel"


Field = TextField | ChoiceField | TickField | NumberField | DateField | PeopleField | ChannelField
# Fields in which people write.
WRITTEN = (TextField, NumberField, DateField)


def above(field: Field) -> str:
    """Return the text over a field, "" for none."""
    return "" if isinstance(field, PeopleField | ChannelField) else field.above


@dataclass(frozen=True)
class Form:
    """A form. `id` is "feature.verb"; `intro` is CommonMark, shown above the fields."""

    id: str
    title: str
    fields: tuple[Field, ...]
    value: str = ""
    submit: str = "Send"
    intro: str = ""

    def __post_init__(self) -> None:
        limit("Form title", len(self.title), MAX_TITLE)
        limit("Form submit", len(self.submit), MAX_TITLE)
        limit("Form fields", self.places, MAX_FIELDS)
        limit("Form id", len(self.id) + 1 + len(self.value), MAX_ACTION)
        limit("Form intro", len(self.intro), MAX_INTRO)
        for field_ in self.fields:
            limit(f"Label of {field_.name}", len(field_.label), MAX_LABEL)
            limit(f"Hint of {field_.name}", len(field_.hint), MAX_HINT)
            limit(f"Text above {field_.name}", len(above(field_)), MAX_INTRO)

    @property
    def places(self) -> int:
        """How many of the places of a form it takes: one for each field, and one for each text."""
        return len(self.fields) + bool(self.intro) + sum(bool(above(each)) for each in self.fields)


@dataclass(frozen=True)
class NextForm:
    """The answer to a form that goes on with another: `form`, where a platform can show it at once, else `card`.

    The card has a button that opens the form.
    """

    form: Form
    card: Message


@dataclass(frozen=True)
class FormErrors:
    """Errors in a form: the form with the answers already given, and what is wrong, in plain text by field name.

    What the handler did is rolled back. The App sets `draft`. Discord can't show a form again at once, so it shows a
    button with the action `forms.reopen` and that value, which opens `form` as it was filled in.
    """

    form: Form
    problems: Mapping[str, str] = field(default_factory=dict)
    draft: str = ""


def filled(form: Form, answers: Mapping[str, str]) -> Form:
    """Return the form with these answers filled in. A field that has none stays as it is."""
    fields = (_filled(field, answers[field.name]) if field.name in answers else field for field in form.fields)
    return replace(form, fields=tuple(fields))


def _filled(field: Field, answer: str) -> Field:
    match field:
        case TickField() | PeopleField():
            return replace(field, initial=tuple(answer.split()))
        case _:
            return replace(field, initial=answer)
