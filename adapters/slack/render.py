"""Renders what the bot says as Block Kit. Pure: the bot's dataclasses in, Slack's dictionaries out."""

import re
from dataclasses import replace
from typing import Any, assert_never

from adapters.slack import mrkdwn, rich_text
from adapters.slack.parse import AGAIN, EMPTY, LINK, MORE
from bot.core.events import Click, Command
from bot.i18n import gettext as _
from bot.ui import (
    MAX_TICKS,
    Action,
    Button,
    ChannelField,
    Chart,
    ChoiceField,
    DateField,
    Divider,
    Facts,
    Field,
    Form,
    Link,
    Message,
    Note,
    NumberField,
    Part,
    PeopleField,
    Picture,
    Quote,
    Select,
    Table,
    Text,
    TextField,
    TickField,
    above,
)
from bot.ui.markup import cut

Block = dict[str, Any]

# Limits in characters, from Slack's Block Kit reference.
MOST_TEXT = 3_000  # text object
MOST_FIELD = 2_000  # field of a section
MOST_VALUE = 2_000  # value of a button
MOST_TYPED = 3_000  # text input
# chat.update refuses 4,000.
MOST_FALLBACK = 3_900
# What Slack takes as the initial value of a number and of a day.
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def message(message: Message) -> dict[str, Any]:
    """Return the arguments that every method for posting takes."""
    return {"text": mrkdwn.fallback(message, MOST_FALLBACK), "blocks": blocks(message)}


def blocks(message: Message) -> list[Block]:
    out: list[Block] = []
    if message.title:
        out.append({"type": "header", "text": plain(" ".join(message.title.split()), 150)})
    for each in message.parts:
        out += part(each)
    if message.actions:
        out.append({"type": "actions", "elements": [action(a, n) for n, a in enumerate(message.actions)]})
    return out


def part(part: Part) -> list[Block]:
    match part:
        case Text(body):
            return rich_text.text(body)
        case Quote(body, by):
            return rich_text.quote(body, by)
        case Note(body):
            small = mrkdwn.line(body, MOST_TEXT)
            return [{"type": "context", "elements": [_marked(small)]}] if small else []
        case Facts(rows):
            fields = [_fact(label, value) for label, value in rows]
            return [{"type": "section", "fields": fields}] if fields else []
        case Divider():
            return [{"type": "divider"}]
        case Table() | Chart():
            return rich_text.figure(part)
        case Picture(url, alt):
            return [{"type": "image", "image_url": url, "alt_text": alt}]
        case _:
            assert_never(part)


def action(action: Action, number: int) -> Block:
    match action:
        case Button(label, does, value, style):
            return button(label, f"{does}|{value}", style=style)
        case Link(label, url):
            return button(label, f"{LINK}|{number}") | {"url": url}
        case Select(label, does, choices, value):
            return {"type": "static_select", "action_id": f"{does}|{value}", **_menu(label, choices)}
        case _:
            assert_never(action)


def button(label: str, action_id: str, *, value: str = "", style: str = "plain") -> Block:
    drawn: Block = {"type": "button", "text": plain(label, 75), "action_id": action_id}
    return drawn | ({"style": style} if style != "plain" else {}) | ({"value": value} if value else {})


def late(event: Command | Click | None) -> dict[str, Any]:
    """Offer a form again that couldn't open, because there was nothing to open it from or it took too long."""
    match event:
        case Command(line=line, root=root) if len(carried := f"{root}|{line}") <= MOST_VALUE:
            offer = button(_("Open the form"), AGAIN, value=carried, style="primary")
        case Click(action=action, value=value, chosen=()):
            offer = button(_("Open the form"), f"{action}|{value}", style="primary")
        case _:
            return message(Message(parts=(Text(_("That took too long. Please try again.")),)))
    offered = message(Message(parts=(Text(_("This needs a form, which only you will see.")),)))
    offered["blocks"].append({"type": "actions", "elements": [offer]})
    return offered


def errors(problems: dict[str, str], fields: list[str]) -> dict[str, str]:
    """Return problems by field, as Slack marks them. One that belongs to no field is shown at the first."""
    marked: dict[str, str] = {}
    for name, problem in problems.items():
        at = name if name in fields else fields[0]
        marked[at] = cut(f"{marked[at]} {problem}" if at in marked else problem, 500)
    return marked


def view(form: Form, channel: str) -> Block:
    """Render a form as a modal that remembers the channel it was opened in."""
    return {
        "type": "modal",
        "callback_id": form.id,
        "title": plain(form.title, 24),
        "submit": plain(form.submit, 24),
        "close": plain(_("Cancel"), 24),
        "private_metadata": f"{channel}|{form.value}",
        "blocks": [*rich_text.text(form.intro), *(block for each in form.fields for block in fields(each))],
    }


def home(message: Message) -> Block:
    return {"type": "home", "blocks": blocks(message)}


