"""Parses the documentation's pages: their text, code, links, and headings."""

import re
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

DOCS = Path("docs")
ROOT_PAGES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
PAGES = (*map(Path, ROOT_PAGES), *sorted(DOCS.rglob("*.md")))
PARSER = MarkdownIt("commonmark").enable("table")


def tokens(page: Path) -> Iterator[Token]:
    for token in PARSER.parse(page.read_text(encoding="utf-8")):
        yield token
        yield from token.children or ()


def code(page: Path) -> Iterator[str]:
    """Yield what is in code: each span, and each line of a block."""
    for token in tokens(page):
        if token.type == "code_inline":
            yield token.content
        elif token.type == "fence":
            yield from token.content.splitlines()


def targets(page: Path) -> Iterator[str]:
    """Yield the targets of links and images."""
    for token in tokens(page):
        if token.type in ("link_open", "image"):
            yield str(token.attrs.get("href") or token.attrs["src"])


def anchors(page: Path) -> set[str]:
    """Return a page's headings as links name them: "Who sees which commands" is "who-sees-which-commands"."""
    found, heading = set(), False
    for token in tokens(page):
        if token.type == "inline" and heading:
            found.add(re.sub(r"[^\w\- ]", "", token.content.lower()).replace(" ", "-"))
        heading = token.type == "heading_open"
    return found
