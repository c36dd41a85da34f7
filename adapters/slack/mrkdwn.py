"""Writes text in mrkdwn, Slack's markup, for the few places that don't take rich text.

Slack has no way to escape a star or an underscore. Where one that a person typed could start a format, it is replaced
by a character that looks like it. Rich text (adapters.slack.rich_text) needs none of this.
"""

import re
from collections.abc import Iterator
from typing import assert_never

from bot.ui import Chart, Divider, Facts, Message, Note, Picture, Quote, Table, Text, figure_text, markup
from bot.ui.markup import Break, ChannelName, Inline, Mention, Moment, TextRun

TWINS = {"*": "∗", "_": "＿", "~": "∼", "`": "ˋ", ":": "꞉", ">": "›"}
# Slack reads * _ ~ as marks only next to a space or punctuation, so the inside of snake_case can stay.
FORMATS = re.compile(r"[*~`]|(?<![^\W_])_+|_+(?![^\W_])")
EMOJI = re.compile(r":(?=[\w+'-]+:)")
QUOTES = re.compile(r"^\s*>+", re.MULTILINE)
USER = re.compile(r"[UW][A-Z0-9]+")
ROOM = re.compile(r"[CDG][A-Z0-9]+")
DATES = {
    "full": "{date_long_pretty}, {time}",
    "day": "{date_long_pretty}",
    "time": "{time}",
    # Slack's {ago} can't express a moment in the future.
    "relative": "{date_short_pretty}, {time}",
}


def user_of(account: str) -> str:
    """Return Slack's own id of a person, "" if the account isn't one of Slack's."""
    id = account.partition("-")[2]
    return id if USER.fullmatch(id) else ""


def twins(found: re.Match[str]) -> str:
    return "".join(TWINS.get(c, c) for c in found[0])


def inert(typed: str) -> str:
    """Replace every character that Slack would read as a format, an emoji, or a quote."""
    return EMOJI.sub(twins, QUOTES.sub(twins, FORMATS.sub(twins, typed)))


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def line(body: str, most: int) -> str:
    """Convert CommonMark with tokens to at most `most` characters of mrkdwn."""
    return fit((piece for block in _between(body) for piece in block), most)


def fit(pieces: Iterator[str], most: int) -> str:
    """Join as many whole pieces as fit in `most` characters, and "…" if any is left out.

    A piece is never cut, since half an entity or half a link would show as garbage.
    """
    out: list[str] = []
    room = most - 1
    for piece in pieces:
        if len(piece) > room:
            return "".join([*out, "…"])
        out.append(piece)
        room -= len(piece)
    return "".join(out)


def fallback(message: Message, most: int) -> str:
    """Write the whole message as plain text, for notifications and screen readers."""
    lines = [message.title]
    for part in message.parts:
        match part:
            case Text(body) | Note(body):
                lines.append(markup.plain(body))
            case Quote(body, by):
                lines.append(f"{markup.plain(by)}: {body}" if by else body)
            case Facts(rows):
                lines += [f"{label}: {markup.plain(value)}" for label, value in rows]
            case Table() | Chart():
                lines += figure_text.spoken(part)
            case Picture(_, alt):
                lines.append(alt)
            case Divider():
                pass
            case _:
                assert_never(part)
    lines += [message.attachment.name] if message.attachment else []
    words = "\n".join(s for s in lines if s) or ", ".join(a.label for a in message.actions) or "…"
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
            case TextRun():
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


def _words(words: TextRun) -> Iterator[str]:
    text = inert(words.text)
    if words.link:
        # Inside <…>, Slack ends the address at | or >, and shows the rest as the name.
        url = words.link.replace("|", "%7C").replace("<", "%3C").replace(">", "%3E").replace("&", "&amp;")
        yield _styled(f"<{url}|{escape(text).replace('|', '¦')}>", words)
    elif words.bold or words.italic or words.code:
        yield _styled(escape(text), words)
    else:
        yield from map(escape, text)


def _styled(text: str, words: TextRun) -> str:
    for on, mark in ((words.code, "`"), (words.italic, "_"), (words.bold, "*")):
        text = f"{mark}{text}{mark}" if on and text.strip() else text
    return text
