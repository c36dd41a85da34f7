"""Renders a message of the bot as a card."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from adapters.playground.html import Html, join, tag
from adapters.playground.icons import icon
from adapters.playground.time_format import Reader, moment
from bot.i18n import gettext as _
from bot.ui import Action, Attachment, Button, Divider, Facts, Link, Message, Note, Part, Quote, Select, Text
from bot.ui.markup import Block, Break, ChannelName, Inline, Mention, Moment, TextRun, parse

SAFE = ("http://", "https://", "mailto:")


@dataclass(frozen=True)
class Pen:
    """Renders messages for one reader. By id, `channels` has addresses, and `names` has people and channels."""

    reader: Reader
    channels: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def message(self, message: Message, name: str, file: str = "") -> Html:
        """Render a card. `name` is the id of the element around it, and `file` the address of its attachment."""
        title = tag("h2", message.title, class_="title", id=f"{name}-title") if message.title else None
        body = join(self.part(p) for p in message.parts)
        actions = join(action(a, f"{name}-{i}") for i, a in enumerate(message.actions))
        return tag(
            "div",
            title,
            body,
            attachment(message.attachment, file) if message.attachment else None,
            tag("div", actions, class_="actions") if actions else None,
            class_="card",
        )

    def part(self, part: Part) -> Html:
        match part:
            case Text(body):
                return tag("div", self.text(body), class_="text")
            case Note(body):
                return tag("div", self.text(body), class_="note")
            case Quote(body, by):
                return tag(
                    "figure",
                    tag("blockquote", tag("p", body)),
                    tag("figcaption", self.line(by)) if by else None,
                    class_="quote",
                )
            case Facts(rows):
                return tag(
                    "dl",
                    *(tag("div", tag("dt", label), tag("dd", self.line(value))) for label, value in rows),
                    class_="facts",
                )
            case Divider():
                return tag("hr")
            case _:
                assert_never(part)

    def text(self, body: str) -> Html:
        """Render CommonMark with tokens as paragraphs and lists."""
        return join(_group(list(parse(body)), self))

    def line(self, body: str) -> Html:
        """Render CommonMark with tokens on one line, without paragraphs."""
        return join((self.inlines(b) for b in parse(body)), " ")

    def inlines(self, block: Block) -> Html:
        return join(self.inline(i) for i in block.inlines)

    def inline(self, inline: Inline) -> Html:
        match inline:
            case TextRun():
                return _words(inline)
            case Mention(account, name):
                known = "mention me" if account and account == self.reader.person else "mention"
                return tag("span", f"@{self.names.get(account, name)}", class_=known)
            case Moment(at, style):
                return moment(self.reader, at, style)
            case ChannelName(id, name):
                called = f"#{self.names.get(id, name)}"
                if id in self.channels:
                    return tag("a", called, href=self.channels[id], class_="mention")
                return tag("span", called, class_="mention")
            case Break():
                return tag("br")
            case _:
                assert_never(inline)


def _words(words: TextRun) -> Html:
    drawn = join([words.text])
    if words.code:
        runs = words.text.startswith("/")
        drawn = (
            tag(
                "button",
                words.text,
                type="button",
                class_="run",
                data_fill=f"{words.text} ",
                title=_("Write this in the message box"),
            )
            if runs
            else tag("code", drawn)
        )
    if words.italic:
        drawn = tag("em", drawn)
    if words.bold:
        drawn = tag("strong", drawn)
    if words.link.startswith(SAFE):
        drawn = tag("a", drawn, href=words.link, target="_blank", rel="noopener noreferrer")
    return drawn


def _group(blocks: list[Block], pen: Pen) -> Iterator[Html]:
    """Render blocks, joining neighbouring list items into one list."""
    at = 0
    while at < len(blocks):
        block = blocks[at]
        if not block.item:
            yield tag("p", pen.inlines(block))
            at += 1
            continue
        end = at + 1
        while end < len(blocks) and blocks[end].item and bool(blocks[end].number) == bool(block.number):
            end += 1
        items = (tag("li", pen.inlines(b)) for b in blocks[at:end])
        yield tag("ol", *items, start=block.number) if block.number else tag("ul", *items)
        at = end


def action(action: Action, name: str) -> Html:
    match action:
        case Button(label, act, value, style):
            return tag("button", label, type="button", class_=f"button {style}", data_act=act, data_value=value)
        case Link(label, url):
            if not url.startswith(SAFE):
                return tag("span", label, class_="button plain")
            return tag(
                "a",
                label,
                icon("out"),
                tag("span", _("(opens a new tab)"), class_="unseen"),
                class_="button plain",
                href=url,
                target="_blank",
                rel="noopener noreferrer",
            )
        case Select(label, act, choices, value):
            items = (
                tag("li", text, role="menuitem", tabindex="-1", data_act=act, data_value=value, data_chosen=chosen)
                for chosen, text in choices
            )
            return menu(name, label, *items)
        case _:
            assert_never(action)


def menu(name: str, label: str, *items: Html) -> Html:
    """Render a button that opens a menu. The page's script handles its keys."""
    return tag(
        "span",
        tag(
            "button",
            label,
            icon("down"),
            type="button",
            class_="button plain",
            id=f"{name}-opens",
            aria_haspopup="menu",
            aria_expanded="false",
            aria_controls=f"{name}-menu",
        ),
        tag("ul", *items, role="menu", id=f"{name}-menu", aria_labelledby=f"{name}-opens", hidden=True),
        class_="menu",
    )


def attachment(attachment: Attachment, file: str) -> Html:
    size = _("{kilobytes} KB").format(kilobytes=max(1, round(len(attachment.body.encode()) / 1024)))
    return tag(
        "a",
        icon("file"),
        tag("span", attachment.name, class_="name"),
        tag("span", size, class_="size"),
        tag("span", _("Download"), class_="get"),
        class_="file",
        href=file,
        download=attachment.name,
    )
