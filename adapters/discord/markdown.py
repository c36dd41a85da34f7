"""Discord markdown: what the bot says, and what people typed, escaped so that it shows exactly as they typed it."""

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from bot.ui.markup import Block, Break, ChannelName, Inline, Mention, Moment, TextRun, parse

# Discord shows a mark after a backslash literally. Escaping what could open something is enough: styles, spoilers,
# code, quotes, masked links, mentions, timestamps, custom emoji.
OPENERS = re.compile(r"[\\*_~|`<>\[]")
# Headings, small print, lists.
LINE_STARTS = re.compile(r"^([ \t]*)(#(?=#{0,2}\s)|[-+](?=[\s#])|\d{1,9}(?=\.\s))", re.M)
EMOJI = re.compile(r":(?=[^\s:]+:)")  # :tada:
EVERYONE = re.compile(r"@(?=everyone|here)")
ADDRESS = re.compile(r"https?://[^\s<>\x00-\x1f]+", re.I)
# At the end of an address, these more likely belong to the sentence.
AFTER_ADDRESS = ".,:;!?\"'*_~|`]"

STYLES = {"full": "F", "day": "D", "time": "t", "relative": "R"}


def escape(typed: str) -> str:
    """Escape what a person typed. Web addresses stay clickable, without a preview; everything else is literal."""
    pieces, at = [], 0
    for found in ADDRESS.finditer(typed):
        address = _trim(found[0])
        pieces += [_literal(typed[at : found.start()]), f"<{address}>" if address else ""]
        at = found.start() + len(address)
    return LINE_STARTS.sub(_line_start, "".join([*pieces, _literal(typed[at:])]))


def label(typed: str) -> str:
    """Escape the text of a link, which can't contain another link."""
    return _literal(typed).replace("://", "\\://").replace("]", "\\]")


def _literal(typed: str) -> str:
    return EVERYONE.sub(r"\@", EMOJI.sub(r"\:", OPENERS.sub(r"\\\g<0>", typed)))


def _line_start(found: re.Match[str]) -> str:
    space, mark = found.groups()
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


def _trim(address: str) -> str:
    while address[-1] in AFTER_ADDRESS or (address[-1] == ")" and "(" not in address):
        address = address[:-1]
    return "" if address.endswith("/") and address.count("/") == 2 else address


def blocks(body: str) -> str:
    """Convert CommonMark with tokens to Discord markdown, with an empty line between paragraphs but not list items."""
    drawn, before = "", None
    for block in parse(body):
        if before is not None:
            drawn += "\n" if block.item else "\n\n"
        drawn += _block(block)
        before = block
    return drawn


def line(body: str) -> str:
    """Convert CommonMark with tokens to one line, for a short value."""
    return " ".join(_inlines(block.inlines) for block in parse(body)).replace("\n", " ")


def _block(block: Block) -> str:
    text = _inlines(block.inlines)
    if not block.item:
        return text
    mark = f"{block.number}. " if block.number else "- "
    return mark + text.replace("\n", "\n  ")


def _inlines(inlines: Iterable[Inline]) -> str:
    return "".join(_styled(inlines))


def _styled(inlines: Iterable[Inline]) -> Iterator[str]:
    """Open and close bold and italic only where they change, with different marks, so that no marks touch."""
    bold = italic = False
    for inline in inlines:
        if isinstance(inline, TextRun):
            if italic and (not inline.italic or inline.bold != bold):
                yield "_"
                italic = False
            if inline.bold != bold:
                yield "**"
                bold = inline.bold
            if inline.italic and not italic:
                yield "_"
                italic = True
        yield _inline(inline)
    yield "_" * italic + "**" * bold


def _inline(inline: Inline) -> str:
    match inline:
        case TextRun(text, code=True) if "`" not in text:
            return f"`{text}`"
        case TextRun(text, link=link) if link.startswith(("http://", "https://")):
            target = link.replace("(", "%28").replace(")", "%29").replace("\\", "%5C")
            return f"<{target}>" if text == link else f"[{label(text)}](<{target}>)"
        case TextRun(text):
            return escape(text)
        case Mention(account, name):
            return f"<@{account}>" if account else escape(name)
        case Moment(at, style):
            return f"<t:{int(at.timestamp())}:{STYLES[style]}>"
        case ChannelName(id):
            return f"<#{id}>"
        case Break():
            return "\n"
        case _:
            assert_never(inline)