def fields(each: Field) -> list[Block]:
    """Render a field with the text above it. Words that are longer than a box takes stand in two.

    Before that, the hint says how much a box takes.
    """
    drawn = rich_text.text(above(each))
    if isinstance(each, TextField) and each.max_length > MOST_TYPED:
        first, rest = _halves(each.initial)
        most = _("Up to {n} characters fit here.").format(n=f"{MOST_TYPED:,}")
        hint = each.hint if rest else " ".join(filter(None, (each.hint, most, each.other_way)))
        drawn.append(field(replace(each, initial=first, max_length=MOST_TYPED, hint=hint)))
        if rest:
            label = cut(_("{label} (continued)").format(label=each.label), 2_000)
            more = replace(each, name=each.name + MORE, label=label, initial=rest, required=False, hint="")
            drawn.append(field(replace(more, max_length=MOST_TYPED)))
        return drawn
    return [*drawn, field(each)]


def _halves(text: str) -> tuple[str, str]:
    """Split a text where a box is full, inside a word if there is one, because Slack may take spaces off the ends."""
    if len(text) <= MOST_TYPED:
        return text, ""
    inside = (at for at in range(MOST_TYPED, MOST_TYPED - 100, -1) if not (text[at - 1] + text[at]).isspace())
    at = next((at for at in inside if not text[at - 1].isspace() and not text[at].isspace()), MOST_TYPED)
    return text[:at], text[at:]


def field(field: Field) -> Block:
    """Render a field. The name is set twice: Slack marks errors by block_id and returns answers by action_id."""
    return {
        "type": "input",
        "block_id": field.name,
        "label": plain(field.label, 2_000),
        "optional": not field.required,
        "element": {"action_id": field.name, **_element(field)},
        **({"hint": plain(field.hint, 2_000)} if field.hint else {}),
    }


def _element(field: Field) -> Block:
    match field:
        case TextField(long=long, initial=initial, max_length=most):
            box = {"type": "plain_text_input", "multiline": long, "max_length": most}
            return box | ({"initial_value": cut(initial, most)} if initial else {})
        case NumberField(initial=initial):
            box = {"type": "number_input", "is_decimal_allowed": True}
            return box | ({"initial_value": initial} if NUMBER.fullmatch(initial) else {})
        case DateField(initial=initial):
            return {"type": "datepicker", **({"initial_date": initial} if DAY.fullmatch(initial) else {})}
        case ChoiceField(choices=choices, initial=initial) if field.is_open and len(choices) < MAX_TICKS:
            # A radio button can't be cleared, so no answer is one of the choices.
            none = () if field.required else (("", _("No answer")),)
            options = [_option(value, label) for value, label in (*choices, *none)]
            on = [o for o in options if o["value"] == (initial or EMPTY)]
            return {"type": "radio_buttons", "options": options, **({"initial_option": on[0]} if on else {})}
        case ChoiceField(choices=choices, initial=initial):
            menu = {"type": "static_select", **_menu(_("Choose one"), choices)}
            first = [o for o in menu["options"] if initial and o["value"] == initial]
            return menu | ({"initial_option": first[0]} if first else {})
        case TickField(choices=choices, initial=ticked):
            options = [_option(value, label) for value, label in choices]
            on = [o for o in options if o["value"] in ticked]
            return {"type": "checkboxes", "options": options, **({"initial_options": on} if on else {})}
        case PeopleField(initial=people, max_people=most):
            users = [id for id in map(mrkdwn.user_of, people) if id][:most]
            return {
                "type": "multi_users_select",
                "placeholder": plain(_("Choose people"), 150),
                "max_selected_items": most,
                **({"initial_users": users} if users else {}),
            }
        case ChannelField(initial=channel):
            return {
                "type": "conversations_select",
                "placeholder": plain(_("Choose a channel"), 150),
                "filter": {"include": ["public", "private"], "exclude_bot_users": True},
                **({"initial_conversation": channel} if channel else {}),
            }
        case _:
            assert_never(field)


def plain(text: str, most: int) -> Block:
    """Return text that Slack shows as it is, without markup or `:emoji:`."""
    return {"type": "plain_text", "text": cut(text, most) or "…", "emoji": False}


def _marked(text: str) -> Block:
    # Without `verbatim`, Slack turns bare words into links and names.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _fact(label: str, value: str) -> Block:
    head = f"*{mrkdwn.escape(mrkdwn.inert(label))}*\n" if label else ""
    return _marked(head + (mrkdwn.line(value, MOST_FIELD - len(head)) or "–"))


def _menu(placeholder: str, choices: tuple[tuple[str, str], ...]) -> Block:
    options = [_option(value, label) for value, label in choices]
    return {"placeholder": plain(placeholder, 150), "options": options}


def _option(value: str, label: str) -> Block:
    return {"text": plain(label, 75), "value": value or EMPTY}
