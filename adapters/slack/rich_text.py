"""Writes text as Slack's rich text, where every character stands for itself.

Nothing in it is read as markup: `*stars*`, `:emoji:`, `@here`, and `<!channel>` that a person typed stay text.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, assert_never

from adapters.slack.mrkdwn import DATES, ROOM, user_of
from bot.ui import Chart, Table, figure_text
from bot.ui.markup import Block, Break, ChannelName, Inline, Mention, Moment, TextRun, parse

Element = dict[str, Any]


def text(body: str) -> list[Element]:
    """Convert CommonMark with tokens to one rich text block, or to none if it is empty."""
    elements = []
    for kind, group in groupby(parse(body), key=_block_type):
        blocks = list(group)
        if kind == "paragraph":
            elements.append(section(_paragraphs(blocks)))
        else:
            listed = {"type": "rich_text_list", "style": kind, "elements": [_item(b) for b in blocks]}
            elements.append(listed | ({"offset": blocks[0].number - 1} if blocks[0].number > 1 else {}))
    return [block(elements)] if elements else []


def quote(body: str, by: str) -> list[Element]:
    """Quote what a person typed, character by character, and below it who said it."""
    elements: list[Element] = []
    if body.strip():
        elements.append({"type": "rich_text_quote", "elements": [words(body)]})
    if by:
        inlines = [i for b in parse(by) for i in b.inlines]
        elements.append(section([words("— "), *map(_inline, inlines)]))
    return [block(elements)] if elements else []


def figure(figure: Table | Chart) -> list[Element]:
    """Draw a table or chart in letters of one width, below its title and what it says; nothing if it is empty.

    Slack has a block for tables, but refuses a message with two of them.
    """
    title, finding = figure_text.head(figure)
    above = [words(title, bold=True)] if title else []
    above += [words(f"\n{finding}" if title else finding)] if finding else []
    elements = [section(above)] if above else []
    if drawn := figure_text.lines(figure):
        elements.append({"type": "rich_text_preformatted", "elements": [words("\n".join(drawn))]})
    return [block(elements)] if elements else []


def verbatim(body: str) -> Element:
    """Show a piece of a file with its spaces and line breaks."""
    return block([{"type": "rich_text_preformatted", "elements": [words(body)]}])


def block(elements: list[Element]) -> Element:
    return {"type": "rich_text", "elements": elements}


def section(elements: Iterable[Element]) -> Element:
    return {"type": "rich_text_section", "elements": list(elements)}


def words(text: str, **style: bool) -> Element:
    on = {name: True for name, is_on in style.items() if is_on}
    return {"type": "text", "text": text, **({"style": on} if on else {})}


def _block_type(block: Block) -> str:
    return "paragraph" if not block.item else "ordered" if block.number else "bullet"


def _paragraphs(blocks: list[Block]) -> Iterator[Element]:
    for number, paragraph in enumerate(blocks):
        if number:
            yield words("\n\n")
        yield from map(_inline, paragraph.inlines)


def _item(block: Block) -> Element:
    return section([_inline(i) for i in block.inlines] or [words(" ")])


def _inline(inline: Inline) -> Element:
    match inline:
        case TextRun(text, bold, italic, code, link):
            written = words(text, bold=bold, italic=italic, code=code)
            return written | {"type": "link", "url": link} if link else written
        case Mention(account, name):
            id = user_of(account)
            return {"type": "user", "user_id": id} if id else words(name or "?")
        case Moment(at, style, otherwise):
            date = {"type": "date", "timestamp": int(at.timestamp()), "format": DATES[style]}
            return date | {"fallback": otherwise}
        case ChannelName(id, name):
            return {"type": "channel", "channel_id": id} if ROOM.fullmatch(id) else words(f"#{name}")
        case Break():
            return words("\n")
        case _:
            assert_never(inline)
