"""Renders a message of the bot as a card."""

from typing import assert_never

from adapters.html.parts import SAFE, PartPen, styled
from adapters.html.writer import Html, join, tag
from adapters.playground.icons import icon
from bot.i18n import gettext as _
from bot.ui import Action, Attachment, Button, Link, Message, Select
from bot.ui.markup import TextRun


class Pen(PartPen):
    """Renders messages for one reader, with commands and actions that work."""

    def message(self, message: Message, name: str, file: str = "") -> Html:
        """Render a card. `name` is the id of the element around it, and `file` the address of its attachment."""
        title = tag("h2", message.title, class_="title", id=f"{name}-title") if message.title else None
        body = join(self.part(p, f"{name}-part-{i}") for i, p in enumerate(message.parts))
        actions = join(action(a, f"{name}-{i}") for i, a in enumerate(message.actions))
        return tag(
            "div",
            title,
            body,
            attachment(message.attachment, file) if message.attachment else None,
            tag("div", actions, class_="actions") if actions else None,
            class_="card",
        )

    def words(self, words: TextRun) -> Html:
        """Make a command that is written out a button, which the page's script puts into the message box."""
        if not (words.code and words.text.startswith("/")):
            return super().words(words)
        run = tag(
            "button",
            words.text,
            type="button",
            class_="run",
            data_fill=f"{words.text} ",
            title=_("Write this in the message box"),
        )
        return styled(run, words)


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
