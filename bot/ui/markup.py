"""The markup of messages: functions that write it, and a parser that renderers use.

A message's text is CommonMark written by the bot. What a person typed never becomes markup: bodies go in a Quote, and
short values (a name, a title) pass through `esc`. Values that each platform shows its own way are tokens, links with a
scheme of ours:

    mention(7, "Ben")      a member; a native mention where they have an account, else their name
    moment(at)             a time, in the reader's own time zone where the platform knows it
    channel("C1", "room")  a channel of the place the message goes to
    command("share")       a command line, with this installation's root word
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
UNSEEN = re.compile(r"\\(?=[!-/:-@\[-`{-~])|(?<=\])\((?:person|account|at|channel|command):[^()]*\)")
SPACES = re.compile(r"\s+")
# Control characters, halves of surrogate pairs, and characters that reorder or hide text: bidirectional controls,
# zero-width spaces, and the byte order mark. The zero-width joiner and non-joiner are allowed, because emoji and
# several scripts need them.
UNWANTED = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]+"
)

Style = Literal["full", "day", "time", "relative"]


def clean(typed: str) -> str:
    """Return what a person typed without control characters, invisible reordering marks, and space at the ends."""
    # A fast path, for nearly everything that is typed.
    if typed.isascii() and typed.isprintable():
        return typed.strip()
    return UNWANTED.sub("", typed.replace("\r\n", "\n").replace("\r", "\n")).strip()


def esc(typed: str) -> str:
    """Escape what a person typed: CommonMark that shows exactly that, on one line."""
    return PUNCTUATION.sub(r"\\\1", SPACES.sub(" ", clean(typed)))


def cut(typed: str, most: int) -> str:
    """Shorten to at most `most` characters, ending in an ellipsis if something was left out."""
    return typed if len(typed) <= most else typed[: most - 1].rstrip() + "…"


def length(body: str) -> int:
    """Return roughly how many characters of `body` people see: without backslashes and the targets of tokens."""
    return len(UNSEEN.sub("", body))


def as_many(lines: Sequence[str], room: int) -> list[str]:
    """Return as many of the first `lines` as fit into `room` visible characters."""
    fitting = []
    for line in lines:
        room -= length(line) + 1
        if room < 0:
            break
        fitting.append(line)
    return fitting


def mention(person: int, name: str) -> str:
    return f"[{esc(name) or '?'}](person:{person})"


def moment(at: datetime, style: Style = "full") -> str:
    """Return the token for the aware datetime `at`."""
    return f"[{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC](at:{int(at.timestamp())}:{style})"


def channel(id: str, name: str) -> str:
    return f"[{esc(name) or '?'}](channel:{id})"


def command(line: str, root: str = "member") -> str:
    """Return the token for `line`, which follows the root word. `root` is "member", "facilitator" or "admin"."""
    return f"[`{line}`](command:{root})"


@dataclass(frozen=True)
class TextRun:
    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str = ""  # http, https or mailto


@dataclass(frozen=True)
class Mention:
    """A person. `account` is their PlatformUser.id on the message's platform, or "" if they have none there."""

    account: str
    name: str


@dataclass(frozen=True)
class Moment:
    """A time. `fallback` shows it in UTC, where a platform can't show it in the reader's time zone."""

    at: datetime
    style: Style
    fallback: str


@dataclass(frozen=True)
class ChannelName:
    id: str
    name: str


@dataclass(frozen=True)
class Break:
    """A new line inside a paragraph."""


Inline = TextRun | Mention | Moment | ChannelName | Break


@dataclass(frozen=True)
class Block:
    """A paragraph, or one item of a list. `number` is the item's in a numbered list, else 0."""

    inlines: tuple[Inline, ...]
    item: bool = False
    number: int = 0


@lru_cache
def _parser() -> MarkdownIt:
    return MarkdownIt("zero", {"html": False}).enable(
        ["emphasis", "link", "backticks", "escape", "newline", "list", "text_join"]
    )


# Cached, because rendering parses a message more than once, and the bot repeats many of its texts.
@lru_cache(maxsize=512)
def parse(body: str) -> tuple[Block, ...]:
    """Return the paragraphs and list items of `body`, in order."""
    blocks: list[Block] = []
    # For each open list: its next number, or 0 for bullets.
    numbers: list[int] = []
    in_item = False
    for token in _parser().parse(body):
        match token.type:
            case "bullet_list_open":
                numbers.append(0)
            case "ordered_list_open":
                numbers.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                numbers.pop()
            case "list_item_open":
                in_item = True
            case "inline":
                number = numbers[-1] if in_item and numbers else 0
                blocks.append(Block(tuple(_inlines(token.children or [])), in_item, number))
                if in_item and number:
                    numbers[-1] += 1
                in_item = False
    return tuple(blocks)


def _inlines(tokens: list[Token]) -> Iterator[Inline]:
    bold = italic = False
    link = ""
    # The label of the token that is being read.
    label = ""
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                bold = token.nesting == 1
            case "em_open" | "em_close":
                italic = token.nesting == 1
            case "link_open":
                link, label = str(token.attrs["href"]), ""
            case "link_close":
                if live := _live(link, label):
                    yield live
                link = ""
            case "softbreak" | "hardbreak":
                yield Break()
            case "text" | "code_inline" | "text_special" if token.content:
                if link and not link.startswith(("http://", "https://", "mailto:")):
                    label += token.content
                else:
                    yield TextRun(token.content, bold, italic, token.type == "code_inline", link)


def _live(link: str, label: str) -> Inline | None:
    scheme, _, rest = link.partition(":")
    match scheme:
        case "account" | "person":
            return Mention(rest if scheme == "account" else "", label)
        case "channel":
            return ChannelName(rest, label)
        case "at":
            seconds, _, style = rest.partition(":")
            return Moment(datetime.fromtimestamp(int(seconds), UTC), style, label)  # type: ignore[arg-type]
    return None


def plain(body: str) -> str:
    """Return the text without any markup, for notifications and search."""
    lines = []
    for block in parse(body):
        text = "".join(_bare(i) for i in block.inlines)
        lines.append(f"- {text}" if block.item else text)
    return "\n".join(lines)


def _bare(inline: Inline) -> str:
    match inline:
        case TextRun(text):
            return text
        case Mention(_, name):
            return name
        case Moment(_, _, fallback):
            return fallback
        case ChannelName(_, name):
            return f"#{name}"
        case Break():
            return "\n"
