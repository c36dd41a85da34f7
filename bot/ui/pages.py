"""Pages: what a feature shows in a browser, in the same parts as a message. Nothing on a page can be pressed."""

from dataclasses import dataclass

from bot.ui.limits import MAX_HEADING, limit
from bot.ui.messages import Part


@dataclass(frozen=True)
class Section:
    """Parts under a heading, which is plain text."""

    title: str
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        limit("Heading", len(self.title), MAX_HEADING)


@dataclass(frozen=True)
class Page:
    """A page. `title` is plain text; `about` is CommonMark with tokens, and says what the page is about."""

    title: str
    sections: tuple[Section, ...]
    about: str = ""

    def __post_init__(self) -> None:
        limit("Page title", len(self.title), MAX_HEADING)
