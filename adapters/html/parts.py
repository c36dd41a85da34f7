"""Draws the parts of a message or page as HTML."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from adapters.html import figures
from adapters.html.time_format import Reader, moment
from adapters.html.writer import Html, join, tag
from bot.ui import Chart, Divider, Facts, Note, Part, Picture, Quote, Table, Text
from bot.ui.markup import Block, Break, ChannelName, Inline, Mention, Moment, TextRun, parse

SAFE = ("http://", "https://", "mailto:")


@dataclass(frozen=True)
class PartPen:
    """Draws parts for one reader. By id, `channels` has addresses, and `names` has people and channels."""

    reader: Reader
    channels: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def part(self, part: Part, name: str) -> Html:
        """Draw a part. `name` is an id that no other part of the page has."""
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
            case Table():
                return figures.table(part)
            case Chart():
                return figures.chart(part, name)
            case Picture():
                return figures.picture(part)
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
                return self.words(inline)
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

    def words(self, words: TextRun) -> Html:
        return styled(tag("code", words.text) if words.code else join([words.text]), words)


def styled(drawn: Html, words: TextRun) -> Html:
    """Draw bold, italic, and a link around words that are drawn already."""
    if words.italic:
        drawn = tag("em", drawn)
    if words.bold:
        drawn = tag("strong", drawn)
    if words.link.startswith(SAFE):
        drawn = tag("a", drawn, href=words.link, target="_blank", rel="noopener noreferrer")
    return drawn


def _group(blocks: list[Block], pen: PartPen) -> Iterator[Html]:
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
