"""Writes words in Slack's own markup, for the few places that take nothing better.

Slack has no way to escape a star or an underscore, so where what a person typed could start a format, the
character is shown as its near twin. Rich text (adapters.slack.rich_text) needs none of this.
"""

import re
from collections.abc import Iterator
from typing import assert_never

from bot.ui import Divider, Facts, Message, Note, Quote, Text, markup
from bot.ui.markup import Break, ChannelName, Inline, Mention, Moment, Words

TWINS = {"*": "∗", "_": "＿", "~": "∼", "`": "ˋ", ":": "꞉", ">": "›"}
# Slack reads * _ ~ as marks only beside a space or punctuation: the inside of snake_case may stay.
FORMATS = re.compile(r"[*~`]|(?<![^\W_])_+|_+(?![^\W_])")
EMOJI = re.compile(r":(?=[\w+'-]+:)")
QUOTES = re.compile(r"^\s*>+", re.MULTILINE)
USER = re.compile(r"[UW][A-Z0-9]+")
ROOM = re.compile(r"[CDG][A-Z0-9]+")
DATES = {
    "full": "{date_long_pretty}, {time}",
    "day": "{date_long_pretty}",
    "time": "{time}",
    "relative": "{date_short_pretty}, {time}",  # Slack's {ago} says nothing of the future
}


def user_of(account: str) -> str:
    """Slack's own id of a person; "" where the account is not one of Slack's."""
    id = account.partition("-")[2]
    return id if USER.fullmatch(id) else ""


def twins(found: re.Match[str]) -> str:
    return "".join(TWINS.get(c, c) for c in found[0])


def inert(typed: str) -> str:
    """`typed` with nothing left in it that Slack would take for a format, an emoji or a quotation."""
    return EMOJI.sub(twins, QUOTES.sub(twins, FORMATS.sub(twins, typed)))


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def line(body: str, most: int) -> str:
    """CommonMark and tokens as at most `most` characters of Slack's markup."""
    return fit((piece for block in _between(body) for piece in block), most)


def fit(pieces: Iterator[str], most: int) -> str:
    """As many whole pieces as fit, and "…" where one was left out: never half an entity or half a link."""
    out: list[str] = []
    room = most - 1
    for piece in pieces:
        if len(piece) > room:
            return "".join([*out, "…"])
        out.append(piece)
        room -= len(piece)
    return "".join(out)


def fallback(message: Message, most: int) -> str:
    """The whole card as plain words, for notifications and screen readers."""
    said = [message.title]
    for part in message.parts:
        match part:
            case Text(body) | Note(body):
                said.append(markup.plain(body))
            case Quote(body, by):
                said.append(f"{markup.plain(by)}: {body}" if by else body)
            case Facts(rows):
                said += [f"{label}: {markup.plain(value)}" for label, value in rows]
            case Divider():
                pass
            case _:
                assert_never(part)
    said += [message.attachment.name] if message.attachment else []
    words = "\n".join(s for s in said if s) or ", ".join(a.label for a in message.actions) or "…"
    return fit((escape(c) for c in inert(words)), most)


def _between(body: str) -> Iterator[Iterator[str]]:
    for number, block in enumerate(markup.parse(body)):
        before = "\n" if number else ""
        if block.item:
            before += f"{block.number}. " if block.number else "• "
        yield _inlines(before, block.inlines)


def _inlines(before: str, inlines: tuple[Inline, ...]) -> Iterator[str]:
    yield before
    for inline in inlines:
        match inline:
            case Words():
                yield from _words(inline)
            case Mention(account, name):
                id = user_of(account)
                yield f"<@{id}>" if id else escape(inert(name))
            case Moment(at, style, otherwise):
                yield f"<!date^{int(at.timestamp())}^{DATES[style]}|{escape(otherwise).replace('|', ' ')}>"
            case ChannelName(id, name):
                yield f"<#{id}>" if ROOM.fullmatch(id) else escape(inert(f"#{name}"))
            case Break():
                yield "\n"
            case _:
                assert_never(inline)


def _words(words: Words) -> Iterator[str]:
    text = inert(words.text)
    if words.link:
        # Inside <…> Slack stops the address at | and >, and shows the rest as the name.
        url = words.link.replace("|", "%7C").replace("<", "%3C").replace(">", "%3E").replace("&", "&amp;")
        yield _styled(f"<{url}|{escape(text).replace('|', '¦')}>", words)
    elif words.bold or words.italic or words.code:
        yield _styled(escape(text), words)
    else:
        yield from map(escape, text)


def _styled(text: str, words: Words) -> str:
    for on, mark in ((words.code, "`"), (words.italic, "_"), (words.bold, "*")):
        text = f"{mark}{text}{mark}" if on and text.strip() else text
    return text
