"""Renders messages as layouts of components, and forms as modals."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, assert_never

import discord
from discord import ui as wire

from adapters.discord import markdown
from bot.i18n import gettext as _
from bot.ui import (
    MAX_BUTTONS,
    MAX_TICKS,
    Attachment,
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
    Point,
    Quote,
    Select,
    Table,
    Text,
    TextField,
    TickField,
    above,
    figure_text,
    markup,
)

# Characters over all text of a message (Discord's documentation, component reference).
MOST_TEXT = 4_000
THREAD_NAME = 100  # characters
SHORT = 100  # characters of a number or a day, as somebody types it
STYLES = {
    "plain": discord.ButtonStyle.secondary,
    "primary": discord.ButtonStyle.primary,
    "danger": discord.ButtonStyle.danger,
}
# Those of bot.domain.channel_kinds.CAN_HOLD.
CHANNELS = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.forum,
]

Drawn = tuple[wire.LayoutView, list[discord.File]]


def message(card: Message) -> Drawn:
    """Render a message as a layout and its files. Each sending needs a fresh pair."""
    view, box = wire.LayoutView(timeout=None), wire.Container[Any]()
    for part in _items(card):
        box.add_item(part)
    files = []
    if card.attachment:
        files.append(file(card.attachment))
        box.add_item(wire.File(files[0].uri))
    for row in rows(card):
        box.add_item(row)
    view.add_item(box)
    # Every click reaches `on_interaction`, so the library needn't remember the message.
    view.stop()
    return view, files


def texts(components: Iterable[Any]) -> list[str]:
    """Return all text of a message, in order. Takes what this module renders, and what Discord returns."""
    found: list[str] = []
    for component in components:
        if "content" in component:
            found.append(str(component["content"]))
        found += texts(component.get("components", ()))
    return found


def _items(card: Message) -> list[wire.Item[Any]]:
    title = f"### {markdown.escape(card.title)}" if card.title else ""
    texts = fitted(card.parts, MOST_TEXT - len(title))
    items: list[wire.Item[Any]] = [wire.TextDisplay(title)] if title else []
    for part, text in zip(card.parts, texts, strict=True):
        if isinstance(part, Divider):
            items.append(wire.Separator())
        elif isinstance(part, Picture):
            items.append(wire.MediaGallery(discord.MediaGalleryItem(part.url, description=part.alt)))
        elif text.strip():
            items.append(wire.TextDisplay(text))
    # Discord refuses a message without text.
    return items or [wire.TextDisplay("…")]


def fitted(parts: Sequence[Part], most: int) -> list[str]:
    """Render each part, cutting the longest until all fit in `most` characters. Escaping can make them longer."""
    left = list(parts)
    texts = [part(p) for p in left]
    while (over := sum(map(len, texts)) - most) > 0:
        longest = max(range(len(texts)), key=lambda i: len(texts[i]))
        left[longest] = shorter(left[longest], over)
        texts[longest] = part(left[longest])
    return texts


def shorter(p: Part, over: int) -> Part:
    """Return a part that is closer to being `over` characters shorter when rendered. Cut text loses its markup."""
    match p:
        case Quote(body) if len(body) > 1:
            return replace(p, body=_cut(body, over))
        case Quote(_, by):
            return replace(p, by="", body="…") if by else Quote("")
        case Text(body) | Note(body):
            plain = markup.plain(body)
            return replace(p, body=markup.esc(_cut(plain, over)) if len(plain) > 1 else "")
        case Facts(rows):
            at = max(range(len(rows)), key=lambda i: len(rows[i][1]))
            name, value = rows[at][0], markup.plain(rows[at][1])
            if len(value) <= 1:
                return Facts(rows[:-1])
            return Facts((*rows[:at], (name, markup.esc(_cut(value, over))), *rows[at + 1 :]))
        case Table(rows=rows):
            left_out = ("…", *[""] * (len(p.headings) - 1))
            return replace(p, rows=(*rows[:-2], left_out)) if len(rows) > 1 else Table((), ())
        case Chart(points=points):
            return replace(p, points=(*points[:-2], Point("…"))) if len(points) > 1 else Text(markup.esc(p.finding))
        case Divider() | Picture():
            return p
        case _:
            assert_never(p)


def _cut(text: str, over: int) -> str:
    """Cut half of `over`, since a mark that someone typed takes two characters when rendered. Called until it fits."""
    return markup.cut(text, max(1, len(text) - over // 2 - 2))


def part(p: Part) -> str:
    match p:
        case Text(body):
            return markdown.blocks(body)
        case Note(body):
            return "\n".join(f"-# {row}" for row in markdown.blocks(body).splitlines() if row)
        case Quote(body, by):
            quoted = f">>> {markdown.escape(body)}" if body else ""
            return "\n".join(filter(None, [markdown.line(by), quoted]))
        case Facts(rows):
            return "\n".join(f"**{markdown.escape(name)}** {markdown.line(value)}" for name, value in rows)
        case Table() | Chart():
            return _figure(p)
        case Divider() | Picture():
            return ""
        case _:
            assert_never(p)


def _figure(figure: Table | Chart) -> str:
    """Draw a table or chart in a block of code, where nothing is read as markup, below its title and what it says."""
    title, finding = map(markdown.escape, figure_text.head(figure))
    drawn = "\n".join(figure_text.lines(figure)).replace("`", "ˋ")
    above = [f"**{title}**" if title else "", finding]
    return "\n".join(filter(None, [*above, f"```\n{drawn}\n```" if drawn else ""]))


def rows(card: Message) -> list[wire.ActionRow[Any]]:
    """Render buttons in rows, then a row for each menu."""
    buttons = [button(a) for a in card.actions if not isinstance(a, Select)]
    menus = [menu(a) for a in card.actions if isinstance(a, Select)]
    drawn = [wire.ActionRow[Any](m) for m in menus]
    return [
        *(wire.ActionRow[Any](*buttons[at : at + MAX_BUTTONS]) for at in range(0, len(buttons), MAX_BUTTONS)),
        *drawn,
    ]


def button(b: Button | Link) -> wire.Button[Any]:
    if isinstance(b, Link):
        return wire.Button(label=b.label, url=b.url)
    return wire.Button(label=b.label, style=STYLES[b.style], custom_id=f"{b.action}|{b.value}")


def menu(m: Select) -> wire.Select[Any]:
    return wire.Select(custom_id=f"{m.action}|{m.value}", placeholder=m.label, options=options(m.choices))


def options(choices: tuple[tuple[str, str], ...], initial: str | None = None) -> list[discord.SelectOption]:
    return [discord.SelectOption(label=name, value=value, default=value == initial) for value, name in choices]


def file(attachment: Attachment) -> discord.File:
    """Return the file to upload, under a name that Discord keeps."""
    # Discord renames files with other characters, and the message would then refer to none.
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", attachment.name)
    return discord.File(io.BytesIO(attachment.body.encode()), filename=name)


def thread_name(card: Message) -> str:
    """Name the thread that this message opens."""
    words = card.title or next((markup.plain(p.body) for p in card.parts if isinstance(p, Text)), "")
    return markup.cut(" ".join(words.split()), THREAD_NAME) or "…"


def modal(form: Form) -> wire.Modal:
    drawn = wire.Modal(title=form.title, custom_id=f"{form.id}|{form.value}")
    if form.intro:
        drawn.add_item(wire.TextDisplay(markdown.blocks(form.intro)))
    for f in form.fields:
        if over := above(f):
            drawn.add_item(wire.TextDisplay(markdown.blocks(over)))
        drawn.add_item(wire.Label(text=f.label, description=f.hint or _example(f), component=field(f)))
    # The answers reach `on_interaction`.
    drawn.stop()
    return drawn


def _example(f: Field) -> str | None:
    """Show how to write what Discord has no field for."""
    return _("Like 2026-01-14.") if isinstance(f, DateField) else None


def field(f: Field) -> wire.Item[Any]:
    least = 1 if f.required else 0
    match f:
        case TextField():
            style = discord.TextStyle.paragraph if f.long else discord.TextStyle.short
            return wire.TextInput(
                custom_id=f.name,
                style=style,
                required=f.required,
                max_length=f.max_length,
                default=f.initial[: f.max_length] or None,
            )
        case NumberField() | DateField():
            # Discord has a field for neither.
            return wire.TextInput(
                custom_id=f.name, required=f.required, max_length=SHORT, default=f.initial[:SHORT] or None
            )
        case ChoiceField(choices=choices) if f.is_open and 2 <= len(choices) <= MAX_TICKS:
            radio = [
                discord.RadioGroupOption(label=name, value=value, default=value == f.initial) for value, name in choices
            ]
            return wire.RadioGroup(custom_id=f.name, required=f.required, options=radio)
        case ChoiceField():
            return wire.Select(
                custom_id=f.name, required=f.required, min_values=least, options=options(f.choices, f.initial)
            )
        case TickField():
            ticks = [
                discord.CheckboxGroupOption(label=name, value=value, default=value in f.initial)
                for value, name in f.choices
            ]
            return wire.CheckboxGroup(
                custom_id=f.name, required=f.required, min_values=least, max_values=len(ticks), options=ticks
            )
        case PeopleField():
            people = [discord.SelectDefaultValue.from_user(discord.Object(int(p))) for p in f.initial[: f.max_people]]
            return wire.UserSelect(
                custom_id=f.name, required=f.required, min_values=least, max_values=f.max_people, default_values=people
            )
        case ChannelField():
            channels = [discord.Object(int(f.initial))] if f.initial else []
            return wire.ChannelSelect(
                custom_id=f.name,
                required=f.required,
                min_values=least,
                channel_types=CHANNELS,
                default_values=[discord.SelectDefaultValue.from_channel(c) for c in channels],
            )
        case _:
            assert_never(f)
